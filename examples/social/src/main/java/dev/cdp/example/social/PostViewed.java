package dev.cdp.example.social;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A person had a post on screen for at least one second.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param post the post that it is about
 * @param surface where in the app it was seen
 * @param dwellMs how long it was on screen, in milliseconds
 * @param visibleFraction largest part of it that was on screen at once
 * @param position place in the list that it stood in, from 0
 * @param sponsored whether somebody paid for its place
 */
public record PostViewed(
        Instant occurredAt,
        Actor actor,
        Context context,
        Post post,
        Surface surface,
        int dwellMs,
        double visibleFraction,
        @Nullable Integer position,
        boolean sponsored)
        implements SocialEvent {

    /** Where in the app a post is seen. */
    public enum Surface {
        @JsonProperty("feed")
        FEED,
        @JsonProperty("profile")
        PROFILE,
        @JsonProperty("search")
        SEARCH,
        @JsonProperty("notification")
        NOTIFICATION,
        @JsonProperty("direct_link")
        DIRECT_LINK
    }
}
