package com.example.app;

import dev.cdp.producer.PublishFailedException;
import dev.cdp.producer.PublishListener;
import dev.cdp.producer.PublishUncertainException;
import dev.cdp.producer.Published;
import java.time.Duration;

/** Whether events reach the broker, by how the last one ended. An invalid event says nothing about the broker. */
final class PublishHealth implements PublishListener {

    private volatile String trouble = "";

    @Override
    public void acknowledged(String event, Published published, Duration took) {
        trouble = "";
    }

    @Override
    public void failed(String event, PublishFailedException why, Duration took) {
        trouble = why.getMessage();
    }

    @Override
    public void uncertain(String event, PublishUncertainException why, Duration took) {
        trouble = "the last event got no answer from the broker";
    }

    /** Empty while all is well. */
    String trouble() {
        return trouble;
    }
}
