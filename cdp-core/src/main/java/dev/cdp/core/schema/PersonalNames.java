package dev.cdp.core.schema;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells by its name or its format whether a field is likely to tell about a person. */
final class PersonalNames {

    private static final Pattern WORD_EDGE =
            Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+|(?<=[A-Z])(?=[A-Z][a-z])");
    private static final int MAX_NAME = 200;
    private static final Map<Pattern, String> TEXTS = new LinkedHashMap<>();
    private static final Map<Pattern, String> NUMBERS = new LinkedHashMap<>();

    static {
        TEXTS.put(ending("(e_?)?mail(_addr(ess)?)?s?"), "an email address");
        TEXTS.put(ending("(remote|client|user|device)?_?ip(_?addr(ess)?)?(_?v?_?[46])?s?"), "an IP address");
        TEXTS.put(ending("ipv?_?[46](_addr(ess)?)?"), "an IP address");
        TEXTS.put(ending("(first|last|full|given|family|middle|maiden|birth|legal|real)_?names?"), "a person's name");
        TEXTS.put(ending("surname"), "a person's name");
        TEXTS.put(
                ending(
                        "(street|home|postal|mailing|billing|shipping|delivery|residential)?_?addr(ess)?(_?line)?(_?[0-9])?"),
                "an address");
        TEXTS.put(ending("(street|post_?code|postal_?code|zip|zip_?code)(_?name)?"), "an address");
        TEXTS.put(
                ending("(passport|iban|national_?id|tax_?id|credit_?card|card_?number)(_?(number|no|nr))?"),
                "an identity document or account");
        NUMBERS.put(
                ending("(tele|mobile_?|cell_?|home_?|work_?)?(phone|mobile|msisdn|fax|tel)s?(_?(number|no|nr))?s?"),
                "a telephone number");
        NUMBERS.put(ending("(birth_?(date|day|year)|date_?of_?birth|dob|born(_?(on|at))?)"), "a date of birth");
        NUMBERS.put(ending("(ssn|social_?security(_?number)?)"), "a social security number");
        NUMBERS.put(ending("(latitude|longitude|lat|lon|lng)"), "a precise place");
    }

    private PersonalNames() {}

    /** What a field seems to be, or nothing. What is a truth value, or one of a list, tells about nobody. */
    static Optional<String> kind(String name, FieldFacts facts) {
        if (facts.listed() || facts.only("boolean") || name.length() > MAX_NAME) {
            return Optional.empty();
        }
        if (facts.hasFormat("email") || facts.hasFormat("idn-email")) {
            return Optional.of("an email address");
        }
        if (facts.hasFormat("ipv4") || facts.hasFormat("ipv6")) {
            return Optional.of("an IP address");
        }
        String plain = WORD_EDGE.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
        boolean number = facts.only("integer", "number");
        Optional<String> kind = number ? Optional.empty() : match(TEXTS, plain);
        return kind.or(() -> match(NUMBERS, plain));
    }

    private static Optional<String> match(Map<Pattern, String> kinds, String name) {
        return kinds.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(name).find())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Pattern ending(String regex) {
        return Pattern.compile("(^|_)" + regex + "$");
    }
}
