package dev.cdp.example.social;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The ad that an event is about.
 *
 * @param id the creative that is shown
 * @param campaignId the campaign that pays for it
 * @param advertiserId the account that is billed
 * @param format what it looks like
 */
public record Ad(String id, long campaignId, long advertiserId, Format format) {

    /** What an ad looks like. */
    public enum Format {
        @JsonProperty("image")
        IMAGE,
        @JsonProperty("carousel")
        CAROUSEL,
        @JsonProperty("video")
        VIDEO,
        @JsonProperty("story")
        STORY
    }
}
