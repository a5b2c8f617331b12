package dev.cdp.core.validation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/** CPU time of the fast tier beside Jackson's token walk, for tuning; the benchmarks proper are elsewhere. */
final class FastSchemaTimings {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int TEXTS = 64;
    private static int sink;

    private FastSchemaTimings() {}

    public static void main(String[] args) throws Exception {
        Workload workload = new Workload(1);
        for (int round = 0; round < 2; round++) {
            compare("event", 1, i -> workload.event(), Workload.EVENT_SCHEMA);
            compare("order", 1, i -> workload.order(), Workload.ORDER_SCHEMA);
            compare("event, keys in any order", 1, i -> workload.shuffled(workload.event()), Workload.EVENT_SCHEMA);
            compare("event, 8 schemas", 8, i -> workload.event(), Workload.EVENT_SCHEMA);
            compare("order, 8 schemas", 8, i -> workload.order(), Workload.ORDER_SCHEMA);
        }
        System.out.println(sink == 42 ? "" : ".");
    }

    private static void compare(String name, int schemas, IntFunction<byte[]> texts, String schema) {
        FastSchema[] compiled = IntStream.range(0, schemas)
                .mapToObj(i -> Workload.compile(Workload.variant(schema, i)))
                .toArray(FastSchema[]::new);
        byte[][] json = IntStream.range(0, TEXTS)
                .mapToObj(i -> Workload.variant(new String(texts.apply(i), StandardCharsets.UTF_8), i % schemas)
                        .getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        for (int i = 0; i < TEXTS; i++) {
            if (!compiled[i % schemas].accepts(json[i], 0, json[i].length)) {
                throw new IllegalStateException("not accepted: " + new String(json[i], StandardCharsets.UTF_8));
            }
        }
        double[] ours = new double[7];
        double[] walks = new double[7];
        for (int i = 0; i < ours.length; i++) {
            walks[i] = nanos(k -> walk(json[k]));
            ours[i] = nanos(k -> compiled[k % schemas].accepts(json[k], 0, json[k].length) ? 1 : 0);
        }
        Arrays.sort(ours);
        Arrays.sort(walks);
        System.out.printf(
                "%-26s %5d B   walk %7.0f ns   fast %7.0f ns   ratio %.2f%n",
                name, json[0].length, walks[3], ours[3], ours[3] / walks[3]);
    }

    private interface Work {
        int apply(int k);
    }

    private static double nanos(Work work) {
        int times = 0;
        long start = THREADS.getCurrentThreadCpuTime();
        long end;
        do {
            for (int i = 0; i < 20 * TEXTS; i++) {
                sink += work.apply(i % TEXTS);
            }
            times += 20 * TEXTS;
            end = THREADS.getCurrentThreadCpuTime();
        } while (end - start < 300_000_000L);
        return (double) (end - start) / times;
    }

    private static int walk(byte[] json) {
        int tokens = 0;
        try (JsonParser parser = MAPPER.createParser(json)) {
            while (parser.nextToken() != null) {
                tokens++;
            }
        }
        return tokens;
    }
}
