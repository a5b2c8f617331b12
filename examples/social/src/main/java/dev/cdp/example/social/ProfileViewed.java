package dev.cdp.example.social;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A person opened the profile of somebody else.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param profile whose profile
 * @param source what led there
 * @param mutualConnections how many accounts the two have in common
 * @param following whether the person followed it already
 * @param dwellMs how long it was open, in milliseconds
 */
public record ProfileViewed(
        Instant occurredAt,
        Actor actor,
        Context context,
        Profile profile,
        Source source,
        @Nullable Integer mutualConnections,
        boolean following,
        int dwellMs)
        implements SocialEvent {

    /**
     * Whose profile is opened.
     *
     * @param id whose profile it is
     * @param kind what kind of account it is of
     * @param followerCount how many followed it at that time
     */
    public record Profile(String id, Kind kind, long followerCount) {

        /** What kind of account a profile is of. */
        public enum Kind {
            @JsonProperty("person")
            PERSON,
            @JsonProperty("creator")
            CREATOR,
            @JsonProperty("business")
            BUSINESS
        }
    }

    /** What leads to a profile. */
    public enum Source {
        @JsonProperty("feed")
        FEED,
        @JsonProperty("search")
        SEARCH,
        @JsonProperty("mention")
        MENTION,
        @JsonProperty("suggestion")
        SUGGESTION,
        @JsonProperty("link")
        LINK,
        @JsonProperty("notification")
        NOTIFICATION
    }
}
