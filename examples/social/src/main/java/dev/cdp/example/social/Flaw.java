package dev.cdp.example.social;

import java.time.Instant;
import java.util.Collections;
import java.util.List;

/** A mistake that an application makes with a typed record, each refused for another reason. */
public enum Flaw {
    /** A stopwatch that was read backwards. */
    NEGATIVE_DWELL("/dwell_ms", "minimum"),
    /** A percentage where a fraction belongs. */
    PERCENT_FOR_FRACTION("/visible_fraction", "maximum"),
    /** An id that was never filled in. */
    BLANK_ACTOR("/actor/id", "minLength"),
    /** A country's name where its code belongs. */
    COUNTRY_NAME("/context/geo/country", "pattern"),
    /** A null that the compiler did not see; it is what the incident's messages lacked. */
    NO_SUBJECT_TYPE("/context", "required"),
    /** A caption that consists of hashtags. */
    TOO_MANY_TAGS("/tags", "maxItems"),
    /** Somebody named twice in a text and twice in its list. */
    MENTIONED_TWICE("/mentions", "uniqueItems"),
    /** A field of a form that nobody checked. */
    BROKEN_EMAIL("/email", "format"),
    /** A division of nothing by nothing. */
    NOT_A_NUMBER("/playback_rate", "type"),
    /** A time that its schema allows and no ClickHouse column holds. */
    YEAR_2525("/scheduled_for", "x-column");

    private final String path;
    private final String keyword;

    Flaw(String path, String keyword) {
        this.path = path;
        this.keyword = keyword;
    }

    /** JSON Pointer that the violation is reported at. */
    public String path() {
        return path;
    }

    /** The keyword that refuses it. */
    public String keyword() {
        return keyword;
    }

    SocialEvent make(SocialEvents events) {
        return switch (this) {
            case NEGATIVE_DWELL -> negativeDwell(events);
            case PERCENT_FOR_FRACTION -> percentForFraction(events);
            case BLANK_ACTOR -> blankActor(events);
            case COUNTRY_NAME -> countryName(events);
            case NO_SUBJECT_TYPE -> noSubjectType(events);
            case TOO_MANY_TAGS -> tooManyTags(events);
            case MENTIONED_TWICE -> mentionedTwice(events);
            case BROKEN_EMAIL -> brokenEmail(events);
            case NOT_A_NUMBER -> notANumber(events);
            case YEAR_2525 -> year2525(events);
        };
    }

    private static SocialEvent negativeDwell(SocialEvents events) {
        PostViewed e = events.postViewed();
        return new PostViewed(
                e.occurredAt(),
                e.actor(),
                e.context(),
                e.post(),
                e.surface(),
                -e.dwellMs(),
                e.visibleFraction(),
                e.position(),
                e.sponsored());
    }

    private static SocialEvent percentForFraction(SocialEvents events) {
        PostViewed e = events.postViewed();
        return new PostViewed(
                e.occurredAt(),
                e.actor(),
                e.context(),
                e.post(),
                e.surface(),
                e.dwellMs(),
                2 + 98 * e.visibleFraction(),
                e.position(),
                e.sponsored());
    }

    private static SocialEvent blankActor(SocialEvents events) {
        PostLiked e = events.postLiked();
        Actor actor = e.actor();
        return new PostLiked(
                e.occurredAt(),
                new Actor("", actor.kind(), actor.verified(), actor.accountAgeDays()),
                e.context(),
                e.post(),
                e.reaction(),
                e.undone(),
                e.secondsToReact());
    }

    private static SocialEvent countryName(SocialEvents events) {
        PersonFollowed e = events.personFollowed();
        Context c = e.context();
        Context.Geo geo = new Context.Geo(
                "Germany", c.geo().region(), c.geo().city(), c.geo().timeZone());
        return new PersonFollowed(
                e.occurredAt(),
                e.actor(),
                new Context(c.subject(), c.subjectType(), geo, c.device(), c.app(), c.session()),
                e.followedId(),
                e.source(),
                e.suggestionRank(),
                e.mutual(),
                e.allPosts());
    }

    @SuppressWarnings("NullAway") // the mistake that this shows
    private static SocialEvent noSubjectType(SocialEvents events) {
        PostShared e = events.postShared();
        Context c = e.context();
        return new PostShared(
                e.occurredAt(),
                e.actor(),
                new Context(c.subject(), null, c.geo(), c.device(), c.app(), c.session()),
                e.post(),
                e.shareId(),
                e.target(),
                e.recipientIds(),
                e.commentLength());
    }

    private static SocialEvent tooManyTags(SocialEvents events) {
        PostCreated e = events.postCreated();
        return new PostCreated(
                e.occurredAt(),
                e.actor(),
                e.context(),
                e.post(),
                e.visibility(),
                e.textLength(),
                e.language(),
                Collections.nCopies(31, "sunset"),
                e.mentions(),
                e.mediaCount(),
                e.scheduledFor(),
                e.quotedId());
    }

    private static SocialEvent mentionedTwice(SocialEvents events) {
        CommentAdded e = events.commentAdded();
        return new CommentAdded(
                e.occurredAt(),
                e.actor(),
                e.context(),
                e.post(),
                e.comment(),
                List.of(e.actor().id(), e.actor().id()),
                e.hasLink(),
                e.toxicity());
    }

    private static SocialEvent brokenEmail(SocialEvents events) {
        AccountSignedUp e = events.accountSignedUp();
        return new AccountSignedUp(
                e.occurredAt(),
                e.actor(),
                e.context(),
                AccountSignedUp.Method.EMAIL,
                "someone at example.org",
                e.birthDate(),
                e.invitedBy(),
                e.interests(),
                e.marketingConsent(),
                e.formSeconds());
    }

    private static SocialEvent notANumber(SocialEvents events) {
        VideoWatched e = events.videoWatched();
        return new VideoWatched(
                e.occurredAt(),
                e.actor(),
                e.context(),
                e.video(),
                e.watchedMs(),
                e.furthestMs(),
                e.completed(),
                e.quality(),
                Double.NaN,
                e.stallsMs(),
                e.muted(),
                e.captionLanguage());
    }

    private static SocialEvent year2525(SocialEvents events) {
        PostCreated e = events.postCreated();
        return new PostCreated(
                e.occurredAt(),
                e.actor(),
                e.context(),
                e.post(),
                e.visibility(),
                e.textLength(),
                e.language(),
                e.tags(),
                e.mentions(),
                e.mediaCount(),
                Instant.parse("2525-01-01T00:00:00Z"),
                e.quotedId());
    }
}
