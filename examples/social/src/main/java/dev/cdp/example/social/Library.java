package dev.cdp.example.social;

import java.util.ArrayList;
import java.util.List;

/** The posts, videos and ads that there are to see; a few of each are seen by nearly everybody. For one thread. */
final class Library {

    private static final int POSTS = 3_000;
    private static final int VIDEOS = 400;
    private static final int ADS = 60;

    private final Dice dice;
    private final List<Post> posts = new ArrayList<>();
    private final List<Video> videos = new ArrayList<>();
    private final List<Ad> ads = new ArrayList<>();

    Library(Dice dice, Crowd crowd) {
        this.dice = dice;
        for (int i = 0; i < POSTS; i++) {
            posts.add(newPost(crowd.account()));
        }
        for (int i = 0; i < VIDEOS; i++) {
            videos.add(new Video(dice.id("v_"), crowd.account(), dice.longTail(45_000, 43_200_000), dice.chance(0.02)));
        }
        for (int i = 0; i < ADS; i++) {
            ads.add(new Ad(dice.id("ad_"), 70_000L + i / 3, 900L + i / 9, dice.pickSkewed(Ad.Format.class)));
        }
    }

    Post post() {
        return dice.pickSkewed(posts);
    }

    Video video() {
        return dice.pickSkewed(videos);
    }

    Ad ad() {
        return dice.pickSkewed(ads);
    }

    /** Takes a new post in and forgets another. */
    Post publish(String author) {
        Post post = newPost(author);
        posts.set(dice.between(0, POSTS - 1), post);
        return post;
    }

    private Post newPost(String author) {
        return new Post(dice.id("p_"), author, dice.pickSkewed(Post.Kind.class));
    }
}
