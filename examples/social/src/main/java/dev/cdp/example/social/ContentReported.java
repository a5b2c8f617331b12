package dev.cdp.example.social;

import java.time.Instant;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A person reported a post, a comment, a video or a profile.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param reportId the report
 * @param contentId what is reported
 * @param contentType what kind of thing is reported
 * @param contentAuthorId whose it is
 * @param reason why, as the person chose from the list
 * @param detailsLength number of characters that the person added
 * @param earlierReports how many the person has sent before
 * @param urgent whether it goes before a moderator at once
 */
public record ContentReported(
        Instant occurredAt,
        Actor actor,
        Context context,
        UUID reportId,
        String contentId,
        ContentType contentType,
        String contentAuthorId,
        Reason reason,
        int detailsLength,
        int earlierReports,
        boolean urgent)
        implements SocialEvent {

    /** What kind of thing is reported. */
    public enum ContentType {
        @JsonProperty("post")
        POST,
        @JsonProperty("comment")
        COMMENT,
        @JsonProperty("video")
        VIDEO,
        @JsonProperty("profile")
        PROFILE,
        @JsonProperty("message")
        MESSAGE
    }

    /** Why something is reported. */
    public enum Reason {
        @JsonProperty("spam")
        SPAM,
        @JsonProperty("harassment")
        HARASSMENT,
        @JsonProperty("hate")
        HATE,
        @JsonProperty("violence")
        VIOLENCE,
        @JsonProperty("nudity")
        NUDITY,
        @JsonProperty("false_information")
        FALSE_INFORMATION,
        @JsonProperty("self_harm")
        SELF_HARM,
        @JsonProperty("other")
        OTHER
    }
}
