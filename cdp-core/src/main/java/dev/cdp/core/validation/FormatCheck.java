package dev.cdp.core.validation;

import java.util.Map;
import java.util.Optional;

/**
 * The check of a {@code format}, by a recogniser of its plain cases. It is unsure of all others, so that what is odd
 * is judged in one place only.
 */
final class FormatCheck extends TextCheck {

    private static final Map<String, Recogniser> FORMATS = Map.ofEntries(
            Map.entry("date-time", TimeFormats::isDateTime),
            Map.entry("date", TimeFormats::isDate),
            Map.entry("time", TimeFormats::isTime),
            Map.entry("duration", TimeFormats::isDuration),
            Map.entry("uuid", AddressFormats::isUuid),
            Map.entry("email", AddressFormats::isEmail),
            Map.entry("hostname", AddressFormats::isHostname),
            Map.entry("ipv4", AddressFormats::isIpv4),
            Map.entry("ipv6", AddressFormats::isIpv6),
            Map.entry("uri", UriFormats::isUri),
            Map.entry("uri-reference", UriFormats::isUriReference),
            Map.entry("json-pointer", UriFormats::isJsonPointer));

    private final Recogniser recogniser;

    private FormatCheck(Recogniser recogniser) {
        this.recogniser = recogniser;
    }

    /** Tells whether the bytes from {@code from} to {@code to} are certainly of a format. */
    @FunctionalInterface
    private interface Recogniser {
        boolean recognises(byte[] b, int from, int to);
    }

    /** The check of the format of that name, if it is known. */
    static Optional<TextCheck> of(String name) {
        return Optional.ofNullable(FORMATS.get(name)).map(FormatCheck::new);
    }

    @Override
    int test(byte[] b, int from, int to) {
        return recogniser.recognises(b, from, to) ? VALID : Check.UNSURE;
    }
}
