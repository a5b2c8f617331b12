package dev.cdp.example.social;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A person began to follow an account.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param followedId the account that is followed now
 * @param source what suggested it
 * @param suggestionRank place among the suggestions, from 1, where it was one
 * @param mutual whether that account followed back already
 * @param allPosts whether the person wants to hear of every post
 */
public record PersonFollowed(
        Instant occurredAt,
        Actor actor,
        Context context,
        String followedId,
        Source source,
        @Nullable Integer suggestionRank,
        boolean mutual,
        boolean allPosts)
        implements SocialEvent {

    /** What suggests an account to follow. */
    public enum Source {
        @JsonProperty("profile")
        PROFILE,
        @JsonProperty("suggestion")
        SUGGESTION,
        @JsonProperty("contact_import")
        CONTACT_IMPORT,
        @JsonProperty("post")
        POST,
        @JsonProperty("invitation")
        INVITATION
    }
}
