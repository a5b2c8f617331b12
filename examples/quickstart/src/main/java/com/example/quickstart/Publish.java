package com.example.quickstart;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.producer.CdpProducer;
import dev.cdp.producer.EventPublisher;
import dev.cdp.producer.Published;
import java.time.Instant;
import java.util.Map;

/** Publishes one event. */
public final class Publish {

    private Publish() {}

    /** Publishes to the broker at {@code args[0]}. */
    public static void main(String[] args) {
        System.out.println(publish(Map.of("bootstrap.servers", args[0])));
    }

    static Published publish(Map<String, Object> kafka) {
        // README: publish
        Catalog catalog = Catalog.fromClasspath("cdp/cdp.yaml");
        try (CdpProducer producer = CdpProducer.connect(catalog, kafka)) {
            EventPublisher<PostViewed> views = producer.publisher(PostViewed.class);
            return views.publish(new PostViewed("ann", "post-1", Instant.now(), 2_500))
                    .whenComplete((published, refused) -> {
                        if (refused != null) {
                            System.err.println(refused.getMessage()); // which field, what was expected
                        }
                    })
                    .join();
        }
        // README: end
    }
}
