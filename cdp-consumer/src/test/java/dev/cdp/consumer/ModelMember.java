package dev.cdp.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** One consumer of a {@link ModelWorld}: its poll loop, the jobs that its workers have not run, and its place in the group. */
final class ModelMember {

    /** The end of a process, in the middle of anything. */
    static final class Crash extends Error {
        Crash() {
            super("crash", null, false, false);
        }
    }

    final ModelWorld world;
    final int name;
    /** What its process is called, and the next one in its place. */
    final String instance;
    /** What it shall own, and what it owns as far as it knows. */
    final Set<TopicPartition> target = new HashSet<>();

    final Set<TopicPartition> owned = new HashSet<>();
    final Map<TopicPartition, Stretch> stretches = new HashMap<>();
    private final List<Job> jobs = new ArrayList<>();
    /** Outcomes of work that is done, on their way to the owner thread. */
    private final Deque<Outcome> unreported = new ArrayDeque<>();

    final Books books = new Books();
    final ModelThread transactions;
    private final Way way = new Way();
    final PollLoop loop;
    ModelClient client;
    ModelLetters letters;
    boolean kicked;
    /** Whether another has come under its transactional id. */
    boolean fenced;

    private boolean joined;
    private int work;
    private int callsToCrash = -1;

    /** Work, and the stretches of ownership that it belongs to. */
    private record Job(Runnable work, Map<TopicPartition, Stretch> stretches) {}

    /** One stretch of ownership: the commit that it was begun with, and what was processed in it. */
    record Stretch(OffsetAndMetadata inherited, Set<Long> processed) {}

    ModelMember(ModelWorld world, int name, String instance) {
        this.world = world;
        this.name = name;
        this.instance = instance;
        this.transactions = new ModelThread(this);
        this.loop = world.loop(this);
    }

    Outcomes outcomes() {
        return way;
    }

    void submit(Runnable job) {
        jobs.add(new Job(job, Map.copyOf(stretches)));
    }

    /** The way back from workers. While the owner waits for it, things happen. */
    private final class Way extends Outcomes {
        @Override
        void add(Outcome outcome) {
            if (unreported.isEmpty() && world.random.nextInt(3) > 0) {
                super.add(outcome);
            } else {
                unreported.addLast(outcome);
            }
        }

        void arrive(Outcome outcome) {
            super.add(outcome);
        }

        @Override
        void await(long nanos) {
            world.nanos += world.random.nextBoolean() ? nanos : 300_000_000L;
            if (world.random.nextInt(3) > 0) {
                runJob();
            } else {
                letters.progress();
            }
            report();
        }
    }

    void work() {
        if (!joined) {
            joined = true;
            loop.subscribe();
        }
        work = loop.doWork(work);
    }

    /** A worker does a job of those that were submitted, or hands in an outcome of one that is done. */
    void runJob() {
        report();
        if (!jobs.isEmpty()) {
            run(jobs.remove(world.random.nextInt(jobs.size())));
        }
    }

    private void run(Job job) {
        world.stretches = job.stretches;
        job.work.run();
    }

    /** Whether work is done of which the owner thread does not know. */
    boolean owesReports() {
        return !unreported.isEmpty() || !way.isEmpty();
    }

    private void report() {
        for (int i = world.random.nextInt(4); i > 0 && !unreported.isEmpty(); i--) {
            way.arrive(unreported.removeFirst());
        }
    }

    /** The broker hears nothing of it for the length of a session: others may have its partitions. */
    void kick() {
        if (!owned.isEmpty()) {
            world.unclean = true;
            kicked = true;
            client.epoch++;
            owned.clear();
            if (world.random.nextBoolean()) {
                world.rebalance();
            }
        }
    }

    void crashSoon(int calls) {
        callsToCrash = calls;
    }

    /** Counts a call of the Kafka client, at which the process may end. */
    void call() {
        if (callsToCrash == 0) {
            throw new Crash();
        }
        callsToCrash--;
    }

    /** What the consumer says that has become of records, by partition. */
    static final class Books implements ConsumerListener {

        private final Map<TopicPartition, Map<Fate, Long>> told = new HashMap<>();

        @Override
        public void counted(String topic, int partition, Fate fate, int records) {
            told.computeIfAbsent(new TopicPartition(topic, partition), any -> new EnumMap<>(Fate.class))
                    .merge(fate, (long) records, Long::sum);
        }

        /** Records that were read and of which nothing more was told. */
        long open(TopicPartition partition) {
            Map<Fate, Long> fates = told.getOrDefault(partition, Map.of());
            long settled = fates.entrySet().stream()
                    .filter(fate -> fate.getKey() != Fate.READ)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            return fates.getOrDefault(Fate.READ, 0L) - settled;
        }
    }

    /** Every record that was read is counted once. */
    void checkBooks() {
        Map<TopicPartition, Integer> held = new HashMap<>();
        for (Line line : loop.lines()) {
            held.put(line.tenure().partition(), line.buffered());
            RecordCounts counts = line.tally().counts(line.buffered());
            if (!counts.balanced()) {
                world.broke("conservation: " + line.tenure().partition() + " has " + counts);
            }
        }
        for (TopicPartition partition : books.told.keySet()) {
            if (books.open(partition) != held.getOrDefault(partition, 0)) {
                world.broke("conservation: listeners know of " + books.open(partition) + " open records of " + partition
                        + ", and " + held.getOrDefault(partition, 0) + " are held");
            }
        }
    }

    /** What runs may yet have its effect, what is sent may yet arrive. */
    void perish() {
        callsToCrash = -1;
        client.epoch++;
        owned.clear();
        if (world.random.nextBoolean()) {
            List.copyOf(jobs).forEach(this::run);
        }
        letters.perish();
    }

    void heal() {
        callsToCrash = -1;
        client.heal();
        transactions.steps();
        for (int i = 0; i < 4; i++) {
            runJob();
        }
        letters.heal();
    }
}
