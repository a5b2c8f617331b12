package dev.cdp.producer;

import dev.cdp.core.CdpException;

/** Thrown where an event's topic does not exist; the message says how to create it. */
public final class TopicMissingException extends CdpException {

    private final String topic;

    TopicMissingException(String topic, String message) {
        super(message);
        this.topic = topic;
    }

    /** The topic that is missing. */
    public String topic() {
        return topic;
    }

    /** True: the same call succeeds once the topic is there. */
    @Override
    public boolean retryable() {
        return true;
    }
}
