package dev.cdp.example.social;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A person sent a message into a conversation; its text is never part of the event.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param conversation where it was sent to
 * @param messageId the message
 * @param content what it mainly consists of
 * @param sizeBytes size of the encrypted message, attachments aside
 * @param attachmentBytes size of each attachment, in bytes
 * @param endToEndEncrypted whether only the members can read it
 * @param replyTo the message that it answers
 * @param expiresAt when it deletes itself, where it does
 */
public record MessageSent(
        Instant occurredAt,
        Actor actor,
        Context context,
        Conversation conversation,
        UUID messageId,
        Content content,
        int sizeBytes,
        List<Integer> attachmentBytes,
        boolean endToEndEncrypted,
        @Nullable UUID replyTo,
        @Nullable Instant expiresAt)
        implements SocialEvent {

    /**
     * Where a message is sent to.
     *
     * @param id the conversation
     * @param kind how many it is between
     * @param members number of members, the sender included
     */
    public record Conversation(String id, Kind kind, int members) {

        /** How many a conversation is between. */
        public enum Kind {
            @JsonProperty("direct")
            DIRECT,
            @JsonProperty("group")
            GROUP,
            @JsonProperty("page")
            PAGE
        }
    }

    /** What a message mainly consists of. */
    public enum Content {
        @JsonProperty("text")
        TEXT,
        @JsonProperty("photo")
        PHOTO,
        @JsonProperty("voice")
        VOICE,
        @JsonProperty("video")
        VIDEO,
        @JsonProperty("sticker")
        STICKER,
        @JsonProperty("post")
        POST
    }
}
