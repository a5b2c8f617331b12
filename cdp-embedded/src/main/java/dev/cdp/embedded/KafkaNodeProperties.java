package dev.cdp.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/** The settings of one node: few threads and partitions, short waits, loopback only. */
final class KafkaNodeProperties {
    /** Not Kafka's: carries the cluster id to whoever formats the directory. */
    static final String CLUSTER_ID = "cdp.cluster.id";

    static final String CONTROLLER = "CONTROLLER";

    private static final String CLIENT = "CLIENT";
    private static final String DIRECT = "DIRECT";

    private final String clusterId;
    private final int brokers;
    private final int controllerPort;
    private final Map<String, String> overrides;

    KafkaNodeProperties(String clusterId, int brokers, int controllerPort, Map<String, String> overrides) {
        this.clusterId = clusterId;
        this.brokers = brokers;
        this.controllerPort = controllerPort;
        this.overrides = overrides;
    }

    Properties controller(Path directory) {
        return node(0, directory, "controller", null);
    }

    Properties combined(Path directory, BrokerPorts ports) {
        return node(0, directory, "broker,controller", ports);
    }

    Properties broker(int index, Path directory, BrokerPorts ports) {
        return node(index + 1, directory, "broker", ports);
    }

    private Properties node(int id, Path directory, String roles, @Nullable BrokerPorts ports) {
        String replicas = Integer.toString(Math.min(3, brokers));
        String inSync = brokers >= 3 ? "2" : "1";
        Properties p = new Properties();
        p.setProperty(CLUSTER_ID, clusterId);
        p.setProperty("node.id", Integer.toString(id));
        p.setProperty("process.roles", roles);
        p.setProperty("log.dirs", directory.resolve("log").toString());
        p.setProperty("controller.quorum.voters", "0@" + LoopbackPorts.HOST + ":" + controllerPort);
        p.setProperty("controller.listener.names", CONTROLLER);
        p.setProperty(
                "listener.security.protocol.map",
                CONTROLLER + ":PLAINTEXT," + CLIENT + ":PLAINTEXT," + DIRECT + ":PLAINTEXT");
        List<String> listeners = new ArrayList<>();
        if (roles.contains("controller")) {
            listeners.add(listener(CONTROLLER, controllerPort));
        }
        if (ports != null) {
            listeners.add(listener(CLIENT, ports.client()));
            listeners.add(listener(DIRECT, ports.direct()));
            p.setProperty(
                    "advertised.listeners",
                    listener(CLIENT, ports.advertised()) + "," + listener(DIRECT, ports.direct()));
            p.setProperty("inter.broker.listener.name", DIRECT);
        }
        p.setProperty("listeners", String.join(",", listeners));

        p.setProperty("auto.create.topics.enable", "false");
        p.setProperty("num.partitions", "1");
        p.setProperty("default.replication.factor", replicas);
        p.setProperty("min.insync.replicas", inSync);
        p.setProperty("offsets.topic.num.partitions", "4");
        p.setProperty("offsets.topic.replication.factor", replicas);
        p.setProperty("transaction.state.log.num.partitions", "4");
        p.setProperty("transaction.state.log.replication.factor", replicas);
        p.setProperty("transaction.state.log.min.isr", inSync);
        p.setProperty("share.coordinator.state.topic.num.partitions", "4");
        p.setProperty("share.coordinator.state.topic.replication.factor", replicas);
        p.setProperty("share.coordinator.state.topic.min.isr", inSync);
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        // What a client may ask for, so that the death of a member can be seen soon; the defaults stay.
        p.setProperty("group.min.session.timeout.ms", "500");
        p.setProperty("group.consumer.min.session.timeout.ms", "500");
        p.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        p.setProperty("group.consumer.min.heartbeat.interval.ms", "100");
        p.setProperty("group.consumer.heartbeat.interval.ms", "500");
        p.setProperty("log.cleaner.dedupe.buffer.size", "1048577");
        p.setProperty("broker.session.timeout.ms", "3000");
        p.setProperty("broker.heartbeat.interval.ms", "500");
        p.setProperty("controlled.shutdown.enable", "true");
        p.setProperty("num.network.threads", "2");
        p.setProperty("num.io.threads", "4");
        p.setProperty("background.threads", "2");
        overrides.forEach(p::setProperty);
        return p;
    }

    private static String listener(String name, int port) {
        return name + "://" + LoopbackPorts.HOST + ":" + port;
    }

    /** Where clients connect, what the broker tells them to connect to, and the way past a proxy. */
    record BrokerPorts(int client, int advertised, int direct) {}
}
