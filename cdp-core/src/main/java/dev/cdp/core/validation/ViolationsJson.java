package dev.cdp.core.validation;

import java.util.List;

/** Writes violations as a JSON array that is small enough for a record header: {@code cdp.dlq.violations}. */
public final class ViolationsJson {

    private static final int MAX_VIOLATIONS = 20;
    private static final int MAX_TEXT = 200;

    private ViolationsJson() {}

    /** The first violations; where there are more, a last element says how many. */
    public static String of(ValidationReport report) {
        List<Violation> violations = report.violations();
        StringBuilder json = new StringBuilder("[");
        for (Violation violation : violations.subList(0, Math.min(MAX_VIOLATIONS, violations.size()))) {
            json.append(json.length() == 1 ? "" : ",")
                    .append("{\"path\":")
                    .append(quote(cut(violation.path())))
                    .append(",\"keyword\":")
                    .append(quote(cut(violation.keyword())))
                    .append(",\"code\":")
                    .append(quote(violation.code()))
                    .append(",\"message\":")
                    .append(quote(cut(violation.message())))
                    .append('}');
        }
        if (violations.size() > MAX_VIOLATIONS) {
            json.append(",{\"path\":\"\",\"keyword\":\"x-more\",\"message\":\"")
                    .append(violations.size() - MAX_VIOLATIONS)
                    .append(" more\"}");
        }
        return json.append(']').toString();
    }

    /** A JSON string. */
    public static String quote(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }
}
