package com.example.app;

import dev.cdp.producer.CdpProducer;
import dev.cdp.producer.EventPublisher;

/**
 * What the application publishes. A test gives publishers that record.
 *
 * @param views {@code post_viewed}, whose JSON the page writes itself
 */
public record Events(
        EventPublisher<byte[]> views, EventPublisher<PostLiked> likes, EventPublisher<AccountCreated> accounts) {

    /** Checks the classes against their schemas, and that the topics are there: a mistake ends the start. */
    static Events of(CdpProducer producer) {
        return new Events(
                producer.jsonPublisher("post_viewed"),
                producer.publisher(PostLiked.class),
                producer.publisher(AccountCreated.class));
    }
}
