package dev.cdp.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka cluster on 127.0.0.1, in this JVM or in child processes that die with it.
 *
 * <p>One broker is a combined broker and controller; several brokers stand beside a controller of their own. Brokers
 * are numbered from 0. Data lives in a temporary directory until {@link #close()}. Any thread may call it; calls are
 * serialized.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

    private final Path directory;
    private final List<KafkaNode> nodes;
    private final List<KafkaNode> brokers;
    private final List<TcpProxy> proxies;
    private final String bootstrapServers;
    private final String directServers;
    private boolean closed;

    private EmbeddedKafka(
            Path directory,
            List<KafkaNode> nodes,
            List<KafkaNode> brokers,
            List<TcpProxy> proxies,
            String bootstrapServers,
            String directServers) {
        this.directory = directory;
        this.nodes = List.copyOf(nodes);
        this.brokers = List.copyOf(brokers);
        this.proxies = List.copyOf(proxies);
        this.bootstrapServers = bootstrapServers;
        this.directServers = directServers;
    }

    /** Starts one broker in this JVM. */
    public static EmbeddedKafka start() {
        return builder().start();
    }

    /** Starts a builder: one broker, in this JVM, without a proxy. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where clients connect: {@code host:port} of each broker, or of the proxy in front of it. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** The way around the proxies, for a test that looks at the truth while they misbehave. */
    public String directBootstrapServers() {
        return directServers;
    }

    /** What a client needs to connect: {@code bootstrap.servers}. Unmodifiable. */
    public Map<String, Object> properties() {
        return Map.of("bootstrap.servers", bootstrapServers);
    }

    /** The proxy in front of the only broker of a cluster that was built {@link Builder#proxied()}. */
    public TcpProxy proxy() {
        return proxy(0);
    }

    /** The proxy in front of one broker of a cluster that was built {@link Builder#proxied()}. */
    public TcpProxy proxy(int broker) {
        if (proxies.isEmpty()) {
            throw new IllegalStateException(
                    "no proxy stands in front: start by EmbeddedKafka.builder().proxied().start()");
        }
        return proxies.get(Objects.checkIndex(broker, proxies.size()));
    }

    /** Creates a topic with as many replicas as there are brokers, three at most. */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Creates a topic with its own settings, {@code cleanup.policy} for example; returns when it has leaders. */
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", directServers))) {
            admin.createTopics(List.of(topic)).all().get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
            Await.until(
                    "a leader of each partition of topic " + name,
                    () -> describe(admin, name),
                    found -> hasLeaders(found, partitions));
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot create topic " + name + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating topic " + name, e);
        }
    }

    /** SIGKILLs every broker that runs (child processes only). */
    public synchronized void kill() {
        brokers.stream().filter(KafkaNode::running).forEach(KafkaNode::kill);
    }

    /** SIGKILLs one broker (child processes only). */
    public synchronized void kill(int broker) {
        broker(broker).kill();
    }

    /** SIGSTOPs every broker that runs (child processes only): connections stay open and nothing answers. */
    public synchronized void pause() {
        brokers.stream().filter(KafkaNode::running).forEach(KafkaNode::pause);
    }

    /** SIGSTOPs one broker (child processes only). */
    public synchronized void pause(int broker) {
        broker(broker).pause();
    }

    /** SIGCONTs every broker that runs (child processes only). */
    public synchronized void resume() {
        brokers.stream().filter(KafkaNode::running).forEach(KafkaNode::resume);
    }

    /** SIGCONTs one broker (child processes only). */
    public synchronized void resume(int broker) {
        broker(broker).resume();
    }

    /** Stops every broker that runs, in good order, and starts them all again on their ports and data. */
    public synchronized void restart() {
        requireOpen();
        brokers.forEach(KafkaNode::stop);
        startAll(brokers);
    }

    /** Stops one broker in good order if it runs, and starts it again on its port and data. */
    public synchronized void restart(int broker) {
        requireOpen();
        broker(broker).stop();
        startAll(List.of(broker(broker)));
    }

    /** Ends all brokers and removes their data; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        proxies.forEach(TcpProxy::close);
        closeAll(nodes);
        DataDirectory.delete(directory);
    }

    private KafkaNode broker(int index) {
        return brokers.get(Objects.checkIndex(index, brokers.size()));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this EmbeddedKafka is closed");
        }
    }

    /** The topic, or why it cannot be described yet. */
    private static Object describe(Admin admin, String topic) throws InterruptedException, TimeoutException {
        try {
            TopicDescription found = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .get(topic);
            return found == null ? "no such topic" : found;
        } catch (ExecutionException e) {
            return e;
        }
    }

    private static boolean hasLeaders(Object found, int partitions) {
        return found instanceof TopicDescription topic
                && topic.partitions().size() == partitions
                && topic.partitions().stream()
                        .allMatch(p -> p.leader() != null && !p.leader().isEmpty());
    }

    private static void startAll(List<KafkaNode> nodes) {
        nodes.forEach(KafkaNode::launch);
        nodes.forEach(KafkaNode::awaitReady);
    }

    /** Brokers before the controller, so that each can still say goodbye to it. */
    private static void closeAll(List<KafkaNode> nodes) {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            try {
                nodes.get(i).close();
            } catch (RuntimeException e) {
                LOG.warn("a Kafka node did not close in good order", e);
            }
        }
    }

    /** What an {@link EmbeddedKafka} is started with. */
    public static final class Builder {
        private final Map<String, String> overrides = new HashMap<>();
        private final List<String> jvmOptions = new ArrayList<>();
        private int brokers = 1;
        private boolean childProcess;
        private boolean proxied;

        private Builder() {}

        /** The number of brokers, 1 to 5; 1 by default. */
        public Builder brokers(int count) {
            if (count < 1 || count > 5) {
                throw new IllegalArgumentException("brokers must be 1 to 5, not " + count);
            }
            brokers = count;
            return this;
        }

        /** Each node in a process of its own, so that it can be killed and paused. */
        public Builder childProcess() {
            childProcess = true;
            return this;
        }

        /** A {@link TcpProxy} in front of each broker, advertised in its place. */
        public Builder proxied() {
            proxied = true;
            return this;
        }

        /** A broker setting that goes before the fixture's own. */
        public Builder property(String name, String value) {
            overrides.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * An option of the child processes' JVMs that goes before the fixture's own, {@code -Xmx256m} and
         * {@code -XX:TieredStopAtLevel=1}: a benchmark wants {@code -XX:TieredStopAtLevel=4}.
         */
        public Builder jvmOption(String option) {
            jvmOptions.add(Objects.requireNonNull(option, "option"));
            return this;
        }

        /** Starts the cluster; returns when every broker serves. */
        public EmbeddedKafka start() {
            KafkaServer.requireMatchingClients();
            return LoopbackPorts.start(this::start);
        }

        EmbeddedKafka start(LoopbackPorts loopback) {
            Path directory = DataDirectory.create("kafka");
            KafkaNodeProperties settings = new KafkaNodeProperties(
                    Uuid.randomUuid().toString(), brokers, loopback.hold(), Map.copyOf(overrides));
            List<KafkaNode> nodes = new ArrayList<>();
            List<KafkaNode> brokerNodes = new ArrayList<>();
            List<TcpProxy> proxies = new ArrayList<>();
            List<KafkaNodeProperties.BrokerPorts> ports = new ArrayList<>();
            try {
                if (brokers > 1) {
                    Path home = home(directory, "controller");
                    nodes.add(node("Kafka controller", directory, home, settings.controller(home)));
                }
                for (int i = 0; i < brokers; i++) {
                    Path home = home(directory, "broker-" + i);
                    KafkaNodeProperties.BrokerPorts port = choosePorts(loopback, proxies);
                    ports.add(port);
                    brokerNodes.add(node(
                            "Kafka broker " + i,
                            directory,
                            home,
                            brokers == 1 ? settings.combined(home, port) : settings.broker(i, home, port)));
                }
                nodes.addAll(brokerNodes);
                startAll(nodes);
                return new EmbeddedKafka(
                        directory,
                        nodes,
                        brokerNodes,
                        proxies,
                        addresses(ports.stream()
                                .map(KafkaNodeProperties.BrokerPorts::advertised)
                                .toList()),
                        addresses(ports.stream()
                                .map(KafkaNodeProperties.BrokerPorts::direct)
                                .toList()));
            } catch (RuntimeException | Error e) {
                proxies.forEach(TcpProxy::close);
                closeAll(nodes);
                DataDirectory.delete(directory);
                throw e;
            }
        }

        private KafkaNodeProperties.BrokerPorts choosePorts(LoopbackPorts loopback, List<TcpProxy> proxies) {
            int client = loopback.hold();
            int advertised = client;
            if (proxied) {
                TcpProxy proxy = TcpProxy.to(LoopbackPorts.HOST, client);
                proxies.add(proxy);
                advertised = proxy.port();
            }
            return new KafkaNodeProperties.BrokerPorts(client, advertised, loopback.hold());
        }

        private KafkaNode node(String name, Path cluster, Path home, Properties properties) {
            return childProcess
                    ? new ChildKafkaNode(name, cluster, home, properties, List.copyOf(jvmOptions))
                    : new JvmKafkaNode(properties);
        }

        private static Path home(Path directory, String name) {
            try {
                return Files.createDirectories(directory.resolve(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String addresses(List<Integer> ports) {
            return ports.stream().map(port -> LoopbackPorts.HOST + ":" + port).collect(Collectors.joining(","));
        }
    }
}
