package dev.cdp.example.social;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The post that an event is about.
 *
 * @param id the post
 * @param authorId who wrote it
 * @param kind what it mainly consists of
 */
public record Post(String id, String authorId, Kind kind) {

    /** What a post mainly consists of. */
    public enum Kind {
        @JsonProperty("text")
        TEXT,
        @JsonProperty("photo")
        PHOTO,
        @JsonProperty("video")
        VIDEO,
        @JsonProperty("link")
        LINK,
        @JsonProperty("poll")
        POLL
    }
}
