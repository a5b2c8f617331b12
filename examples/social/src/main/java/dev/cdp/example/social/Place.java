package dev.cdp.example.social;

import java.time.ZoneId;
import java.util.List;

/** A city that people of the network live in. */
record Place(String country, String region, String city, ZoneId zone, String language, String currency) {

    /** Most people first. */
    static final List<Place> ALL = List.of(
            place("US", "NY", "New York", "America/New_York", "en-US", "USD"),
            place("IN", "MH", "Mumbai", "Asia/Kolkata", "hi-IN", "INR"),
            place("BR", "SP", "São Paulo", "America/Sao_Paulo", "pt-BR", "BRL"),
            place("ID", "JK", "Jakarta", "Asia/Jakarta", "id-ID", "IDR"),
            place("US", "CA", "Los Angeles", "America/Los_Angeles", "en-US", "USD"),
            place("DE", "BE", "Berlin", "Europe/Berlin", "de-DE", "EUR"),
            place("JP", "13", "Tokyo", "Asia/Tokyo", "ja-JP", "JPY"),
            place("MX", "CMX", "Mexico City", "America/Mexico_City", "es-MX", "MXN"),
            place("GB", "LND", "London", "Europe/London", "en-GB", "GBP"),
            place("FR", "IDF", "Paris", "Europe/Paris", "fr-FR", "EUR"),
            place("NG", "LA", "Lagos", "Africa/Lagos", "en-NG", "NGN"),
            place("TR", "34", "Istanbul", "Europe/Istanbul", "tr-TR", "TRY"),
            place("AR", "C", "Buenos Aires", "America/Argentina/Buenos_Aires", "es-AR", "ARS"),
            place("ES", "MD", "Madrid", "Europe/Madrid", "es-ES", "EUR"),
            place("AU", "NSW", "Sydney", "Australia/Sydney", "en-AU", "AUD"),
            place("IS", "1", "Reykjavík", "Atlantic/Reykjavik", "is", "ISK"));

    private static Place place(
            String country, String region, String city, String zone, String language, String currency) {
        return new Place(country, region, city, ZoneId.of(zone), language, currency);
    }
}
