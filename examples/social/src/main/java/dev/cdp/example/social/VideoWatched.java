package dev.cdp.example.social;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A person stopped watching a video, at its end or before.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param video the video that it is about
 * @param watchedMs how much of it was played, repeats included, in milliseconds
 * @param furthestMs the furthest place that was reached, in milliseconds
 * @param completed whether its end was reached
 * @param quality resolution that most of it was played in
 * @param playbackRate speed that it was played at
 * @param stallsMs length of each pause for loading, in milliseconds
 * @param muted whether it was played without sound
 * @param captionLanguage BCP 47 tag of the captions, where they were on
 */
public record VideoWatched(
        Instant occurredAt,
        Actor actor,
        Context context,
        Video video,
        int watchedMs,
        int furthestMs,
        boolean completed,
        Quality quality,
        double playbackRate,
        List<Integer> stallsMs,
        boolean muted,
        @Nullable String captionLanguage)
        implements SocialEvent {

    /** Resolution of a video. */
    public enum Quality {
        @JsonProperty("240p")
        P240,
        @JsonProperty("480p")
        P480,
        @JsonProperty("720p")
        P720,
        @JsonProperty("1080p")
        P1080,
        @JsonProperty("2160p")
        P2160
    }
}
