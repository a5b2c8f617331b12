package dev.cdp.clickhouse;

/** Where values begin and end in JSON that is known to be well-formed, as UTF-8. */
final class JsonSpans {

    private JsonSpans() {}

    /** The first byte at or after {@code p} that is not whitespace. */
    static int next(byte[] json, int p) {
        int q = p;
        while (json[q] <= ' ' && json[q] >= 0) {
            q++;
        }
        return q;
    }

    /** The place after the value that begins at {@code p}; its complement for a string with an escape in it. */
    static int end(byte[] json, int p) {
        return switch (json[p]) {
            case '"' -> endOfString(json, p);
            case '{', '[' -> endOfContainer(json, p);
            default -> endOfScalar(json, p);
        };
    }

    /** The place itself, whether it was given as it is or as its complement. */
    static int plain(int end) {
        return end < 0 ? ~end : end;
    }

    private static int endOfString(byte[] json, int p) {
        boolean escaped = false;
        int q = p + 1;
        while (json[q] != '"') {
            boolean escape = json[q] == '\\';
            escaped |= escape;
            q += escape ? 2 : 1;
        }
        return escaped ? ~(q + 1) : q + 1;
    }

    private static int endOfContainer(byte[] json, int p) {
        int depth = 0;
        int q = p;
        do {
            switch (json[q]) {
                case '"' -> q = plain(endOfString(json, q)) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {
                    // Whatever stands between is skipped.
                }
            }
            q++;
        } while (depth > 0);
        return q;
    }

    private static int endOfScalar(byte[] json, int p) {
        int q = p;
        while (json[q] > ' ' && json[q] != ',' && json[q] != '}' && json[q] != ']') {
            q++;
        }
        return q;
    }
}
