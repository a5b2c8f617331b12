package dev.cdp.core.validation;

import java.util.Map;
import java.util.Optional;

/**
 * The checks of {@code format}, each a recogniser of its plain cases. They are unsure of all others, so that what is odd is
 * judged in one place only.
 */
final class FormatCheck {

    /** Each calls its recogniser by name: one call that is looked up is dear enough where keys come in any order. */
    private static final Map<String, TextCheck> FORMATS = Map.ofEntries(
            Map.entry("date-time", (b, from, to) -> sure(TimeFormats.isDateTime(b, from, to))),
            Map.entry("date", (b, from, to) -> sure(TimeFormats.isDate(b, from, to))),
            Map.entry("time", (b, from, to) -> sure(TimeFormats.isTime(b, from, to))),
            Map.entry("duration", (b, from, to) -> sure(TimeFormats.isDuration(b, from, to))),
            Map.entry("uuid", (b, from, to) -> sure(AddressFormats.isUuid(b, from, to))),
            Map.entry("email", (b, from, to) -> sure(AddressFormats.isEmail(b, from, to))),
            Map.entry("hostname", (b, from, to) -> sure(AddressFormats.isHostname(b, from, to))),
            Map.entry("ipv4", (b, from, to) -> sure(AddressFormats.isIpv4(b, from, to))),
            Map.entry("ipv6", (b, from, to) -> sure(AddressFormats.isIpv6(b, from, to))),
            Map.entry("uri", (b, from, to) -> sure(UriFormats.isUri(b, from, to))),
            Map.entry("uri-reference", (b, from, to) -> sure(UriFormats.isUriReference(b, from, to))),
            Map.entry("json-pointer", (b, from, to) -> sure(UriFormats.isJsonPointer(b, from, to))));

    private FormatCheck() {}

    /** The check of the format of that name, if it is known. */
    static Optional<TextCheck> of(String name) {
        return Optional.ofNullable(FORMATS.get(name));
    }

    private static int sure(boolean recognised) {
        return recognised ? TextCheck.VALID : Check.UNSURE;
    }
}
