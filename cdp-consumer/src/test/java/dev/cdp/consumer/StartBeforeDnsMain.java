package dev.cdp.consumer;

import java.util.Map;

/** A consumer that starts before DNS knows its broker; prints what it waits for and what it handles. */
final class StartBeforeDnsMain {

    private StartBeforeDnsMain() {}

    /** Arguments: bootstrap servers, topic. */
    public static void main(String[] args) {
        try (ResilientConsumer consumer = ResilientConsumer.builder(Topics.catalog(args[1], "enforce"))
                .kafka(Map.of("bootstrap.servers", args[0]))
                .group("before-dns-" + args[1])
                .topics(args[1])
                .startWithoutBroker()
                .listener(new ConsumerListener() {
                    @Override
                    public void outageBegan(Outage outage) {
                        System.out.println("waits for " + outage.what());
                    }
                })
                .handle(
                        Topics.PageViewed.class,
                        (event, delivery) ->
                                System.out.println("handled " + event.payload().ordinal()))
                .build()) {
            consumer.run();
        }
    }
}
