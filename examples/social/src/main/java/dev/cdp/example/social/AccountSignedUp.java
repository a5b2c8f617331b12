package dev.cdp.example.social;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A person created an account and confirmed it.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param method what the account is confirmed by
 * @param email address that was confirmed, where the method has one
 * @param birthDate date of birth as the person gave it
 * @param invitedBy who sent the invitation that was followed
 * @param interests topics picked on the last page of the form
 * @param marketingConsent whether the person agreed to mails about news
 * @param formSeconds how long the form was open, in seconds
 */
public record AccountSignedUp(
        Instant occurredAt,
        Actor actor,
        Context context,
        Method method,
        @Nullable String email,
        @Nullable LocalDate birthDate,
        @Nullable String invitedBy,
        List<String> interests,
        boolean marketingConsent,
        int formSeconds)
        implements SocialEvent {

    /** What an account is confirmed by. */
    public enum Method {
        @JsonProperty("email")
        EMAIL,
        @JsonProperty("phone")
        PHONE,
        @JsonProperty("google")
        GOOGLE,
        @JsonProperty("apple")
        APPLE
    }
}
