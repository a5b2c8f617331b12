package dev.cdp.producer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

import dev.cdp.core.CdpException;
import dev.cdp.core.broker.BootstrapServers;
import dev.cdp.core.broker.NoBrokerException;
import dev.cdp.core.catalog.EventDefinition;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the cluster whether it is there and which topics it has. Producing to a topic that does
 * not exist would create it by accident, or wait for a minute. Thread-safe.
 */
final class Cluster {

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    /** How long an answer that refused is given again by {@link #requireTopicOften}. */
    private static final long GIVEN_AGAIN = Duration.ofSeconds(10).toNanos();

    private static final Duration CLOSE = Duration.ofSeconds(1);
    /** One who waits for publish, or has a spool, is not held up for longer. */
    private static final Duration SHORT = Duration.ofSeconds(5);

    private final Map<String, Object> settings;
    private final BootstrapServers address;
    private final Duration timeout;
    private final Need need;
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
    private final Set<String> present = ConcurrentHashMap.newKeySet();

    private Cluster(Map<String, Object> settings, BootstrapServers address, Duration timeout, Need need) {
        this.settings = settings;
        this.address = address;
        this.timeout = timeout;
        this.need = need;
    }

    /**
     * Connects to a cluster and looks which of the topics are there.
     *
     * @throws BrokerUnavailableException if no broker answers in time
     */
    static Cluster connect(
            Map<String, Object> producerSettings, Collection<String> topics, Duration timeout, Need need) {
        Map<String, Object> settings = new HashMap<>(producerSettings);
        settings.keySet().retainAll(AdminClientConfig.configNames());
        int millis = Math.toIntExact(timeout.toMillis());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, millis / 2));
        BootstrapServers address =
                BootstrapServers.of(producerSettings.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
        Cluster cluster = new Cluster(settings, address, timeout, need);
        cluster.reach(topics, need == Need.LATER ? cluster.atMost(SHORT) : timeout);
        return cluster;
    }

    /**
     * Looks for a topic of an event, unless it has been seen.
     *
     * @throws TopicMissingException if it does not exist
     * @throws BrokerUnavailableException if no broker answers in time
     */
    void requireTopic(String topic, EventDefinition event) {
        requireTopic(topic, event, need == Need.LATER ? atMost(SHORT) : timeout);
    }

    private void requireTopic(String topic, EventDefinition event, Duration within) {
        if (!present.contains(topic) && reach(Set.of(topic), within) && !present.contains(topic)) {
            throw new TopicMissingException(
                    topic,
                    "topic " + topic + " of event " + event.name() + " does not exist at " + address
                            + "; create it: kafka-topics.sh --bootstrap-server " + address + " --create --topic "
                            + topic + " --partitions " + event.partitions());
        }
    }

    /** As {@link #requireTopic}, for one who asks with every event: after a refusal the cluster is left alone for a while. */
    void requireTopicOften(String topic, EventDefinition event) {
        Refusal last = refusals.get(topic);
        if (last != null && System.nanoTime() - last.at < GIVEN_AGAIN) {
            throw last.why;
        }
        try {
            requireTopic(topic, event, atMost(SHORT));
            refusals.remove(topic);
        } catch (TopicMissingException | BrokerUnavailableException e) {
            refusals.put(topic, new Refusal(e, System.nanoTime()));
            throw e;
        }
    }

    private Duration atMost(Duration longest) {
        return timeout.compareTo(longest) < 0 ? timeout : longest;
    }

    private record Refusal(CdpException why, long at) {}

    /** Whether it could look; false only where a broker may come later. */
    private boolean reach(Collection<String> topics, Duration within) {
        try {
            look(topics, within);
            return true;
        } catch (BrokerUnavailableException e) {
            if (need == Need.NOW) {
                throw e;
            }
            LOG.warn("{}; events wait in the spool", e.getMessage());
            return false;
        }
    }

    private void look(Collection<String> topics, Duration within) {
        Admin admin = null;
        try {
            admin = Admin.create(settings);
            address.await(admin.describeCluster().clusterId(), within);
            for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
                    admin.describeTopics(topics).topicNameValues().entrySet()) {
                if (isThere(topic.getValue(), within)) {
                    present.add(topic.getKey());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailableException("interrupted while connecting to " + address, e);
        } catch (NoBrokerException e) {
            throw new BrokerUnavailableException(String.valueOf(e.getMessage()), e);
        } catch (ExecutionException | KafkaException e) {
            throw unavailable(e, within);
        } finally {
            if (admin != null) {
                admin.close(CLOSE); // else it waits for what is asked
            }
        }
    }

    /** A topic that may not be described is left to the broker's answer when an event is sent to it. */
    private boolean isThere(KafkaFuture<?> description, Duration within) {
        try {
            address.await(description, within);
            return true;
        } catch (ExecutionException e) {
            return !(e.getCause() instanceof UnknownTopicOrPartitionException)
                    && !(e.getCause() instanceof InvalidTopicException);
        } catch (NoBrokerException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private RuntimeException unavailable(Exception e, Duration within) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof AuthenticationException) {
            return new BrokerUnavailableException(
                    "the broker at " + address + " refused this client's credentials ("
                            + cause.getClass().getSimpleName()
                            + "); check security.protocol and the sasl or ssl properties",
                    cause);
        }
        if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
            return new BrokerUnavailableException(address.silence(within), cause);
        }
        if (address.unresolvable()) {
            return new BrokerUnavailableException(
                    "no host of bootstrap.servers " + address + " is known to DNS; check it, or try again when DNS is"
                            + " there",
                    cause);
        }
        return new InvalidOptionException(
                "Kafka does not take the properties for " + address + " ("
                        + cause.getClass().getSimpleName() + "); its message is the cause of this exception",
                cause);
    }

    /** When a broker has to answer. */
    enum Need {
        NOW,
        LATER
    }
}
