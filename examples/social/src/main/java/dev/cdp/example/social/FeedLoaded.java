package dev.cdp.example.social;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The app fetched a page of posts to show.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param loadId one request for a page
 * @param feed which feed
 * @param page number of the page since the last refresh, from 0
 * @param postIds the posts of the page in their order
 * @param candidateScores what the ranker gave each post, times 1000
 * @param latencyMs time from request to first post on screen, in milliseconds
 * @param fromCache whether the page came from the device itself
 * @param ranker name and date of the ranking model
 */
public record FeedLoaded(
        Instant occurredAt,
        Actor actor,
        Context context,
        UUID loadId,
        Feed feed,
        int page,
        List<String> postIds,
        List<Integer> candidateScores,
        int latencyMs,
        boolean fromCache,
        @Nullable String ranker)
        implements SocialEvent {

    /** Which feed is loaded. */
    public enum Feed {
        @JsonProperty("home")
        HOME,
        @JsonProperty("following")
        FOLLOWING,
        @JsonProperty("discover")
        DISCOVER
    }
}
