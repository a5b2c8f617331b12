package dev.cdp.example.social;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A person followed an ad to where it leads.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param ad the ad that it is about
 * @param auctionId the auction that the ad won; the same as that of its ad_shown
 * @param destinationHost host that the ad leads to
 * @param msSinceShown time since the ad came on screen, in milliseconds
 * @param tapX where it was tapped, from left 0 to right 1
 * @param tapY where it was tapped, from top 0 to bottom 1
 * @param suspicious whether the click looks like one that no person made
 */
public record AdClicked(
        Instant occurredAt,
        Actor actor,
        Context context,
        Ad ad,
        UUID auctionId,
        String destinationHost,
        int msSinceShown,
        @Nullable Double tapX,
        @Nullable Double tapY,
        boolean suspicious)
        implements SocialEvent {}
