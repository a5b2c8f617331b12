package dev.cdp.example.social;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A person searched; the words themselves are never part of the event.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param searchId one search, its further pages included
 * @param scope what was searched
 * @param queryLength number of characters of the query
 * @param queryWords number of words of the query
 * @param filters filters that were on
 * @param resultCount how many were found; counting stops at 10,000
 * @param latencyMs time from request to first result, in milliseconds
 * @param corrected whether the spelling was corrected
 * @param clickedPosition place of the first result that was opened, from 0, if one was
 */
public record SearchPerformed(
        Instant occurredAt,
        Actor actor,
        Context context,
        UUID searchId,
        Scope scope,
        int queryLength,
        int queryWords,
        List<Filter> filters,
        int resultCount,
        int latencyMs,
        boolean corrected,
        @Nullable Integer clickedPosition)
        implements SocialEvent {

    /** What is searched. */
    public enum Scope {
        @JsonProperty("all")
        ALL,
        @JsonProperty("people")
        PEOPLE,
        @JsonProperty("posts")
        POSTS,
        @JsonProperty("videos")
        VIDEOS,
        @JsonProperty("places")
        PLACES
    }

    /** What narrows a search. */
    public enum Filter {
        @JsonProperty("recent")
        RECENT,
        @JsonProperty("near_me")
        NEAR_ME,
        @JsonProperty("following")
        FOLLOWING,
        @JsonProperty("verified")
        VERIFIED,
        @JsonProperty("with_media")
        WITH_MEDIA
    }
}
