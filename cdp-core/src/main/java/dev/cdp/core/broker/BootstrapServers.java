package dev.cdp.core.broker;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The addresses in Kafka's {@code bootstrap.servers}. Waits long for a broker that is slow to answer, and not for one
 * that is not there: Kafka's clients take both for silence. Immutable.
 */
public final class BootstrapServers {

    /** How long the first answer of a broker is waited for, unless it is said otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration REFUSED_FOR = Duration.ofSeconds(3);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Pattern ADDRESS = Pattern.compile("(?:[a-zA-Z0-9_]+://)?\\[?([^/\\]]*?)]?:(\\d{1,5})");

    private final String text;
    private final List<InetSocketAddress> addresses;

    private BootstrapServers(String text, List<InetSocketAddress> addresses) {
        this.text = text;
        this.addresses = List.copyOf(addresses);
    }

    /** Reads the property's value: a text with commas, or a list. What is no address is left to Kafka to refuse. */
    public static BootstrapServers of(@Nullable Object property) {
        String text = property instanceof Iterable<?> list ? join(list) : String.valueOf(property);
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            Matcher found = ADDRESS.matcher(one.strip());
            if (found.matches() && Integer.parseInt(found.group(2)) <= 65_535) {
                addresses.add(InetSocketAddress.createUnresolved(found.group(1), Integer.parseInt(found.group(2))));
            }
        }
        return new BootstrapServers(text, addresses);
    }

    private static String join(Iterable<?> list) {
        StringBuilder joined = new StringBuilder();
        list.forEach(one -> joined.append(joined.isEmpty() ? "" : ",").append(one));
        return joined.toString();
    }

    /**
     * Checks a timeout for {@link #await}.
     *
     * @throws IllegalArgumentException if it is not 100 ms to 5 min
     */
    public static Duration checkTimeout(Duration timeout) {
        if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "connectTimeout: expected " + MIN_TIMEOUT + " to " + MAX_TIMEOUT + ", found " + timeout);
        }
        return timeout;
    }

    /**
     * Waits for an answer of a broker.
     *
     * @param timeout how long one that is slow is waited for
     * @throws NoBrokerException if that time is over, or if every address has refused connections for three seconds
     * @throws ExecutionException if an answer came, and it is a refusal
     */
    public <T> T await(Future<T> answer, Duration timeout)
            throws InterruptedException, ExecutionException, NoBrokerException {
        long began = System.nanoTime();
        long acceptedAt = began;
        while (true) {
            long left = timeout.toNanos() - (System.nanoTime() - began);
            if (left <= 0 && !answer.isDone()) {
                throw new NoBrokerException(silence(timeout));
            }
            try {
                return answer.get(Math.max(0, Math.min(left, LOOK_EVERY.toNanos())), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                acceptedAt = refused() ? acceptedAt : System.nanoTime();
                if (System.nanoTime() - acceptedAt >= REFUSED_FOR.toNanos()) {
                    throw new NoBrokerException("no Kafka broker answers at " + text
                            + ": connections are refused; check bootstrap.servers, and that the broker runs");
                }
            }
        }
    }

    /** The message for a broker that did not answer in time. */
    public String silence(Duration timeout) {
        return "no Kafka broker answers at " + text + " within " + seconds(timeout)
                + " s (connectTimeout); check bootstrap.servers, that the broker runs, and that security.protocol is"
                + " the listener's; where it is only slow, raise the timeout";
    }

    private static String seconds(Duration timeout) {
        return timeout.toMillis() % 1_000 == 0
                ? Long.toString(timeout.toSeconds())
                : Double.toString(timeout.toMillis() / 1_000.0);
    }

    /** Whether there are addresses and the host of none of them is known: DNS is not there yet, or they are wrong. */
    public boolean unresolvable() {
        return !addresses.isEmpty()
                && addresses.stream().allMatch(one -> hosts(one).isEmpty());
    }

    private boolean refused() {
        return !addresses.isEmpty() && addresses.stream().allMatch(BootstrapServers::refusedByAllHosts);
    }

    private static boolean refusedByAllHosts(InetSocketAddress address) {
        List<InetAddress> hosts = hosts(address);
        return !hosts.isEmpty()
                && hosts.stream().allMatch(host -> refused(new InetSocketAddress(host, address.getPort())));
    }

    private static List<InetAddress> hosts(InetSocketAddress address) {
        try {
            return List.of(InetAddress.getAllByName(address.getHostString()));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    /** A connection that nobody takes in time is not refused: the host may be slow, or the network. */
    private static boolean refused(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) LOOK_EVERY.toMillis());
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** As it was given, a list with commas. */
    @Override
    public String toString() {
        return text;
    }
}
