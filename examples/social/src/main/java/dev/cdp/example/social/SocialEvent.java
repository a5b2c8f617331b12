package dev.cdp.example.social;

import java.time.Instant;
import java.util.List;

/** An event of the social network: what every one of them says. */
public sealed interface SocialEvent
        permits AccountSignedUp,
                PostCreated,
                PostViewed,
                PostLiked,
                PostShared,
                CommentAdded,
                FeedLoaded,
                ProfileViewed,
                PersonFollowed,
                MessageSent,
                VideoWatched,
                AdShown,
                AdClicked,
                SearchPerformed,
                ContentReported,
                NotificationOpened {

    /** The class of every event, in the order of the catalog. */
    static List<Class<? extends SocialEvent>> types() {
        return List.of(
                AccountSignedUp.class,
                PostCreated.class,
                PostViewed.class,
                PostLiked.class,
                PostShared.class,
                CommentAdded.class,
                FeedLoaded.class,
                ProfileViewed.class,
                PersonFollowed.class,
                MessageSent.class,
                VideoWatched.class,
                AdShown.class,
                AdClicked.class,
                SearchPerformed.class,
                ContentReported.class,
                NotificationOpened.class);
    }

    /** When it happened, by the clock of the device. */
    Instant occurredAt();

    /** Who did it. */
    Actor actor();

    /** Where it comes from and what it is about. */
    Context context();
}
