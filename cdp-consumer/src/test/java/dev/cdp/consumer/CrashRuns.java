package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.cdp.embedded.EmbeddedKafka;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Runs that each end a process, some at a time, on one broker: a few that are drawn, or by {@code
 * -Dcdp.crash.runs=all}, the full size of campaigns, the whole grid, or by {@code -Dcdp.crash.part=2/4} beside it a part of that.
 */
final class CrashRuns {

    private static final int AT_ONCE = 3;

    private CrashRuns() {}

    /** Plays a run, and says what is broken after it. */
    interface Play<R> {
        List<String> of(EmbeddedKafka kafka, R run) throws Exception;
    }

    /** Has the broker see soon that a member of a group is dead, also by the protocol that lets clients not say when. */
    static void endSessionsSoon(Topics topics) throws ExecutionException, InterruptedException {
        topics.admin
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, topics.group),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("consumer.session.timeout.ms", "1500"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    static long seed() {
        return Long.getLong("cdp.crash.seed", System.nanoTime());
    }

    /** So many of a grid, or those that the properties name. */
    static <R> List<R> drawn(List<R> grid, int few, Random random) {
        if (System.getProperty("cdp.crash.runs", Boolean.getBoolean("cdp.campaigns.full") ? "all" : "")
                .equals("all")) {
            String[] part = System.getProperty("cdp.crash.part", "1/1").split("/", 2);
            List<R> drawn = new ArrayList<>();
            for (int i = Integer.parseInt(part[0]) - 1; i < grid.size(); i += Integer.parseInt(part[1])) {
                drawn.add(grid.get(i));
            }
            return drawn;
        }
        List<R> shuffled = new ArrayList<>(grid);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, Integer.getInteger("cdp.crash.runs", few));
    }

    /** What it says, or what it waited for in vain. */
    private static <R> List<String> found(EmbeddedKafka kafka, R run, Play<R> play) throws Exception {
        try {
            return play.of(kafka, run);
        } catch (AssertionError e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /** What is broken, by run; none where all held. */
    static <R> Map<R, List<String>> broken(EmbeddedKafka kafka, List<R> runs, Play<R> play)
            throws ExecutionException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            Map<R, Future<List<String>>> playing = new LinkedHashMap<>();
            runs.forEach(run -> playing.put(run, threads.submit(() -> found(kafka, run, play))));
            Map<R, List<String>> broken = new LinkedHashMap<>();
            for (Map.Entry<R, Future<List<String>>> run : playing.entrySet()) {
                List<String> found = run.getValue().get();
                if (!found.isEmpty()) {
                    broken.put(run.getKey(), found);
                }
            }
            return broken;
        } finally {
            threads.shutdownNow();
        }
    }
}
