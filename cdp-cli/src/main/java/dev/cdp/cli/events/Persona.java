package dev.cdp.cli.events;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Somebody who acts: always from the same place, mostly while awake. */
record Persona(int number, Place place) {

    private static final List<Place> PLACES = List.of(
            new Place("US", "NY", "New York", "America/New_York", "en-US", "USD"),
            new Place("IN", "MH", "Mumbai", "Asia/Kolkata", "hi-IN", "INR"),
            new Place("BR", "SP", "São Paulo", "America/Sao_Paulo", "pt-BR", "BRL"),
            new Place("DE", "BE", "Berlin", "Europe/Berlin", "de-DE", "EUR"),
            new Place("JP", "13", "Tokyo", "Asia/Tokyo", "ja-JP", "JPY"),
            new Place("NG", "LA", "Lagos", "Africa/Lagos", "en-NG", "NGN"),
            new Place("GB", "LND", "London", "Europe/London", "en-GB", "GBP"),
            new Place("AU", "NSW", "Sydney", "Australia/Sydney", "en-AU", "AUD"));

    /** By hour of the local day, how likely somebody is to act, compared with the evening. */
    private static final double[] AWAKE = {
        .25, .12, .07, .05, .05, .08, .2, .4, .55, .6, .6, .65, .75, .7, .65, .65, .7, .75, .85, .95, 1, 1, .8, .5
    };

    static Persona of(int number) {
        return new Persona(number, Chance.of(number, "place").pick(PLACES));
    }

    String id() {
        return "u_" + Integer.toString(1_000 + number, 36);
    }

    /** How likely the person is to act then. */
    double awake(Instant at) {
        return AWAKE[at.atZone(place.zone()).getHour()];
    }

    /** What the place says for a field of that name. */
    @Nullable
    String says(String field) {
        return place.byName().get(field);
    }

    /** A city, and what goes with it. */
    record Place(String country, String region, String city, String timeZone, String language, String currency) {

        ZoneId zone() {
            return ZoneId.of(timeZone);
        }

        Map<String, String> byName() {
            return Map.of(
                    "country", country,
                    "region", region,
                    "city", city,
                    "time_zone", timeZone,
                    "timezone", timeZone,
                    "language", language,
                    "locale", language,
                    "currency", currency);
        }
    }
}
