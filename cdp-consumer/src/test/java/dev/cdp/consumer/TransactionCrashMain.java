package dev.cdp.consumer;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cdp.embedded.Await;
import dev.cdp.embedded.ChildJvm;

/** A transforming consumer in a process of its own, which ends at a {@link StoppingProducer.Place}. */
final class TransactionCrashMain {

    private TransactionCrashMain() {}

    /** {@code servers topic group place nth}. */
    public static void main(String[] arguments) {
        ChildJvm.announceReady();
        StoppingProducer.Place place = StoppingProducer.Place.valueOf(arguments[3]);
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[4]));
        StoppingProducer producer = new StoppingProducer(here -> {
            if (here == place && left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(CrashPoints.EXIT);
            }
        });
        ResilientConsumer.Clients clients =
                new ResilientConsumer.Clients(ResilientConsumer.Clients.KAFKA.consumers(), producer::connect);
        Map<String, Object> kafka =
                Map.of("bootstrap.servers", arguments[0], "max.poll.records", 10, "group.instance.id", "one");
        try (ResilientConsumer consumer = Pages.consumer(
                        new ConsumerBuilder(Pages.catalog(arguments[1]), clients),
                        kafka,
                        arguments[1],
                        arguments[2],
                        "tx-" + arguments[1])
                .connectTimeout(Await.LIMIT)
                .build()) {
            consumer.run();
        }
    }
}
