package dev.cdp.consumer;

import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

/** The whole consumer against a simulated world, by tens of thousands of schedules. See {@link ModelWorld}. */
class ModelTest {

    /** 50 makes a million of 20,000 schedules. */
    private static final int TIMES =
            Integer.getInteger("cdp.model.times", Boolean.getBoolean("cdp.campaigns.full") ? 50 : 1);

    @Property(tries = 1_500)
    void everyPromiseHoldsUnderSomeSchedules(@ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int steps) {
        assertThat(broken(seed, steps)).isEmpty();
    }

    @Tag("campaign")
    @Property(tries = 20_000)
    void everyPromiseHoldsUnderEverySchedule(@ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int steps) {
        for (int time = 0; time < TIMES; time++) {
            assertThat(broken(seed + time, steps)).isEmpty();
        }
    }

    private static List<String> broken(long seed, int steps) {
        ModelWorld world = new ModelWorld(seed);
        for (int step = 0; step < steps && world.broken.isEmpty(); step++) {
            world.step();
        }
        if (world.broken.isEmpty()) {
            world.heal();
            world.checkEnd();
        }
        return world.broken;
    }
}
