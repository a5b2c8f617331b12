package dev.cdp.example.social;

import java.time.Instant;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A person tapped a notification.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param notification the notification
 * @param bundled how many it stood for
 * @param badgeCount number on the app's badge at that time
 */
public record NotificationOpened(
        Instant occurredAt,
        Actor actor,
        Context context,
        Notification notification,
        int bundled,
        @Nullable Integer badgeCount)
        implements SocialEvent {

    /**
     * The notification that was tapped.
     *
     * @param id the notification
     * @param kind what it tells of
     * @param channel how it arrived
     * @param sentAt when it was sent
     */
    public record Notification(UUID id, Kind kind, Channel channel, Instant sentAt) {

        /** What a notification tells of. */
        public enum Kind {
            @JsonProperty("like")
            LIKE,
            @JsonProperty("comment")
            COMMENT,
            @JsonProperty("follow")
            FOLLOW,
            @JsonProperty("message")
            MESSAGE,
            @JsonProperty("mention")
            MENTION,
            @JsonProperty("digest")
            DIGEST
        }

        /** How a notification arrives. */
        public enum Channel {
            @JsonProperty("push")
            PUSH,
            @JsonProperty("email")
            EMAIL,
            @JsonProperty("in_app")
            IN_APP
        }
    }
}
