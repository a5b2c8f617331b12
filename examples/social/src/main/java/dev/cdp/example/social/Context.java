package dev.cdp.example.social;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What every event says of where it comes from and what it is about.
 *
 * @param subject id of what the event is about
 * @param subjectType what kind of thing the event is about
 * @param geo where the person is, as coarse as a city
 * @param device what the person holds in hand
 * @param app the program that sent the event
 * @param session the visit that the event belongs to
 */
public record Context(String subject, SubjectType subjectType, Geo geo, Device device, App app, Session session) {

    /**
     * Where a person is, as coarse as a city.
     *
     * @param country ISO 3166-1 alpha-2 code of the country
     * @param region ISO 3166-2 subdivision without the country
     * @param city the nearest larger city, in English
     * @param timeZone IANA name of the time zone
     */
    public record Geo(
            String country,
            @Nullable String region,
            @Nullable String city,
            String timeZone) {}

    /**
     * What a person holds in hand.
     *
     * @param platform what the app runs on
     * @param osVersion version of the operating system, as it reports itself
     * @param model maker's name of the device; browsers do not tell it
     * @param language BCP 47 tag of the language that the device is set to
     * @param ip IPv4 address that the request came from
     * @param ipV6 IPv6 address that the request came from
     */
    public record Device(
            Platform platform,
            @Nullable String osVersion,
            @Nullable String model,
            String language,
            @Nullable String ip,
            @Nullable String ipV6) {

        /** What the app runs on. */
        public enum Platform {
            @JsonProperty("ios")
            IOS,
            @JsonProperty("android")
            ANDROID,
            @JsonProperty("web")
            WEB,
            @JsonProperty("tv")
            TV
        }
    }

    /**
     * The program that sends events.
     *
     * @param version released version of the app
     * @param build number of the build, rising with every release
     * @param channel how the build reached the person
     * @param experiments the experiment arms that the person is in, as experiment:arm
     */
    public record App(String version, int build, Channel channel, List<String> experiments) {

        /** How a build reaches people. */
        public enum Channel {
            @JsonProperty("store")
            STORE,
            @JsonProperty("beta")
            BETA,
            @JsonProperty("internal")
            INTERNAL
        }
    }

    /**
     * One visit.
     *
     * @param id one visit, from opening the app to half an hour of silence
     * @param startedAt when the visit began
     * @param sequence how many events of the visit came before this one
     */
    public record Session(UUID id, Instant startedAt, int sequence) {}
}
