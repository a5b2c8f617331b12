package dev.cdp.core.validation;

import java.util.Map;
import java.util.Optional;

/**
 * The check of a {@code format}, by a recogniser of its plain cases. It is unsure of all others, so that what is odd
 * is judged in one place only.
 */
final class FormatCheck extends TextCheck {

    private enum Format {
        DATE_TIME,
        DATE,
        TIME,
        DURATION,
        UUID,
        EMAIL,
        HOSTNAME,
        IPV4,
        IPV6,
        URI,
        URI_REFERENCE,
        JSON_POINTER
    }

    private static final Map<String, Format> FORMATS = Map.ofEntries(
            Map.entry("date-time", Format.DATE_TIME),
            Map.entry("date", Format.DATE),
            Map.entry("time", Format.TIME),
            Map.entry("duration", Format.DURATION),
            Map.entry("uuid", Format.UUID),
            Map.entry("email", Format.EMAIL),
            Map.entry("hostname", Format.HOSTNAME),
            Map.entry("ipv4", Format.IPV4),
            Map.entry("ipv6", Format.IPV6),
            Map.entry("uri", Format.URI),
            Map.entry("uri-reference", Format.URI_REFERENCE),
            Map.entry("json-pointer", Format.JSON_POINTER));

    private final Format format;

    private FormatCheck(Format format) {
        this.format = format;
    }

    /** The check of the format of that name, if it is known. */
    static Optional<TextCheck> of(String name) {
        return Optional.ofNullable(FORMATS.get(name)).map(FormatCheck::new);
    }

    @Override
    int test(byte[] b, int from, int to) {
        boolean sure = switch (format) {
            case DATE_TIME -> TimeFormats.isDateTime(b, from, to);
            case DATE -> TimeFormats.isDate(b, from, to);
            case TIME -> TimeFormats.isTime(b, from, to);
            case DURATION -> TimeFormats.isDuration(b, from, to);
            case UUID -> AddressFormats.isUuid(b, from, to);
            case EMAIL -> AddressFormats.isEmail(b, from, to);
            case HOSTNAME -> AddressFormats.isHostname(b, from, to);
            case IPV4 -> AddressFormats.isIpv4(b, from, to);
            case IPV6 -> AddressFormats.isIpv6(b, from, to);
            case URI -> UriFormats.isUri(b, from, to);
            case URI_REFERENCE -> UriFormats.isUriReference(b, from, to);
            case JSON_POINTER -> UriFormats.isJsonPointer(b, from, to);
        };
        return sure ? VALID : Check.UNSURE;
    }
}
