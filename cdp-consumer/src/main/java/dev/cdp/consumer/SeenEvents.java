package dev.cdp.consumer;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cdp.core.event.EventAttributes;

/** The ids of events that were processed in this process within a window. Thread-safe. */
final class SeenEvents {

    private final Cache<String, Boolean> ids;

    /**
     * A window.
     *
     * @param most how many ids are kept, the latest ones
     */
    SeenEvents(Duration window, int most) {
        this.ids =
                Caffeine.newBuilder().expireAfterWrite(window).maximumSize(most).build();
    }

    boolean contains(EventAttributes event) {
        return ids.getIfPresent(name(event)) != null;
    }

    void add(EventAttributes event) {
        ids.put(name(event), true);
    }

    /** An id is unique for its source, as CloudEvents has it. */
    private static String name(EventAttributes event) {
        return event.source() + " " + event.id();
    }
}
