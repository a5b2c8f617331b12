package dev.cdp.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

class LoopbackPortsTest {
    private final List<ServerSocket> others = new ArrayList<>();

    @AfterEach
    void closeOthers() throws IOException {
        for (ServerSocket other : others) {
            other.close();
        }
    }

    @Test
    void noPortIsHeldTwiceByTwoJvms() {
        assertNoPortIsHeldTwice(1, 500);
    }

    @Test
    @Tag("campaign")
    void noPortIsHeldTwiceByFourJvms() {
        assertNoPortIsHeldTwice(3, 2_000);
    }

    private static void assertNoPortIsHeldTwice(int children, int each) {
        List<ChildJvm> jvms = Stream.generate(() -> ChildJvm.of(Holder.class).start(String.valueOf(each)))
                .limit(children)
                .toList();
        try {
            List<Integer> ports = new ArrayList<>(hold(each));
            for (ChildJvm jvm : jvms) {
                ports.addAll(portsOf(jvm));
            }
            assertThat(ports).hasSize((children + 1) * each).doesNotHaveDuplicates();
        } finally {
            jvms.forEach(ChildJvm::close);
        }
    }

    @Test
    void aBrokerInThisJvmStartsOnOtherPortsWhereOneIsTaken() {
        try (EmbeddedKafka kafka = startOnTakenPorts(EmbeddedKafka.builder())) {
            kafka.createTopic("ports", 1);
        }
    }

    @Test
    @Tag("campaign")
    void aBrokerInAChildProcessStartsOnOtherPortsWhereOneIsTaken() {
        try (EmbeddedKafka kafka = startOnTakenPorts(EmbeddedKafka.builder().childProcess())) {
            kafka.createTopic("ports", 1);
        }
    }

    @Test
    void aClickHouseStartsOnAnotherPortWhereItsIsTaken() {
        ClickHouseEngine engine = EngineOrSkip.orSkip(() -> new EngineLocator(System.getenv(), line -> {}).locate());
        assumeThat(engine).isInstanceOf(ClickHouseEngine.Startable.class);
        ClickHouseEngine.Startable startable = (ClickHouseEngine.Startable) engine;
        try (EmbeddedClickHouse clickHouse =
                LoopbackPorts.start(this::firstTaken, ports -> EmbeddedClickHouse.start(startable, ports))) {
            assertThat(others).as("ports that were taken").hasSize(1);
            assertThat(clickHouse.query("SELECT 1")).isEqualTo("1\n");
        }
    }

    @Test
    void aFailureThatHasNothingToDoWithPortsIsThrownAtOnce() {
        List<String> attempts = new ArrayList<>();

        assertThatThrownBy(() -> LoopbackPorts.start(ports -> {
                    attempts.add("port " + ports.hold());
                    throw new IllegalStateException("no memory");
                }))
                .hasMessage("no memory");
        assertThat(attempts).hasSize(1);
    }

    @Test
    void aTakenPortIsKnownByTheFailureAfterItIsFreeAgain() {
        List<String> attempts = new ArrayList<>();

        String started = LoopbackPorts.start(ports -> {
            attempts.add("port " + ports.hold());
            if (attempts.size() == 1) {
                throw new IllegalStateException("the broker ended while starting: ... Address already in use ...");
            }
            return "started";
        });

        assertThat(started).isEqualTo("started");
        assertThat(attempts).hasSize(2);
    }

    private EmbeddedKafka startOnTakenPorts(EmbeddedKafka.Builder builder) {
        EmbeddedKafka kafka = LoopbackPorts.start(this::firstTaken, builder::start);
        assertThat(others).as("ports that were taken").isNotEmpty();
        return kafka;
    }

    private LoopbackPorts firstTaken() {
        return others.isEmpty() ? new TakenPorts() : new LoopbackPorts();
    }

    private static List<Integer> portsOf(ChildJvm jvm) {
        String line = jvm.awaitOutput("ports ");
        return Stream.of(line.substring("ports ".length()).split(",", -1))
                .map(Integer::valueOf)
                .toList();
    }

    private static List<Integer> hold(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new LoopbackPorts().hold())
                .toList();
    }

    /** Ports that another program takes before the server does. */
    private final class TakenPorts extends LoopbackPorts {
        @Override
        int hold() {
            int port = super.hold();
            try {
                ServerSocket other = new ServerSocket();
                others.add(other);
                other.bind(new InetSocketAddress(LoopbackPorts.address(), port));
                return port;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Holds ports until it is killed. */
    static final class Holder {
        public static void main(String[] args) throws InterruptedException {
            System.out.println("ports "
                    + String.join(
                            ",",
                            hold(Integer.parseInt(args[0])).stream()
                                    .map(String::valueOf)
                                    .toList()));
            Thread.currentThread().join();
        }
    }
}
