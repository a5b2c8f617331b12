package dev.cdp.example.social;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A person passed a post on, inside the network or out of it.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param post the post that it is about
 * @param shareId one act of sharing, the same in the link that goes out
 * @param target where it was passed on to
 * @param recipientIds accounts that it was sent to, if it was sent to any
 * @param commentLength number of characters that the sharer added
 */
public record PostShared(
        Instant occurredAt,
        Actor actor,
        Context context,
        Post post,
        UUID shareId,
        Target target,
        List<String> recipientIds,
        int commentLength)
        implements SocialEvent {

    /** Where a post is passed on to. */
    public enum Target {
        @JsonProperty("own_feed")
        OWN_FEED,
        @JsonProperty("conversation")
        CONVERSATION,
        @JsonProperty("group")
        GROUP,
        @JsonProperty("link_copied")
        LINK_COPIED,
        @JsonProperty("external_app")
        EXTERNAL_APP
    }
}
