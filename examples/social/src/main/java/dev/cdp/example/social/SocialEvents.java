package dev.cdp.example.social;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An endless run of events as a social network has them: mostly views, a few people and posts that most of them are
 * about, by day more than by night, and all of the last three days. The same seed and time give the same events. For
 * one thread.
 */
public final class SocialEvents {

    private static final List<String> TAGS = List.of(
            "sunset", "football", "cats", "recipe", "throwback", "travel", "music", "newbook", "garden", "coding");
    private static final int REMEMBERED_ADS = 100;

    private final Dice dice;
    private final Instant now;
    private final Crowd crowd;
    private final Library library;
    private final Deque<Shown> shown = new ArrayDeque<>();
    private final List<Share> mix = List.of(
            new Share(340, this::postViewed),
            new Share(120, this::feedLoaded),
            new Share(90, this::videoWatched),
            new Share(90, this::adShown),
            new Share(90, this::postLiked),
            new Share(70, this::messageSent),
            new Share(50, this::profileViewed),
            new Share(35, this::commentAdded),
            new Share(35, this::searchPerformed),
            new Share(30, this::notificationOpened),
            new Share(15, this::postShared),
            new Share(15, this::postCreated),
            new Share(10, this::personFollowed),
            new Share(4, this::adClicked),
            new Share(3, this::accountSignedUp),
            new Share(3, this::contentReported));
    private final int total = mix.stream().mapToInt(Share::weight).sum();

    private SocialEvents(long seed, Instant now) {
        this.dice = new Dice(seed);
        this.now = now.truncatedTo(ChronoUnit.MILLIS);
        this.crowd = new Crowd(seed, dice, this.now);
        this.library = new Library(dice, crowd);
    }

    /** The events of that seed, all of them before {@code now}. */
    public static SocialEvents of(long seed, Instant now) {
        return new SocialEvents(seed, Objects.requireNonNull(now, "now"));
    }

    /** The next event; its schema accepts it and its table holds it. */
    public SocialEvent next() {
        int left = dice.between(1, total);
        for (Share share : mix) {
            left -= share.weight();
            if (left <= 0) {
                return share.make().get();
            }
        }
        throw new IllegalStateException("the weights add up to " + total);
    }

    /** An event that is wrong in one way, as a mistake of the application makes it; a publisher refuses it. */
    public SocialEvent next(Flaw flaw) {
        return flaw.make(this);
    }

    AccountSignedUp accountSignedUp() {
        Visit visit = crowd.memberVisit();
        var method = dice.pickSkewed(AccountSignedUp.Method.class);
        boolean mail = method == AccountSignedUp.Method.EMAIL || method == AccountSignedUp.Method.GOOGLE;
        LocalDate birth = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(dice.between(14 * 365, 80 * 365));
        Actor actor = visit.actor();
        return new AccountSignedUp(
                visit.next(),
                new Actor(actor.id(), actor.kind(), false, 0),
                visit.context(actor.id(), SubjectType.ACCOUNT),
                method,
                mail ? dice.id("someone.") + "@example.org" : null,
                dice.chance(0.9) ? birth : null,
                dice.chance(0.2) ? crowd.account() : null,
                tags(6),
                dice.chance(0.35),
                dice.longTail(70, 86_400));
    }

    PostCreated postCreated() {
        Visit visit = crowd.memberVisit();
        Instant at = visit.next();
        Post post = library.publish(visit.actor().id());
        boolean text = post.kind() == Post.Kind.TEXT;
        return new PostCreated(
                at,
                visit.actor(),
                visit.context(post.id(), SubjectType.POST),
                post,
                dice.pickSkewed(PostCreated.Visibility.class),
                dice.longTail(80, 10_000),
                dice.chance(0.8) ? visit.person().place().language() : null,
                tags(5),
                accounts(dice.skewed(4)),
                text ? 0 : dice.between(1, 4),
                dice.chance(0.03) ? at.plus(Duration.ofHours(dice.between(1, 200))) : null,
                dice.chance(0.1) ? library.post().id() : null);
    }

    PostViewed postViewed() {
        Visit visit = crowd.visit();
        Post post = library.post();
        var surface = dice.pickSkewed(PostViewed.Surface.class);
        return new PostViewed(
                visit.next(),
                visit.actor(),
                visit.context(post.id(), SubjectType.POST),
                post,
                surface,
                1_000 + dice.longTail(2_500, 3_600_000),
                percent(),
                surface == PostViewed.Surface.DIRECT_LINK ? null : dice.skewed(200),
                dice.chance(0.06));
    }

    PostLiked postLiked() {
        Visit visit = crowd.memberVisit();
        Post post = library.post();
        return new PostLiked(
                visit.next(),
                visit.actor(),
                visit.context(post.id(), SubjectType.POST),
                post,
                dice.pickSkewed(PostLiked.Reaction.class),
                dice.chance(0.04),
                dice.chance(0.7) ? dice.longTail(4, 86_400) : null);
    }

    PostShared postShared() {
        Visit visit = crowd.memberVisit();
        Post post = library.post();
        var target = dice.pickSkewed(PostShared.Target.class);
        boolean toPeople = target == PostShared.Target.CONVERSATION || target == PostShared.Target.GROUP;
        return new PostShared(
                visit.next(),
                visit.actor(),
                visit.context(post.id(), SubjectType.POST),
                post,
                dice.uuid(),
                target,
                toPeople ? accounts(1 + dice.skewed(8)) : List.of(),
                dice.chance(0.3) ? dice.longTail(30, 10_000) : 0);
    }

    CommentAdded commentAdded() {
        Visit visit = crowd.memberVisit();
        int depth = dice.skewed(5);
        var comment = new CommentAdded.Comment(
                dice.id("c_"), depth == 0 ? null : dice.id("c_"), depth, 1 + dice.longTail(40, 7_999));
        return new CommentAdded(
                visit.next(),
                visit.actor(),
                visit.context(comment.id(), SubjectType.COMMENT),
                library.post(),
                comment,
                accounts(dice.skewed(3)),
                dice.chance(0.07),
                dice.chance(0.95) ? percent() * percent() : null);
    }

    FeedLoaded feedLoaded() {
        Visit visit = crowd.visit();
        var feed = dice.pickSkewed(FeedLoaded.Feed.class);
        boolean cached = dice.chance(0.12);
        List<String> posts = Stream.generate(library::post)
                .limit(dice.between(5, 20))
                .map(Post::id)
                .distinct()
                .toList();
        List<Integer> scores = posts.stream()
                .map(post -> dice.between(0, 1_000_000))
                .sorted((a, b) -> b - a)
                .toList();
        return new FeedLoaded(
                visit.next(),
                visit.actor(),
                visit.context(feed.name().toLowerCase(Locale.ROOT), SubjectType.FEED),
                dice.uuid(),
                feed,
                dice.skewed(12),
                posts,
                scores,
                dice.longTail(cached ? 40 : 320, 600_000),
                cached,
                cached ? null : dice.pickSkewed(List.of("twotower-20260901", "gradient-20260615")));
    }

    ProfileViewed profileViewed() {
        Visit visit = crowd.visit();
        var profile = new ProfileViewed.Profile(
                crowd.account(), dice.pickSkewed(ProfileViewed.Profile.Kind.class), dice.longTail(300, 90_000_000));
        return new ProfileViewed(
                visit.next(),
                visit.actor(),
                visit.context(profile.id(), SubjectType.PROFILE),
                profile,
                dice.pickSkewed(ProfileViewed.Source.class),
                dice.chance(0.6) ? dice.skewed(40) : null,
                dice.chance(0.45),
                dice.longTail(6_000, 3_600_000));
    }

    PersonFollowed personFollowed() {
        Visit visit = crowd.memberVisit();
        String followed = crowd.account();
        var source = dice.pickSkewed(PersonFollowed.Source.class);
        return new PersonFollowed(
                visit.next(),
                visit.actor(),
                visit.context(followed, SubjectType.PROFILE),
                followed,
                source,
                source == PersonFollowed.Source.SUGGESTION ? 1 + dice.skewed(30) : null,
                dice.chance(0.3),
                dice.chance(0.05));
    }

    MessageSent messageSent() {
        Visit visit = crowd.memberVisit();
        Instant at = visit.next();
        var kind = dice.pickSkewed(MessageSent.Conversation.Kind.class);
        boolean group = kind == MessageSent.Conversation.Kind.GROUP;
        var conversation = new MessageSent.Conversation(
                "conv_" + Integer.toString(40_000 + dice.skewed(3_000), 36), kind, group ? dice.between(3, 40) : 2);
        var content = dice.pickSkewed(MessageSent.Content.class);
        boolean bare = content == MessageSent.Content.TEXT || content == MessageSent.Content.STICKER;
        return new MessageSent(
                at,
                visit.actor(),
                visit.context(conversation.id(), SubjectType.CONVERSATION),
                conversation,
                dice.uuid(),
                content,
                96 + dice.longTail(120, 200_000),
                bare ? List.of() : several(1 + dice.skewed(4), () -> 1 + dice.longTail(180_000, 900_000_000)),
                kind != MessageSent.Conversation.Kind.PAGE,
                dice.chance(0.15) ? dice.uuid() : null,
                dice.chance(0.05) ? at.plus(Duration.ofDays(7)) : null);
    }

    VideoWatched videoWatched() {
        Visit visit = crowd.visit();
        Video video = library.video();
        boolean completed = dice.chance(0.3);
        int furthest = completed ? video.durationMs() : (int) (video.durationMs() * percent() * percent());
        return new VideoWatched(
                visit.next(),
                visit.actor(),
                visit.context(video.id(), SubjectType.VIDEO),
                video,
                dice.chance(0.1) ? furthest * 2 : furthest,
                furthest,
                completed,
                dice.pick(List.of(VideoWatched.Quality.values())),
                dice.pickSkewed(List.of(1.0, 1.5, 2.0, 0.75)),
                several(dice.chance(0.85) ? 0 : dice.between(1, 5), () -> dice.longTail(700, 600_000)),
                dice.chance(0.6),
                dice.chance(0.15) ? visit.person().place().language() : null);
    }

    AdShown adShown() {
        Visit visit = crowd.visit();
        Ad ad = library.ad();
        var event = new AdShown(
                visit.next(),
                visit.actor(),
                visit.context(ad.id(), SubjectType.AD),
                ad,
                dice.uuid(),
                dice.pickSkewed(AdShown.Placement.class),
                dice.longTail(2_400, 1_000_000_000),
                visit.person().place().currency(),
                1_000 + dice.longTail(1_800, 3_600_000),
                Stream.generate(() -> 4_000_000_000L + dice.skewed(500))
                        .limit(dice.between(1, 6))
                        .distinct()
                        .toList(),
                dice.chance(0.8) ? LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(dice.between(0, 60)) : null);
        shown.addLast(new Shown(visit, event));
        if (shown.size() > REMEMBERED_ADS) {
            shown.removeFirst();
        }
        return event;
    }

    AdClicked adClicked() {
        shown.removeIf(ad -> ad.visit().reaches(now));
        if (shown.isEmpty()) {
            adShown();
        }
        Shown last = shown.removeLast();
        AdShown ad = last.event();
        Visit visit = last.visit();
        Instant at = visit.next();
        boolean tapped = visit.person().device().platform() != Context.Device.Platform.TV;
        return new AdClicked(
                at,
                visit.actor(),
                visit.context(ad.ad().id(), SubjectType.AD),
                ad.ad(),
                ad.auctionId(),
                "shop" + ad.ad().advertiserId() + ".example",
                (int) Duration.between(ad.occurredAt(), at).toMillis(),
                tapped ? percent() : null,
                tapped ? percent() : null,
                dice.chance(0.03));
    }

    SearchPerformed searchPerformed() {
        Visit visit = crowd.visit();
        var search = dice.uuid();
        int words = 1 + dice.skewed(8);
        boolean found = dice.chance(0.9);
        return new SearchPerformed(
                visit.next(),
                visit.actor(),
                visit.context(search.toString(), SubjectType.SEARCH),
                search,
                dice.pickSkewed(SearchPerformed.Scope.class),
                words * dice.between(3, 9),
                words,
                Stream.of(SearchPerformed.Filter.values())
                        .filter(filter -> dice.chance(0.08))
                        .toList(),
                found ? 1 + dice.longTail(150, 9_999) : 0,
                dice.longTail(180, 600_000),
                dice.chance(0.1),
                found && dice.chance(0.5) ? dice.skewed(20) : null);
    }

    ContentReported contentReported() {
        Visit visit = crowd.memberVisit();
        Post post = library.post();
        var reason = dice.pickSkewed(ContentReported.Reason.class);
        return new ContentReported(
                visit.next(),
                visit.actor(),
                visit.context(post.id(), SubjectType.POST),
                dice.uuid(),
                post.id(),
                ContentReported.ContentType.POST,
                post.authorId(),
                reason,
                dice.chance(0.4) ? dice.longTail(60, 4_000) : 0,
                dice.skewed(20),
                reason == ContentReported.Reason.SELF_HARM || reason == ContentReported.Reason.VIOLENCE);
    }

    NotificationOpened notificationOpened() {
        Visit visit = crowd.memberVisit();
        Instant at = visit.next();
        var notification = new NotificationOpened.Notification(
                dice.uuid(),
                dice.pickSkewed(NotificationOpened.Notification.Kind.class),
                dice.pickSkewed(NotificationOpened.Notification.Channel.class),
                at.minusSeconds(1 + dice.longTail(600, 86_400)));
        return new NotificationOpened(
                at,
                visit.actor(),
                visit.context(notification.id().toString(), SubjectType.NOTIFICATION),
                notification,
                1 + dice.skewed(6),
                dice.chance(0.7) ? dice.skewed(100) : null);
    }

    private double percent() {
        return dice.between(0, 100) / 100.0;
    }

    private List<String> tags(int atMost) {
        return Stream.generate(() -> dice.pickSkewed(TAGS))
                .limit(dice.between(0, atMost))
                .distinct()
                .toList();
    }

    private List<String> accounts(int atMost) {
        return Stream.generate(crowd::account).limit(atMost).distinct().toList();
    }

    private static List<Integer> several(int count, Supplier<Integer> value) {
        return IntStream.range(0, count).mapToObj(i -> value.get()).toList();
    }

    private record Share(int weight, Supplier<SocialEvent> make) {}

    private record Shown(Visit visit, AdShown event) {}
}
