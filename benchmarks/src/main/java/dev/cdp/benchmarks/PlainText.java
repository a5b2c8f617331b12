package dev.cdp.benchmarks;

/** The plain cases of the formats, by hand, for networknt's tuning. */
final class PlainText {

    private PlainText() {}

    static boolean isDateTime(String text) {
        int length = text.length();
        if (length < 20 || text.charAt(length - 1) != 'Z' || text.charAt(10) != 'T') {
            return false;
        }
        int day = pair(text, 8);
        int month = pair(text, 5);
        boolean date = pair(text, 0) >= 0
                && pair(text, 2) >= 0
                && text.charAt(4) == '-'
                && month >= 1
                && month <= 12
                && text.charAt(7) == '-'
                && day >= 1
                && day <= 28;
        boolean time = within(pair(text, 11), 23)
                && text.charAt(13) == ':'
                && within(pair(text, 14), 59)
                && text.charAt(16) == ':'
                && within(pair(text, 17), 59);
        return date
                && time
                && (length == 20 || (text.charAt(19) == '.' && length > 21 && digits(text, 20, length - 1)));
    }

    static boolean isUuid(String text) {
        if (text.length() != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            char c = text.charAt(i);
            boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            if (hyphen ? c != '-' : !hex) {
                return false;
            }
        }
        return true;
    }

    static boolean isEmail(String text) {
        int at = text.indexOf('@');
        return at > 0
                && at <= 64
                && text.endsWith(".com")
                && dotted(text, 0, at)
                && isHost(text, at + 1, text.length());
    }

    static boolean isIpv4(String text) {
        int parts = 0;
        int p = 0;
        while (true) {
            int start = p;
            int value = 0;
            while (p < text.length() && p - start < 3 && isDigit(text.charAt(p))) {
                value = value * 10 + text.charAt(p++) - '0';
            }
            if (p == start || value > 255 || (p - start > 1 && text.charAt(start) == '0')) {
                return false;
            }
            parts++;
            if (p == text.length()) {
                return parts == 4;
            }
            if (text.charAt(p++) != '.') {
                return false;
            }
        }
    }

    static boolean isHttpsUri(String text) {
        if (!text.startsWith("https://")) {
            return false;
        }
        int slash = text.indexOf('/', 8);
        if (slash < 0 || !isHost(text, 8, slash)) {
            return false;
        }
        for (int i = slash; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && !isDigit(c) && "/-._~?&=+,".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHost(String text, int from, int to) {
        return to - from <= 63 && text.charAt(to - 1) != '-' && dotted(text, from, to);
    }

    private static boolean dotted(String text, int from, int to) {
        char before = '.';
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean separator = c == '.' || c == '-';
            if (!isLetter(c) && !isDigit(c) && (!separator || before == '.' || before == '-')) {
                return false;
            }
            before = c;
        }
        return before != '.';
    }

    private static boolean digits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int pair(String text, int p) {
        char tens = text.charAt(p);
        char ones = text.charAt(p + 1);
        return isDigit(tens) && isDigit(ones) ? (tens - '0') * 10 + ones - '0' : -1;
    }

    private static boolean within(int value, int max) {
        return value >= 0 && value <= max;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }
}
