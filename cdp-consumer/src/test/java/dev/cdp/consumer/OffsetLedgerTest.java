package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OffsetLedgerTest {

    @Property(tries = 2_000)
    void aCommitNeverPassesAnUnsettledRecordAndReachesTheEndWhenAllAreSettled(
            @ForAll @LongRange(max = 1L << 40) long start,
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 5) Integer> steps,
            @ForAll Random random) {
        OffsetLedger ledger = new OffsetLedger(start);
        TreeSet<Long> unsettled = new TreeSet<>();
        long next = start;
        long committed = start;
        for (int step : steps) {
            long offset = next + step - 1; // gaps of up to four offsets
            ledger.open(offset);
            unsettled.add(offset);
            next = offset + 1;
            if (random.nextInt(4) == 0) {
                next += random.nextInt(3);
                ledger.advance(next);
            }
            List<Long> shuffled = new ArrayList<>(unsettled);
            Collections.shuffle(shuffled, random);
            for (long done : shuffled.subList(0, random.nextInt(shuffled.size() + 1))) {
                ledger.complete(done);
                unsettled.remove(done);
                check(ledger, unsettled, next, committed);
                committed = ledger.committable();
            }
        }
        List<Long> rest = new ArrayList<>(unsettled);
        Collections.shuffle(rest, random);
        rest.forEach(ledger::complete);
        assertThat(ledger.committable()).isEqualTo(next);
        assertThat(ledger.unsettled()).isZero();
    }

    private static void check(OffsetLedger ledger, SortedSet<Long> unsettled, long next, long before) {
        assertThat(ledger.committable()).isEqualTo(unsettled.isEmpty() ? next : unsettled.first());
        assertThat(ledger.committable()).isGreaterThanOrEqualTo(before);
        assertThat(ledger.unsettled()).isEqualTo(unsettled.size());
    }

    @Test
    void aGapAtTheEndIsCommittedToo() {
        OffsetLedger ledger = new OffsetLedger(10);
        ledger.open(12);
        ledger.advance(20);
        assertThat(ledger.committable()).isEqualTo(12);
        ledger.complete(12);
        assertThat(ledger.committable()).isEqualTo(20);
    }

    @Test
    void aRecordIsSettledOnce() {
        OffsetLedger ledger = new OffsetLedger(0);
        ledger.open(0);
        ledger.complete(0);
        assertThatThrownBy(() -> ledger.complete(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ledger.open(0)).isInstanceOf(IllegalStateException.class);
    }
}
