package dev.cdp.example.social;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A person commented on a post or answered a comment.
 *
 * @param occurredAt when it happened, by the clock of the device
 * @param actor who did it
 * @param context where it comes from and what it is about
 * @param post the post that it is about
 * @param comment the comment
 * @param mentions accounts named in the text
 * @param hasLink whether the text holds a link
 * @param toxicity what the classifier made of it before it was shown, 0 to 1
 */
public record CommentAdded(
        Instant occurredAt,
        Actor actor,
        Context context,
        Post post,
        Comment comment,
        List<String> mentions,
        boolean hasLink,
        @Nullable Double toxicity)
        implements SocialEvent {

    /**
     * The comment that was added.
     *
     * @param id the comment
     * @param parentId the comment that it answers; absent on the post itself
     * @param depth how many comments stand above it
     * @param textLength number of characters of its text
     */
    public record Comment(String id, @Nullable String parentId, int depth, int textLength) {}
}
