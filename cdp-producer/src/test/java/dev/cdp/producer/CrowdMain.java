package dev.cdp.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishes from many threads, in quarters, and prints the heap in use after each, then the balance. */
final class CrowdMain {

    private CrowdMain() {}

    /** Arguments: bootstrap servers, threads, events. */
    public static void main(String[] args) throws InterruptedException {
        int threads = Integer.parseInt(args[1]);
        int events = Integer.parseInt(args[2]);
        AtomicInteger taken = new AtomicInteger();
        CdpProducer producer = CdpProducer.connect(Shop.CATALOG, Map.of("bootstrap.servers", args[0]));
        EventPublisher<Shop.CartOpened> carts = producer.publisher(Shop.CartOpened.class);
        Shop.CartOpened cart = new Shop.CartOpened("x".repeat(1_000));
        for (int quarter = 0; quarter < 4; quarter++) {
            int end = (int) (events * (quarter + 1L) / 4);
            taken.set((int) (events * (long) quarter / 4));
            List<Thread> crowd = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                crowd.add(new Thread(() -> {
                    while (taken.getAndIncrement() < end) {
                        var unused = carts.publish(cart);
                    }
                }));
            }
            crowd.forEach(Thread::start);
            for (Thread thread : crowd) {
                thread.join();
            }
            producer.flush();
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            System.out.println("heap " + (runtime.totalMemory() - runtime.freeMemory()));
            System.out.println("quarter " + (quarter + 1));
        }
        System.out.println(producer.close(Duration.ofMinutes(1)));
    }
}
