package dev.cdp.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

import dev.cdp.core.broker.BootstrapServers;
import dev.cdp.core.broker.NoBrokerException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be true of the cluster before a consumer starts: a broker answers, the source topics exist and may be read,
 * the dead letter topics exist and may be written. The one place that talks to Kafka's admin client. Any thread.
 */
final class Preflight implements Restorer.TopicIds, AutoCloseable {

    /** The owner thread asks for ids while it runs, and must not stay away from its records for long. */
    private static final Duration WHILE_RUNNING = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

    private final KafkaSettings kafka;
    private final BootstrapServers servers;
    private final Admin admin;
    private final Duration timeout;
    private volatile List<KeepingTopic> keeping = List.of();

    private Preflight(KafkaSettings kafka, Admin admin, Duration timeout) {
        this.kafka = kafka;
        this.servers = kafka.bootstrapServers();
        this.admin = admin;
        this.timeout = timeout;
    }

    /**
     * Makes the client; nothing is sent yet.
     *
     * @param timeout how long {@link #check} waits for an answer
     */
    static Preflight connect(KafkaSettings kafka, Duration timeout) {
        try {
            return new Preflight(kafka, Admin.create(kafka.admin(timeout)), timeout);
        } catch (KafkaException e) {
            throw noClient("client", kafka, e);
        }
    }

    /** Why Kafka makes no client of its properties: also because DNS is not there yet, which may change. */
    static ConsumerStartException noClient(String what, KafkaSettings kafka, KafkaException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        BootstrapServers servers = kafka.bootstrapServers();
        return servers.unresolvable()
                ? ConsumerStartException.noAnswer(
                        "no host of bootstrap.servers " + servers + " is known to DNS (" + cause.getMessage() + ")", e)
                : ConsumerStartException.wrongSettings(
                        "the Kafka properties do not make a " + what + ": " + cause.getMessage(), e);
    }

    /**
     * Checks the topics, and creates dead letter topics where that is wanted.
     *
     * @param deadLetters each dead letter topic with a source topic that it takes records of
     * @param outputs topics that handlers emit to
     * @param retries each retry topic with the topic whose records wait there
     * @param longestWait how long records wait there at most
     */
    void check(
            List<String> sources,
            Map<String, String> deadLetters,
            Set<String> outputs,
            Map<String, String> retries,
            Duration longestWait,
            DeadLetterTopics policy) {
        Set<String> all = new LinkedHashSet<>(sources);
        all.addAll(deadLetters.keySet());
        all.addAll(outputs);
        all.addAll(retries.keySet());
        Map<String, TopicDescription> found = describe(all, timeout);
        List<String> problems = new ArrayList<>();
        for (String source : sources) {
            TopicDescription topic = found.get(source);
            if (topic == null) {
                problems.add("topic " + source + " does not exist; create it:\n  " + createCommand(source, 6));
            } else if (denied(topic, AclOperation.READ)) {
                problems.add("topic " + source + " may not be read by this principal; grant it READ");
            }
        }
        for (String output : outputs) {
            TopicDescription topic = found.get(output);
            if (topic == null) {
                problems.add("output topic " + output + " does not exist; create it:\n  " + createCommand(output, 6));
            } else if (denied(topic, AclOperation.WRITE)) {
                problems.add("output topic " + output + " may not be written by this principal; grant it WRITE");
            }
        }
        List<NewTopic> missing = new ArrayList<>();
        deadLetters.forEach(
                (letter, source) -> written("dead letter topic", letter, found.get(source), found, policy, problems)
                        .ifPresent(missing::add));
        retries.forEach((retry, source) -> {
            written("retry topic", retry, found.get(source), found, policy, problems)
                    .ifPresent(missing::add);
            TopicDescription topic = found.get(retry);
            if (topic != null && denied(topic, AclOperation.READ)) {
                problems.add("retry topic " + retry + " may not be read by this principal; grant it READ");
            }
        });
        if (!problems.isEmpty()) {
            throw new ConsumerStartException(
                    "group " + kafka.group() + " cannot start: " + String.join("\n", problems));
        }
        create(missing);
        List<KeepingTopic> topics = new ArrayList<>();
        deadLetters
                .keySet()
                .forEach(name -> topics.add(new KeepingTopic("dead letter topic", name, KeepingTopic.DEAD_LETTERS)));
        // Twice the wait, because clocks differ and a consumer may be away for a while.
        retries.keySet()
                .forEach(name -> topics.add(new KeepingTopic("retry topic", name, longestWait.multipliedBy(2))));
        keeping = List.copyOf(topics);
        requireFit();
    }

    private void requireFit() {
        try {
            Map<String, String> unfit = servers.await(unfitLater().toCompletableFuture(), timeout.plusSeconds(1));
            if (!unfit.isEmpty()) {
                throw new ConsumerStartException(
                        "group " + kafka.group() + " cannot start: " + String.join("\n", unfit.values()));
            }
        } catch (NoBrokerException e) {
            throw ConsumerStartException.noAnswer(String.valueOf(e.getMessage()), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                throw ConsumerStartException.noAnswer("the settings of topics cannot be read: " + e.getMessage(), e);
            }
            LOG.warn(
                    "it is not known whether the dead letter topics of group {} keep what is written to them: grant it"
                            + " DESCRIBE_CONFIGS",
                    kafka.group(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ConsumerStartException.noAnswer("interrupted while waiting for " + servers, e);
        }
    }

    @Override
    public CompletionStage<Map<String, String>> unfitLater() {
        List<KeepingTopic> topics = keeping;
        List<String> names = topics.stream().map(KeepingTopic::name).toList();
        if (names.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        List<ConfigResource> resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        return admin.describeConfigs(resources)
                .all()
                .toCompletionStage()
                .thenCombine(admin.describeTopics(names).allTopicNames().toCompletionStage(), (configs, described) -> {
                    Map<String, String> unfit = new TreeMap<>();
                    for (KeepingTopic topic : topics) {
                        Config config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()));
                        TopicDescription description = described.get(topic.name());
                        String problem = config == null || description == null
                                ? ""
                                : topic.problem(
                                        setting -> value(config, setting),
                                        description
                                                .partitions()
                                                .get(0)
                                                .replicas()
                                                .size(),
                                        servers.toString());
                        if (!problem.isEmpty()) {
                            unfit.put(topic.what() + " " + topic.name(), problem);
                        }
                    }
                    return unfit;
                });
    }

    private static @Nullable String value(Config config, String setting) {
        ConfigEntry entry = config.get(setting);
        return entry == null ? null : entry.value();
    }

    /** A topic that is written: adds to the problems, or says how to create it. */
    private Optional<NewTopic> written(
            String what,
            String name,
            @Nullable TopicDescription source,
            Map<String, TopicDescription> found,
            DeadLetterTopics policy,
            List<String> problems) {
        int partitions = source == null ? 1 : source.partitions().size();
        TopicDescription topic = found.get(name);
        if (topic != null && denied(topic, AclOperation.WRITE)) {
            problems.add(what + " " + name + " may not be written by this principal; grant it WRITE");
        } else if (topic == null && policy == DeadLetterTopics.CREATE) {
            return Optional.of(new NewTopic(name, Optional.of(partitions), Optional.empty()));
        } else if (topic == null) {
            problems.add(what + " " + name + " does not exist; create it, or build the consumer with"
                    + " deadLetterTopics(CREATE):\n  " + createCommand(name, partitions));
        }
        return Optional.empty();
    }

    @Override
    public Map<String, UUID> ids(Set<String> topics) {
        Map<String, UUID> ids = new HashMap<>();
        describe(topics, WHILE_RUNNING.compareTo(timeout) < 0 ? WHILE_RUNNING : timeout)
                .forEach((name, topic) -> ids.put(name, uuid(topic.topicId())));
        return ids;
    }

    @Override
    public CompletionStage<Map<String, UUID>> idsLater(Set<String> topics) {
        Map<String, UUID> ids = new ConcurrentHashMap<>();
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs((int) WHILE_RUNNING.toMillis());
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        admin.describeTopics(topics, options)
                .topicNameValues()
                .forEach((name, topic) -> answers.add(topic.toCompletionStage()
                        .handle((description, failure) -> {
                            if (failure == null) {
                                ids.put(name, uuid(description.topicId()));
                            } else if (!unknown(failure)) {
                                throw new CompletionException(failure);
                            }
                            return null;
                        })
                        .thenAccept(done -> {})
                        .toCompletableFuture()));
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> Map.copyOf(ids));
    }

    private static boolean unknown(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof UnknownTopicOrPartitionException;
    }

    private Map<String, TopicDescription> describe(Set<String> topics, Duration within) {
        DescribeTopicsOptions options = new DescribeTopicsOptions()
                .includeAuthorizedOperations(true)
                .timeoutMs(Math.toIntExact(within.toMillis()));
        Map<String, TopicDescription> found = new LinkedHashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
                admin.describeTopics(topics, options).topicNameValues().entrySet()) {
            try {
                found.put(topic.getKey(), await(topic.getValue(), within));
            } catch (UnknownTopicOrPartitionException e) {
                // absent from the answer
            } catch (InvalidTopicException e) {
                throw ConsumerStartException.wrongSettings("'" + topic.getKey() + "' is no name of a topic", e);
            } catch (TopicAuthorizationException e) {
                throw ConsumerStartException.wrongSettings(
                        "group " + kafka.group() + " cannot start: topic " + topic.getKey()
                                + " may not be described by this principal; grant it DESCRIBE, and READ for a source"
                                + " or WRITE for dead letters",
                        e);
            }
        }
        return found;
    }

    private void create(List<NewTopic> topics) {
        for (NewTopic topic : topics) {
            try {
                await(admin.createTopics(List.of(topic)).all(), timeout);
            } catch (TopicExistsException e) {
                // another consumer was quicker
            } catch (KafkaException e) {
                throw ConsumerStartException.wrongSettings(
                        "dead letter topic " + topic.name() + " cannot be created (" + e.getMessage()
                                + "); create it:\n  " + createCommand(topic.name(), topic.numPartitions()),
                        e);
            }
        }
    }

    private <T> T await(KafkaFuture<T> future, Duration within) {
        try {
            return servers.await(future, within.plusSeconds(1));
        } catch (NoBrokerException e) {
            throw ConsumerStartException.noAnswer(String.valueOf(e.getMessage()), e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof TopicAuthorizationException denied) {
                throw denied;
            }
            if (cause instanceof AuthorizationException || cause instanceof AuthenticationException) {
                throw ConsumerStartException.wrongSettings(
                        "group " + kafka.group() + " is refused by Kafka at " + kafka.bootstrapServers() + ": "
                                + cause.getMessage(),
                        cause);
            }
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw ConsumerStartException.noAnswer(servers.silence(within), cause);
            }
            if (cause instanceof KafkaException kafkaException) {
                throw kafkaException;
            }
            throw new IllegalStateException(cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ConsumerStartException.noAnswer("interrupted while waiting for " + kafka.bootstrapServers(), e);
        }
    }

    private static boolean denied(TopicDescription topic, AclOperation operation) {
        // Null or empty where the broker does not tell.
        Set<AclOperation> allowed = topic.authorizedOperations();
        return allowed != null && !allowed.isEmpty() && !allowed.contains(operation);
    }

    private static UUID uuid(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private String createCommand(String topic, int partitions) {
        return "kafka-topics.sh --bootstrap-server " + kafka.bootstrapServers() + " --create --topic " + topic
                + " --partitions " + Math.max(1, partitions);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
