package dev.cdp.core.catalog;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the columns of a table are compressed.
 *
 * @param method by what
 * @param level how hard it tries; 0 for the server's default
 * @see <a href="https://clickhouse.com/docs/sql-reference/statements/create/table#column_compression_codec">Codecs</a>
 */
public record Codec(Method method, int level) {

    private static final Pattern FORM = Pattern.compile("([A-Z0-9]{3,5})(?:\\(([0-9]{1,2})\\))?");

    /** Refuses a level that the method does not have. */
    public Codec {
        if (level < 0 || level > method.maxLevel) {
            throw new IllegalArgumentException("the levels of " + method + " are 1 to " + method.maxLevel);
        }
    }

    /** @throws IllegalArgumentException for what is none, or has a level that there is not */
    static Codec parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            for (Method method : Method.values()) {
                if (method.name().equals(form.group(1)) && (form.group(2) == null || method.maxLevel > 0)) {
                    int level = form.group(2) == null ? 0 : Integer.parseInt(form.group(2));
                    if (form.group(2) != null && level == 0) {
                        throw new IllegalArgumentException("the levels of " + method + " are 1 to " + method.maxLevel);
                    }
                    return new Codec(method, level);
                }
            }
        }
        throw new IllegalArgumentException();
    }

    /** As ClickHouse and catalogs write it. */
    public String sql() {
        return method.name() + (level == 0 ? "" : "(" + level + ")");
    }

    @Override
    public String toString() {
        return sql();
    }

    /** What compresses. */
    public enum Method {
        /** Nothing. */
        NONE(0),
        /** Fast. */
        LZ4(0),
        /** LZ4 that tries harder. */
        LZ4HC(12),
        /** Small. */
        ZSTD(22);

        private final int maxLevel;

        Method(int maxLevel) {
            this.maxLevel = maxLevel;
        }
    }
}
