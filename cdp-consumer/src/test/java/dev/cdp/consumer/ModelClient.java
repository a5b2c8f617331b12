package dev.cdp.consumer;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.TimeoutException;

/** The Kafka client of a {@link ModelMember}: calls are answered, refused, forgotten or answered late, as the world draws. */
final class ModelClient {

    private final ModelWorld world;
    private final ModelMember member;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private final Set<TopicPartition> fetched = new HashSet<>();
    /** Sent and not answered, at most one: the consumer's own rule, which is checked. */
    private final List<Sent> underWay = new ArrayList<>();
    /** Answered; the consumer hears of it when it polls. */
    private final List<Runnable> answers = new ArrayList<>();
    /** Given up by the client, and still able to arrive. */
    private final List<Sent> late = new ArrayList<>();

    private ConsumerRebalanceListener listener;
    /** Whether commits of its were lost, so that not all that is processed may be committed. */
    private boolean hindered;

    /** Rises with each membership and rebalance: the broker refuses commits of an older one. */
    int epoch;

    private record Sent(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback, int epoch) {}

    ModelClient(ModelWorld world, ModelMember member) {
        this.world = world;
        this.member = member;
        member.client = this;
    }

    @SuppressWarnings("unchecked") // what is called is what the consumer's parts call
    Consumer<byte[], byte[]> proxy() {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    member.call();
                    return answer(method.getName(), arguments);
                });
    }

    @SuppressWarnings("unchecked") // the methods' own parameters
    private Object answer(String call, Object[] arguments) {
        switch (call) {
            case "poll" -> {
                return poll((Duration) arguments[0]);
            }
            case "committed" -> {
                return committed((Set<TopicPartition>) arguments[0]);
            }
            case "endOffsets" -> {
                return offsets((Collection<TopicPartition>) arguments[0], true);
            }
            case "beginningOffsets" -> {
                return offsets((Collection<TopicPartition>) arguments[0], false);
            }
            case "groupMetadata" -> {
                return groupMetadata();
            }
            case "currentLag" -> {
                return OptionalLong.empty();
            }
            case "subscribe" -> listener = (ConsumerRebalanceListener) arguments[1];
            case "unsubscribe", "close" -> leave();
            case "pause" -> paused.addAll((Collection<TopicPartition>) arguments[0]);
            case "resume" -> paused.removeAll((Collection<TopicPartition>) arguments[0]);
            case "seek" -> positions.put((TopicPartition) arguments[0], (Long) arguments[1]);
            case "commitAsync" ->
                commitAsync((Map<TopicPartition, OffsetAndMetadata>) arguments[0], (OffsetCommitCallback) arguments[1]);
            case "commitSync" -> commitSync((Map<TopicPartition, OffsetAndMetadata>) arguments[0]);
            default -> throw new IllegalStateException("nobody thought of " + call);
        }
        return null;
    }

    // The group

    @SuppressWarnings("removal") // there is no other way to make one for a client of one's own
    private ConsumerGroupMetadata groupMetadata() {
        return new ConsumerGroupMetadata("model", epoch, "member", Optional.empty());
    }

    private ConsumerRecords<byte[], byte[]> poll(Duration idle) {
        world.nanos += idle.isZero() ? 10_000 : Math.min(idle.toNanos(), 100_000_000L);
        hear();
        if (member.kicked) {
            member.kicked = false;
            Set<TopicPartition> lost = Set.copyOf(positions.keySet());
            forget(lost);
            listener.onPartitionsLost(lost);
            return ConsumerRecords.empty();
        }
        Set<TopicPartition> revoked = new HashSet<>(member.owned);
        revoked.removeAll(member.target);
        if (!revoked.isEmpty()) {
            revoke(revoked);
        }
        Set<TopicPartition> assigned = new HashSet<>(member.target);
        assigned.removeIf(partition -> world.members.stream().anyMatch(other -> other.owned.contains(partition)));
        if (!assigned.isEmpty()) {
            member.owned.addAll(assigned);
            member.stretches.keySet().removeAll(assigned);
            fetched.removeAll(assigned);
            listener.onPartitionsAssigned(assigned);
        }
        return fetch();
    }

    private void revoke(Set<TopicPartition> revoked) {
        if (revoked.isEmpty()) {
            return;
        }
        listener.onPartitionsRevoked(revoked);
        if (!finished(revoked)) {
            world.unclean = true;
            if (!hindered && !member.owesReports()) {
                world.broke("I6: " + revoked + " went without a commit of all that was processed");
            }
        }
        epoch++;
        member.owned.removeAll(revoked);
        forget(revoked);
    }

    /** Whether all that was processed of them is committed: then nothing of it may be processed again. */
    private boolean finished(Set<TopicPartition> partitions) {
        return partitions.stream().allMatch(partition -> {
            OffsetAndMetadata committed = world.log(partition).committed;
            SettledRuns runs = ModelWorld.runs(committed);
            ModelMember.Stretch stretch = member.stretches.get(partition);
            return stretch == null
                    || stretch.processed().stream()
                            .allMatch(offset -> offset < committed.offset() || (runs != null && runs.contains(offset)));
        });
    }

    private void leave() {
        hear();
        revoke(Set.copyOf(member.owned));
    }

    private void forget(Set<TopicPartition> partitions) {
        positions.keySet().removeAll(partitions);
        paused.removeAll(partitions);
    }

    private ConsumerRecords<byte[], byte[]> fetch() {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (TopicPartition partition : member.owned) {
            ModelWorld.ModelLog log = world.log(partition);
            long position = positions.getOrDefault(partition, 0L);
            if (paused.contains(partition) || position >= log.end) {
                continue;
            }
            fetched.add(partition);
            List<ConsumerRecord<byte[], byte[]>> found = log.records.tailMap(position).values().stream()
                    .limit(1 + world.random.nextInt(5))
                    .toList();
            long end = found.isEmpty() ? log.end : found.get(found.size() - 1).offset() + 1;
            positions.put(partition, end);
            if (!found.isEmpty()) {
                records.put(partition, found);
            }
            next.put(partition, new OffsetAndMetadata(end));
        }
        return new ConsumerRecords<>(records, next);
    }

    // Commits

    private Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        if (world.random.nextInt(8) == 0 || partitions.stream().anyMatch(world.coordinator::awaits)) {
            throw new TimeoutException("committed()");
        }
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata committed = world.log(partition).committed;
            if (!fetched.contains(partition)) {
                member.stretches.put(partition, new ModelMember.Stretch(committed, new HashSet<>()));
            }
            found.put(partition, committed.offset() == 0 && committed.metadata().isEmpty() ? null : committed);
        }
        return found;
    }

    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, boolean end) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(partition, end ? world.log(partition).end : 0L));
        return offsets;
    }

    private void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        if (!underWay.isEmpty()) {
            world.broke("I4: a commit leaves before the one before it is answered");
        }
        offsets.forEach(world::commitLeaves);
        underWay.add(new Sent(offsets, callback, epoch));
    }

    private void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        progress();
        hear();
        offsets.forEach(world::commitLeaves);
        member.call();
        switch (world.random.nextInt(8)) {
            case 0 -> {
                late.add(new Sent(offsets, (any, failure) -> {}, epoch));
                hindered = true;
                throw new TimeoutException("commitSync");
            }
            default -> {
                Exception refused = arrive(new Sent(offsets, (any, failure) -> {}, epoch));
                if (refused instanceof RuntimeException e) {
                    hindered = true;
                    throw e;
                }
            }
        }
        member.call();
    }

    /** Something happens to a commit that was sent. */
    void progress() {
        if (!late.isEmpty() && world.random.nextBoolean()) {
            arrive(late.remove(0));
        }
        if (underWay.isEmpty()) {
            return;
        }
        Sent sent = underWay.remove(0);
        switch (world.random.nextInt(6)) {
            case 0 -> { // written, and the answer is lost
                arrive(sent);
                answer(sent, new RetriableCommitFailedException(new TimeoutException("no answer")));
            }
            case 1 -> { // given up, and on its way
                late.add(sent);
                answer(sent, new RetriableCommitFailedException(new TimeoutException("no answer")));
            }
            default -> answer(sent, arrive(sent));
        }
    }

    void heal() {
        late.clear();
        while (!underWay.isEmpty()) {
            Sent sent = underWay.remove(0);
            answer(sent, arrive(sent));
        }
    }

    /** Notes that not all that was processed could be committed. */
    void hinder() {
        hindered = true;
    }

    private void answer(Sent sent, Exception failure) {
        hindered |= failure != null;
        answers.add(() -> sent.callback.onComplete(sent.offsets, failure));
    }

    /** Why the broker refuses it; null if it does not. */
    private Exception arrive(Sent sent) {
        if (sent.epoch != epoch) {
            return new CommitFailedException("another epoch");
        }
        if (sent.offsets.values().stream().anyMatch(offset -> offset.metadata().length() > world.metadataLimit)) {
            return new OffsetMetadataTooLarge("metadata");
        }
        sent.offsets.forEach(world::commitArrives);
        return null;
    }

    private void hear() {
        List<Runnable> heard = List.copyOf(answers);
        answers.clear();
        heard.forEach(Runnable::run);
    }
}
