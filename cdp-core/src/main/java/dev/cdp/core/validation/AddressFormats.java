package dev.cdp.core.validation;

import java.util.List;

/**
 * Recognisers of identifiers and network addresses in UTF-8: UUIDs (RFC 9562), host names (RFC 1123), IPv4 (RFC 2673)
 * and IPv6 addresses (RFC 4291), mailboxes (RFC 5321). Quoted local parts, address literals, internationalised labels
 * and rare top-level domains are not known to them.
 */
final class AddressFormats {

    private static final int MAX_HOSTNAME = 253;
    private static final int MAX_LABEL = 63;
    private static final int MAX_LOCAL_PART = 64;

    /** Domains that every validator with a list of them knows. */
    private static final Names TOP_LEVEL = new Names(List.of(
            "com", "org", "net", "edu", "gov", "info", "biz", "io", "de", "uk", "fr", "us", "eu", "es", "it", "nl",
            "pl", "ch", "at", "be", "se", "no", "dk", "fi", "cz", "pt", "ie", "gr", "ru", "ua", "tr", "br", "mx", "ar",
            "ca", "au", "nz", "jp", "cn", "kr", "in", "id", "sg", "hk", "tw", "za", "il", "co", "me", "tv", "ai"));

    private AddressFormats() {}

    /** Whether it is a UUID of any version. */
    static boolean isUuid(byte[] b, int from, int to) {
        if (to - from != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            int c = b[from + i];
            boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            if (hyphen ? c != '-' : Utf8Json.hex(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is a mailbox of dot-separated atoms at a host under a well-known domain. */
    static boolean isEmail(byte[] b, int from, int to) {
        int at = from;
        while (at < to && b[at] != '@') {
            boolean dot = b[at] == '.' && at > from && b[at - 1] != '.';
            if (!dot && !isAtom(b[at])) {
                return false;
            }
            at++;
        }
        if (at == from || at - from > MAX_LOCAL_PART || b[at - 1] == '.' || at >= to) {
            return false;
        }
        int label = to;
        while (b[label - 1] != '.' && b[label - 1] != '@') {
            label--;
        }
        return b[label - 1] == '.'
                && TOP_LEVEL.find(b, label, to, Names.hash(b, label, to)) >= 0
                && isHostname(b, at + 1, to);
    }

    /** Whether it is a host name whose labels are not internationalised ones. */
    static boolean isHostname(byte[] b, int from, int to) {
        if (to == from || to - from > MAX_HOSTNAME) {
            return false;
        }
        int label = from;
        for (int p = from; p <= to; p++) {
            if (p == to || b[p] == '.') {
                if (p == label || p - label > MAX_LABEL || b[label] == '-' || b[p - 1] == '-') {
                    return false;
                }
                label = p + 1;
            } else if (!isAlphanumeric(b[p]) && (b[p] != '-' || p > from && b[p - 1] == '-')) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is a dotted quad of decimals without leading zeros. */
    static boolean isIpv4(byte[] b, int from, int to) {
        int parts = 0;
        int p = from;
        while (true) {
            int start = p;
            int value = 0;
            while (p < to && b[p] >= '0' && b[p] <= '9' && p - start < 3) {
                value = value * 10 + (b[p] - '0');
                p++;
            }
            if (p == start || value > 255 || p - start > 1 && b[start] == '0') {
                return false;
            }
            parts++;
            if (p == to) {
                return parts == 4;
            }
            if (b[p++] != '.') {
                return false;
            }
        }
    }

    /** Whether it is eight groups of hexadecimal digits, or fewer and one {@code ::}. */
    static boolean isIpv6(byte[] b, int from, int to) {
        if (to - from < 2) {
            return false;
        }
        int groups = 0;
        boolean compressed = false;
        int p = from;
        if (b[p] == ':') {
            if (b[p + 1] != ':') {
                return false;
            }
            compressed = true;
            p += 2;
        }
        while (p < to) {
            int start = p;
            while (p < to && Utf8Json.hex(b[p]) >= 0) {
                p++;
            }
            if (p == start || p - start > 4) {
                return false;
            }
            groups++;
            if (p == to) {
                break;
            }
            if (b[p] != ':' || p + 1 == to) {
                return false;
            }
            p++;
            if (b[p] == ':') {
                if (compressed) {
                    return false;
                }
                compressed = true;
                p++;
            }
        }
        return compressed ? groups <= 7 : groups == 8;
    }

    private static boolean isAtom(byte c) {
        return isAlphanumeric(c) || c == '_' || c == '-' || c == '+';
    }

    private static boolean isAlphanumeric(byte c) {
        return c >= '0' && c <= '9' || (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }
}
