package dev.cdp.consumer.redrive;

import java.util.Collections;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MarksTest {

    private static final UUID TOPIC = UUID.randomUUID();

    @Property(tries = 300)
    void whatIsMarkedIsReadBackAndNothingElse(
            @ForAll @LongRange(min = 0, max = 1L << 40) long beginning,
            @ForAll Set<@IntRange(max = 2_000) Integer> done,
            @ForAll @IntRange(max = 2_100) int deleted) {
        Marks marks = Marks.of(TOPIC, beginning, null);
        done.forEach(offset -> marks.mark(beginning + offset));

        Marks again = Marks.of(TOPIC, beginning + deleted, marks.committable());

        for (int offset = deleted; offset < 2_100; offset++) {
            assertThat(again.done(beginning + offset)).as("offset %s", offset).isEqualTo(done.contains(offset));
        }
        int first = deleted;
        while (done.contains(first)) {
            first++;
        }
        assertThat(again.frontier()).isEqualTo(beginning + first);
        assertThat(Marks.of(TOPIC, beginning + deleted, again.committable()).committable())
                .isEqualTo(again.committable());
    }

    @Test
    void gapsAreDoneWith() {
        Marks marks = Marks.of(TOPIC, 5, null);
        marks.gap(5, 8);
        marks.gap(9, 9);
        assertThat(marks.frontier()).isEqualTo(8);
    }

    @Test
    void aTopicThatWasMadeAnewBeginsAnew() {
        Marks marks = Marks.of(TOPIC, 0, null);
        marks.gap(0, 100);
        assertThat(Marks.of(UUID.randomUUID(), 0, marks.committable()).frontier())
                .isZero();
        assertThat(Marks.of(TOPIC, 0, new OffsetAndMetadata(7, "somebody else's"))
                        .frontier())
                .isZero();
    }

    @Test
    void whatCannotBeReadIsSaid() {
        assertThatThrownBy(() -> Marks.of(TOPIC, 0, new OffsetAndMetadata(7, "r1;" + TOPIC + ";broken")))
                .isInstanceOf(RedriveException.class)
                .hasMessageContaining("reset its offsets");
    }

    @Test
    void aHundredThousandLettersOfWhichOnePercentStaysFitIntoACommit() {
        Marks marks = Marks.of(TOPIC, 0, null);
        Random random = new Random(1);
        Set<Long> left = new TreeSet<>(Collections.singleton(0L));
        for (long offset = 0; offset < 100_000; offset++) {
            if (random.nextInt(100) == 0) {
                left.add(offset);
            }
        }
        for (long offset = 0; offset < 100_000; offset++) {
            if (!left.contains(offset)) {
                marks.mark(offset);
            }
        }
        assertThat(marks.committable().metadata()).hasSizeLessThan(Marks.MAX_LENGTH);
    }
}
