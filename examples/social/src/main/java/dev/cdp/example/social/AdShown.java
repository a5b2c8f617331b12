package dev.cdp.example.social;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * An ad was on screen long enough to be billed.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param ad the ad that it is about
 * @param auctionId the auction that the ad won
 * @param placement where it stood
 * @param priceMicros price of this impression, in millionths of the currency
 * @param currency ISO 4217 code of the currency
 * @param visibleMs how long at least half of it was on screen, in milliseconds
 * @param segmentIds the audience segments that it was bought for
 * @param campaignEnds last day of the campaign
 */
public record AdShown(
        Instant occurredAt,
        Actor actor,
        Context context,
        Ad ad,
        UUID auctionId,
        Placement placement,
        int priceMicros,
        String currency,
        int visibleMs,
        List<Long> segmentIds,
        @Nullable LocalDate campaignEnds)
        implements SocialEvent {

    /** Where an ad stands. */
    public enum Placement {
        @JsonProperty("feed")
        FEED,
        @JsonProperty("story")
        STORY,
        @JsonProperty("video_preroll")
        VIDEO_PREROLL,
        @JsonProperty("search")
        SEARCH,
        @JsonProperty("sidebar")
        SIDEBAR
    }
}
