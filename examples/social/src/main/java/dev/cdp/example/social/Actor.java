package dev.cdp.example.social;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Who did it.
 *
 * @param id the person, page or guest that acts
 * @param kind what kind of account acts
 * @param verified whether the account carries the verified badge
 * @param accountAgeDays how many days ago the account was created; guests have none
 */
public record Actor(
        String id, Kind kind, boolean verified, @Nullable Integer accountAgeDays) {

    /** What kind of account acts. */
    public enum Kind {
        @JsonProperty("member")
        MEMBER,
        @JsonProperty("page")
        PAGE,
        @JsonProperty("guest")
        GUEST,
        @JsonProperty("bot")
        BOT
    }
}
