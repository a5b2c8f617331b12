package dev.cdp.consumer;

import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import dev.cdp.consumer.dlq.DeadLetterRecords;
import dev.cdp.consumer.dlq.DeadLetterRoutes;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.event.DeadLetterHeaders;
import dev.cdp.core.event.Event;
import dev.cdp.core.event.EventBinding;
import dev.cdp.core.event.EventType;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A group of consumers over a simulated broker and dead letter topic, in one thread: the consumers are real, with their
 * whole poll loop; what is simulated is the Kafka client, the executor, the dead letter topic and the time. What happens
 * next is drawn from a seed. It keeps the truth about every record, and writes down each promise that is broken.
 */
final class ModelWorld {

    static final String TOPIC = "model";
    private static final Catalog CATALOG = Topics.catalog(TOPIC, "enforce");
    private static final Judge JUDGE = new Judge(CATALOG, null, "model", true);
    private static final DeadLetterRoutes ROUTES = new DeadLetterRoutes(CATALOG, List.of(TOPIC));
    private static final UUID TOPIC_ID = new UUID(7, 7);
    private static final int MAX_ATTEMPTS = 3;

    /** What is true of a record, whatever consumers think. */
    enum Fate {
        GOOD,
        /** Its handler fails twice, which is fewer than the attempts that it has. */
        SHAKY,
        POISON,
        REJECTED,
        HOPELESS;

        boolean dies() {
            return this == POISON || this == REJECTED || this == HOPELESS;
        }
    }

    final Random random;
    final Ordering ordering;
    final List<String> broken = new ArrayList<>();
    final List<ModelMember> members = new ArrayList<>();
    final Map<TopicPartition, ModelLog> logs = new TreeMap<>(java.util.Comparator.comparing(TopicPartition::partition));
    final int metadataLimit;
    /** Whether commits are transactions, with outputs of the handlers and dead letters. */
    final boolean transactional;

    final ModelCoordinator coordinator = new ModelCoordinator(this);
    /** Threads of processes that are taken for dead. */
    private final List<ModelThread> zombies = new ArrayList<>();
    /** Calls of handlers that failed, after they had emitted. */
    private final Set<Integer> failedCalls = new HashSet<>();

    long nanos = 1_000_000_000L;
    boolean sinkholeOfLetters;
    boolean handlersDown;
    /** Whether something happened after which repeats are allowed. */
    boolean unclean;

    /** The stretches of ownership that the job which runs belongs to. */
    Map<TopicPartition, ModelMember.Stretch> stretches = Map.of();

    private final ConsumerSettings settings;
    private int ordinals;
    private int calls;
    private int names;

    ModelWorld(long seed) {
        this.random = new Random(seed);
        this.ordering = one(Ordering.values());
        this.transactional = random.nextInt(3) == 0;
        this.metadataLimit = !transactional && random.nextInt(4) == 0 ? 75 : 4_096;
        for (int partition = 0; partition < 2; partition++) {
            logs.put(new TopicPartition(TOPIC, partition), new ModelLog(transactional));
        }
        this.settings = settings();
        members.add(new ModelMember(this, names++, "one"));
        members.add(new ModelMember(this, names++, "two"));
        assign();
    }

    private ConsumerSettings settings() {
        Map<String, Object> kafka = Map.of("bootstrap.servers", "nowhere:1", "max.poll.interval.ms", 4_000);
        return new ConsumerSettings(
                CATALOG,
                KafkaSettings.handlers(kafka, "model"),
                List.of(TOPIC),
                new Handlers(
                        Map.of(
                                "page_viewed",
                                HandlerBinding.transform(EventBinding.of(Topics.PageViewed.class), this::transform)),
                        Fallback.IGNORE,
                        Fallback.DEAD_LETTER,
                        null,
                        Duration.ofSeconds(1),
                        () -> Instant.EPOCH),
                null,
                true,
                null,
                ordering,
                ErrorTable.DEFAULT,
                new RetryPolicy(MAX_ATTEMPTS, Duration.ofMillis(1), Duration.ofMillis(20)),
                null,
                BatchLimits.DEFAULT,
                0,
                ForeignOffsets.STOP,
                1 + random.nextInt(4),
                null,
                new Committer.Pace(Duration.ofMillis(50), 1 + random.nextInt(8)),
                1 + random.nextInt(6),
                1L << 20,
                Duration.ofSeconds(1),
                random.nextInt(3) == 0 ? new DeadLetterLimit(4, 1, 1_000) : null,
                transactional ? new ConsumerSettings.Transactions("by member", Set.of(PageClosed.class)) : null,
                DeadLetterTopics.REQUIRE,
                1 << 20,
                Set.of(),
                null,
                new ConsumerSettings.FirstAnswer(Duration.ofSeconds(1), false),
                () -> Instant.EPOCH.plusNanos(nanos));
    }

    PollLoop loop(ModelMember member) {
        Workers workers = Workers.on(member::submit, settings.workers(), member.outcomes());
        DeadLetterOffice.Refusals refusals = new DeadLetterOffice.Refusals();
        member.letters = new ModelLetters(this, refusals);
        Consumer<byte[], byte[]> client = new ModelClient(this, member).proxy();
        return new PollLoop(
                settings,
                new PollLoop.Surroundings(
                        client,
                        route(member, client),
                        topics -> Map.of(TOPIC, TOPIC_ID),
                        workers,
                        new DeadLetterOffice(
                                ROUTES,
                                null,
                                member.letters,
                                (topic, record) -> new java.util.concurrent.CompletableFuture<>(),
                                refusals,
                                workers),
                        JUDGE,
                        new Listeners(List.of(member.books)),
                        () -> nanos,
                        random));
    }

    private CommitRoute route(ModelMember member, Consumer<byte[], byte[]> client) {
        if (!transactional) {
            return new GroupCommits(client);
        }
        Transactor transactor = new Transactor(
                member.instance,
                () -> new ModelProducer(this, member, member.instance).proxy(),
                new DeadLetterRecords("model", "hash", 1 << 20, Set.of(), () -> Instant.EPOCH),
                ModelProducer.TIMEOUT,
                () -> nanos,
                member.transactions);
        return new TransactionCommits(transactor, client::groupMetadata, member.instance, () -> nanos);
    }

    /** What handlers emit in transactions. */
    @EventType("page_closed")
    record PageClosed(String pageId) {}

    /** The log of one partition, what is committed for it, and what has become of its records. */
    static final class ModelLog {

        final TreeMap<Long, ConsumerRecord<byte[], byte[]>> records = new TreeMap<>();
        final Map<Long, Fate> fates = new HashMap<>();
        final Map<Long, Integer> effects = new HashMap<>();
        final Map<Long, Integer> failures = new HashMap<>();
        final Set<Long> letters = new HashSet<>();
        /** The offsets whose output can be seen. */
        final Set<Long> outputs = new HashSet<>();

        private final boolean transactional;
        /** The highest offset of each key that was processed. */
        final Map<Integer, Long> highest = new HashMap<>();

        long end;
        OffsetAndMetadata committed = new OffsetAndMetadata(0);

        ModelLog(boolean transactional) {
            this.transactional = transactional;
        }

        boolean settled(long offset) {
            return !records.containsKey(offset) || (dies(offset) ? letters.contains(offset) : processed(offset));
        }

        boolean processed(long offset) {
            return transactional ? outputs.contains(offset) : effects.containsKey(offset);
        }

        boolean dies(long offset) {
            return fates.getOrDefault(offset, Fate.GOOD).dies();
        }
    }

    // What happens

    void step() {
        nanos += random.nextInt(3_000_000);
        switch (random.nextInt(transactional ? 29 : 24)) {
            case 0, 1 -> append();
            case 2 -> compact();
            case 3 -> rebalance();
            case 4 -> one().kick();
            case 5 -> crash(one());
            case 6 -> one().crashSoon(random.nextInt(12));
            case 7 -> leave(one());
            case 8 -> sinkholeOfLetters = random.nextInt(3) == 0;
            case 9 -> handlersDown = random.nextInt(3) == 0;
            case 10 -> nanos += random.nextInt(2_000_000_000);
            case 11, 12 -> one().letters.progress();
            case 13, 14 -> one().client.progress();
            case 15, 16, 17 -> one().runJob();
            case 24, 25, 26 -> transact(one());
            case 27 -> fence(one());
            case 28 -> zombies.forEach(ModelThread::step);
            default -> turn(one());
        }
    }

    private <T> T one(T[] of) {
        return of[random.nextInt(of.length)];
    }

    private ModelMember one() {
        return members.get(random.nextInt(members.size()));
    }

    /** One step of a member's owner thread. */
    void turn(ModelMember member) {
        try {
            member.work();
            member.checkBooks();
        } catch (ModelMember.Crash e) {
            crash(member);
        } catch (RuntimeException | Error e) {
            diedOf(e, "a member", member);
        }
    }

    private void diedOf(Throwable e, String who, ModelMember member) {
        if (!(member.fenced && e instanceof ConsumerStoppedException)) {
            broke(who + " died of " + e + " at " + e.getStackTrace()[0]);
        }
        crash(member);
    }

    private void transact(ModelMember member) {
        try {
            member.transactions.step();
        } catch (ModelMember.Crash e) {
            crash(member);
        }
    }

    /** Another consumer begins under its transactional id, and ends at once. */
    private void fence(ModelMember member) {
        if (random.nextInt(4) == 0) {
            member.fenced = true;
            int unused = coordinator.join(member.instance);
        }
    }

    private void append() {
        TopicPartition partition = new TopicPartition(TOPIC, random.nextInt(2));
        ModelLog log = log(partition);
        for (int i = random.nextInt(6); i >= 0; i--) {
            log.end += random.nextInt(4) == 0 ? random.nextInt(4) : 0;
            Fate fate = random.nextInt(3) > 0 ? Fate.GOOD : one(Fate.values());
            int key = random.nextInt(3);
            String value = "{\"page_id\":\"p\",\"ordinal\":" + ordinals++ + "}";
            RecordHeaders headers = new RecordHeaders();
            headers.add("ce_type", bytes(fate == Fate.POISON ? "no_such_event" : "page_viewed"));
            log.records.put(
                    log.end,
                    new ConsumerRecord<>(
                            TOPIC,
                            partition.partition(),
                            log.end,
                            0L,
                            TimestampType.CREATE_TIME,
                            1,
                            value.length(),
                            bytes("k" + key),
                            bytes(value),
                            headers,
                            java.util.Optional.empty()));
            log.fates.put(log.end, fate);
            log.end++;
        }
        log.end += random.nextInt(5) == 0 ? 2 : 0; // transaction markers
    }

    /** Takes a record out: who has not read it never will. */
    private void compact() {
        ModelLog log = log(new TopicPartition(TOPIC, random.nextInt(2)));
        if (!log.records.isEmpty()) {
            List<Long> offsets = List.copyOf(log.records.keySet());
            log.records.remove(offsets.get(random.nextInt(offsets.size())));
        }
    }

    /** Says anew who shall have what; members learn it as they poll. */
    void rebalance() {
        logs.keySet().forEach(partition -> {
            members.forEach(member -> member.target.remove(partition));
            one().target.add(partition);
        });
    }

    private void assign() {
        for (TopicPartition partition : logs.keySet()) {
            if (members.stream().noneMatch(member -> member.target.contains(partition))) {
                one().target.add(partition);
            }
        }
    }

    /** The process ends at once: what runs may have its effect, and nobody hears of it. */
    private void crash(ModelMember member) {
        unclean = true;
        members.remove(member);
        perish(member);
        replace(member);
    }

    private void perish(ModelMember member) {
        member.perish();
        if (random.nextBoolean()) {
            member.transactions.steps();
        }
        zombies.add(member.transactions);
    }

    private void leave(ModelMember member) {
        try {
            int left = member.loop.finish(CloseTimes.of(nanos, Duration.ofSeconds(2)));
            member.loop.close();
            if (left > 0) {
                unclean = true;
            }
            members.remove(member);
            perish(member);
            replace(member);
        } catch (ModelMember.Crash e) {
            crash(member);
        } catch (RuntimeException | Error e) {
            diedOf(e, "a member that leaves", member);
        }
    }

    private void replace(ModelMember member) {
        members.add(new ModelMember(this, names++, member.instance));
        assign();
    }

    /** All faults end: everything must be settled and committed soon. */
    void heal() {
        sinkholeOfLetters = false;
        handlersDown = false;
        for (int round = 0; round < 4_000 && !done(); round++) {
            nanos += 200_000_000L;
            for (ModelMember member : List.copyOf(members)) {
                member.heal();
                turn(member);
                member.loop.release();
            }
        }
    }

    private boolean done() {
        return logs.values().stream()
                .allMatch(log -> log.records.isEmpty() || log.committed.offset() > log.records.lastKey());
    }

    // What must hold

    private void transform(Event<Topics.PageViewed> event, Delivery delivery, Outputs outputs) throws Exception {
        int call = calls++;
        if (transactional) {
            outputs.emit(new PageClosed(delivery.partition() + ":" + delivery.offset() + ":" + call));
        }
        try {
            handle(delivery);
        } catch (Exception e) {
            failedCalls.add(call);
            throw e;
        }
    }

    private void handle(Delivery delivery) throws Exception {
        TopicPartition partition = new TopicPartition(delivery.topic(), delivery.partition());
        ModelLog log = log(partition);
        long offset = delivery.offset();
        ModelMember.Stretch stretch = java.util.Objects.requireNonNull(stretches.get(partition));
        delivered(delivery, stretch.inherited());
        if (handlersDown) {
            throw new java.io.UncheckedIOException(new ConnectException());
        }
        Fate fate = log.fates.getOrDefault(offset, Fate.GOOD);
        switch (fate) {
            case POISON -> broke("a handler was given poison, " + delivery);
            case REJECTED -> throw new RejectedEventException("no");
            case HOPELESS -> throw new IllegalStateException("never");
            case SHAKY -> {
                if (log.failures.merge(offset, 1, Integer::sum) < MAX_ATTEMPTS) {
                    throw new IllegalStateException("not yet");
                }
            }
            case GOOD -> {}
        }
        stretch.processed().add(offset);
        int times = log.effects.merge(offset, 1, Integer::sum);
        if (times == 1) {
            first(log, delivery);
        } else if (!unclean) {
            broke("I6: " + delivery + " was processed " + times + " times without a crash");
        }
    }

    private void first(ModelLog log, Delivery delivery) {
        ConsumerRecord<byte[], byte[]> record = log.records.get(delivery.offset());
        if (record == null || ordering == Ordering.NONE) {
            return;
        }
        int lane = ordering == Ordering.PARTITION ? 0 : record.key()[1];
        Long before = log.highest.get(lane);
        if (before != null && before > delivery.offset()) {
            broke("I5: " + delivery + " was processed after " + before + " of its lane");
        }
        log.highest.merge(lane, delivery.offset(), Math::max);
    }

    /** A commit leaves: everything before its offset, and everything that it lists, is settled. */
    void commitLeaves(TopicPartition partition, OffsetAndMetadata commit) {
        ModelLog log = log(partition);
        log.records.headMap(commit.offset()).keySet().stream()
                .filter(offset -> !log.settled(offset))
                .forEach(offset -> broke("I2, I3: a commit of " + partition + " at " + commit.offset() + " passes "
                        + offset + ", " + log.fates.get(offset) + ", which is not settled"));
        SettledRuns runs = runs(commit);
        if (runs != null) {
            log.records.keySet().stream()
                    .filter(offset -> runs.contains(offset) && !log.settled(offset))
                    .forEach(offset -> broke("I2: the metadata of " + partition + " at " + commit.offset() + " lists "
                            + offset + ", which is not settled"));
        }
    }

    void commitArrives(TopicPartition partition, OffsetAndMetadata commit) {
        ModelLog log = log(partition);
        if (commit.offset() < log.committed.offset()) {
            broke("I4: " + partition + " goes back from " + log.committed.offset() + " to " + commit.offset());
        }
        log.committed = commit;
    }

    static boolean isLetter(ProducerRecord<byte[], byte[]> record) {
        return record.headers().lastHeader(DeadLetterHeaders.REASON) != null;
    }

    /** Outputs, dead letters and offsets can be seen from here on: each once, and none of an attempt that failed. */
    void transactionCommits(ModelCoordinator.Transaction transaction) {
        for (ProducerRecord<byte[], byte[]> record : transaction.records()) {
            if (isLetter(record)) {
                String partition = header(record, DeadLetterHeaders.PARTITION);
                String offset = header(record, DeadLetterHeaders.OFFSET);
                if (!log(new TopicPartition(TOPIC, Integer.parseInt(partition)))
                        .letters
                        .add(Long.valueOf(offset))) {
                    broke("exactly once: the letter of " + partition + "@" + offset + " is seen twice");
                }
                continue;
            }
            String[] origin = new String(record.value(), StandardCharsets.UTF_8)
                    .replaceAll("[^0-9:]", "")
                    .substring(1)
                    .split(":", 3);
            if (failedCalls.contains(Integer.valueOf(origin[2]))) {
                broke("exactly once: an output of a failed attempt at " + origin[0] + "@" + origin[1] + " is seen");
            }
            if (!log(new TopicPartition(TOPIC, Integer.parseInt(origin[0])))
                    .outputs
                    .add(Long.valueOf(origin[1]))) {
                broke("exactly once: the output of " + origin[0] + "@" + origin[1] + " is seen twice");
            }
        }
        transaction.offsets().forEach((partition, offset) -> {
            commitLeaves(partition, offset);
            commitArrives(partition, offset);
        });
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** A member works on a record, having read that commit: it must not be one that the commit calls settled. */
    private void delivered(Delivery delivery, OffsetAndMetadata begun) {
        SettledRuns runs = runs(begun);
        if (delivery.offset() < begun.offset() || (runs != null && runs.contains(delivery.offset()))) {
            broke("I6: " + delivery + " is worked on again, though the commit at " + begun.offset()
                    + " says that it is settled");
        }
    }

    static SettledRuns runs(OffsetAndMetadata commit) {
        try {
            return commit.metadata().isEmpty() ? null : SettledRuns.parse(commit.metadata());
        } catch (CommitText.UnreadableException e) {
            throw new IllegalStateException(e);
        }
    }

    void checkEnd() {
        logs.forEach((partition, log) -> log.records.keySet().forEach(offset -> {
            boolean processed = log.processed(offset);
            boolean dead = log.letters.contains(offset);
            boolean dies = log.dies(offset);
            if (processed == dies || dead != dies) {
                broke("I1: " + partition + "@" + offset + ", " + log.fates.get(offset) + ", was "
                        + (processed ? "processed" : "not processed") + " and "
                        + (dead ? "dead-lettered" : "not dead-lettered"));
            }
        }));
        if (!done()) {
            broke("I13, I14: commits stand still at "
                    + logs.values().stream()
                            .map(log -> log.committed.offset() + " of " + log.end)
                            .toList());
        }
    }

    ModelLog log(TopicPartition partition) {
        return java.util.Objects.requireNonNull(logs.get(partition));
    }

    void broke(String promise) {
        broken.add(promise);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
