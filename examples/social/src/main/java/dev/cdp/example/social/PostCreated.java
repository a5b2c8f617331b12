package dev.cdp.example.social;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A person published a post, or scheduled one.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param post the post that it is about
 * @param visibility who may see it
 * @param textLength number of characters of its text
 * @param language BCP 47 tag of the language that the text was found to be in
 * @param tags hashtags in the order of the text, without #
 * @param mentions accounts named in the text
 * @param mediaCount number of photos and videos attached
 * @param scheduledFor when it is to appear; absent when it appeared at once
 * @param quotedId the post that it quotes
 */
public record PostCreated(
        Instant occurredAt,
        Actor actor,
        Context context,
        Post post,
        Visibility visibility,
        int textLength,
        @Nullable String language,
        List<String> tags,
        List<String> mentions,
        int mediaCount,
        @Nullable Instant scheduledFor,
        @Nullable String quotedId)
        implements SocialEvent {

    /** Who may see a post. */
    public enum Visibility {
        @JsonProperty("public")
        PUBLIC,
        @JsonProperty("followers")
        FOLLOWERS,
        @JsonProperty("friends")
        FRIENDS,
        @JsonProperty("private")
        PRIVATE
    }
}
