package dev.cdp.core.validation;

/**
 * Recognisers of URIs and relative references (RFC 3986) and JSON Pointers (RFC 6901) in UTF-8. Of authorities they
 * know a host name with or without a port.
 */
final class UriFormats {

    private UriFormats() {}

    /** Whether it is a URI with a scheme. */
    static boolean isUri(byte[] b, int from, int to) {
        int colon = schemeEnd(b, from, to);
        if (colon < 0 || colon + 1 >= to) {
            return false;
        }
        if (b[colon + 1] != '/') {
            return skipPath(b, colon + 1, to) == to;
        }
        if (to - colon < 4 || b[colon + 2] != '/') {
            return false;
        }
        int p = Ascii.skip(Ascii.HOST, b, colon + 3, to);
        if (!AddressFormats.isHostname(b, colon + 3, p)) {
            return false;
        }
        if (p < to && b[p] == ':') {
            int port = ++p;
            while (p < to && b[p] >= '0' && b[p] <= '9') {
                p++;
            }
            if (p == port || p - port > 4) {
                return false;
            }
        }
        return (p == to || b[p] == '/' || b[p] == '?' || b[p] == '#') && isTail(b, p, to);
    }

    /** Whether it is a URI, or a path with or without a query and fragment. */
    static boolean isUriReference(byte[] b, int from, int to) {
        if (isUri(b, from, to)) {
            return true;
        }
        if (from == to || (to - from > 1 && b[from] == '/' && b[from + 1] == '/')) {
            return false;
        }
        for (int p = from; p < to && b[p] != '/' && b[p] != '?' && b[p] != '#'; p++) {
            if (b[p] == ':') {
                return false;
            }
        }
        return isTail(b, from, to);
    }

    /** Whether it is a JSON Pointer of printable ASCII without {@code #}. */
    static boolean isJsonPointer(byte[] b, int from, int to) {
        if (from < to && b[from] != '/') {
            return false;
        }
        for (int p = from; p < to; p++) {
            boolean escape = b[p] == '~' && (p + 1 >= to || (b[p + 1] != '0' && b[p + 1] != '1'));
            if (b[p] < ' ' || b[p] == 0x7F || b[p] == '#' || escape) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTail(byte[] b, int from, int to) {
        int p = skipPath(b, from, to);
        if (p < to && b[p] == '?') {
            p = skipPath(b, p + 1, to);
            while (p < to && b[p] == '?') {
                p = skipPath(b, p + 1, to);
            }
        }
        if (p < to && b[p] == '#') {
            p = skipPath(b, p + 1, to);
        }
        return p == to;
    }

    private static int schemeEnd(byte[] b, int from, int to) {
        int p = from;
        while (p < to && (Ascii.is(Ascii.ALPHANUMERIC, b[p]) || b[p] == '+' || b[p] == '-')) {
            p++;
        }
        return p > from && p < to && b[p] == ':' && isLetter(b[from]) ? p : -1;
    }

    private static int skipPath(byte[] b, int from, int to) {
        int p = from;
        while (true) {
            p = Ascii.skip(Ascii.PATH, b, p, to);
            boolean escape =
                    to - p > 2 && b[p] == '%' && Ascii.is(Ascii.HEX, b[p + 1]) && Ascii.is(Ascii.HEX, b[p + 2]);
            if (!escape) {
                return p;
            }
            p += 3;
        }
    }

    private static boolean isLetter(byte c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }
}
