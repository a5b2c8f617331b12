package dev.cdp.example.social;

import java.util.List;

/**
 * Somebody who acts in the network, always from the same place and with the same device.
 *
 * @param actor as events name the account
 * @param device with the address that requests come from
 */
record Person(Actor actor, Place place, Context.Device device, Context.App app) {

    private static final List<String> RELEASES = List.of("9.14.2", "9.14.1", "9.13.0", "9.12.4", "8.40.1");
    private static final List<String> EXPERIMENTS =
            List.of("feed_ranker:b", "larger_photos:on", "story_row:off", "reply_hints:on", "ad_load:low");
    private static final List<String> IPHONES = List.of("iPhone 15", "iPhone 13", "iPhone SE");
    private static final List<String> ANDROIDS = List.of("Galaxy A54", "Redmi Note 12", "Pixel 8", "moto g84");

    /** Person number {@code index} of the world with that seed; nobody has one number twice. */
    static Person of(long seed, int index) {
        Dice dice = new Dice(seed * 1_000_003 + index);
        Place place = dice.pickSkewed(Place.ALL);
        Actor.Kind kind = dice.chance(0.9) ? Actor.Kind.MEMBER : dice.pickSkewed(Actor.Kind.class);
        boolean guest = kind == Actor.Kind.GUEST;
        Actor actor = new Actor(
                (guest ? "guest_" : "u_") + Integer.toString(1_000_000 + index * 37, 36),
                kind,
                !guest && dice.chance(index < 50 ? 0.8 : 0.01),
                guest ? null : dice.between(0, 4_000));
        return new Person(actor, place, device(dice, place), app(dice));
    }

    private static Context.Device device(Dice dice, Place place) {
        Context.Device.Platform platform = platform(dice.fraction());
        String language = dice.chance(0.85) ? place.language() : "en-US";
        String ip = dice.chance(0.6) ? "198.51." + dice.between(100, 103) + "." + dice.between(1, 254) : null;
        String ipV6 = ip == null
                ? "2001:db8:" + Integer.toHexString(dice.between(1, 0xffff)) + "::"
                        + Integer.toHexString(dice.between(1, 0xffff))
                : null;
        return switch (platform) {
            case IOS ->
                new Context.Device(platform, "18." + dice.between(0, 5), dice.pickSkewed(IPHONES), language, ip, ipV6);
            case ANDROID ->
                new Context.Device(platform, "" + dice.between(11, 15), dice.pick(ANDROIDS), language, ip, ipV6);
            case WEB -> new Context.Device(platform, null, null, language, ip, ipV6);
            case TV -> new Context.Device(platform, "7.1", "Bravia XR", language, ip, ipV6);
        };
    }

    private static Context.Device.Platform platform(double share) {
        if (share < 0.02) {
            return Context.Device.Platform.TV;
        }
        if (share < 0.2) {
            return Context.Device.Platform.WEB;
        }
        return share < 0.5 ? Context.Device.Platform.IOS : Context.Device.Platform.ANDROID;
    }

    private static Context.App app(Dice dice) {
        String release = dice.pickSkewed(RELEASES);
        int build = Integer.parseInt(release.replace(".", "")) * 10 + dice.between(0, 9);
        Context.App.Channel channel = dice.chance(0.97) ? Context.App.Channel.STORE : Context.App.Channel.BETA;
        List<String> arms = EXPERIMENTS.stream().filter(arm -> dice.chance(0.3)).toList();
        return new Context.App(release, build, channel, arms);
    }
}
