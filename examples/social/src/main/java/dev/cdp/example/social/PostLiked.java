package dev.cdp.example.social;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A person reacted to a post, or took the reaction back.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param post the post that it is about
 * @param reaction which reaction
 * @param undone whether the reaction was taken back
 * @param secondsToReact time between seeing the post and reacting, in seconds
 */
public record PostLiked(
        Instant occurredAt,
        Actor actor,
        Context context,
        Post post,
        Reaction reaction,
        boolean undone,
        @Nullable Integer secondsToReact)
        implements SocialEvent {

    /** How a person reacts to a post. */
    public enum Reaction {
        @JsonProperty("like")
        LIKE,
        @JsonProperty("love")
        LOVE,
        @JsonProperty("laugh")
        LAUGH,
        @JsonProperty("wow")
        WOW,
        @JsonProperty("sad")
        SAD,
        @JsonProperty("angry")
        ANGRY
    }
}
