package dev.cdp.core.validation;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** The check of a string: its length in code points, and what its content has to be. */
final class StringCheck extends Check {

    static final Check ANY = new StringCheck(0, Integer.MAX_VALUE, List.of());

    private final int minLength;
    private final int maxLength;

    /** What most often is the only one; the rest is in {@link #others}. */
    private final @Nullable TextCheck content;

    private final TextCheck[] others;

    StringCheck(int minLength, int maxLength, List<TextCheck> contents) {
        this.minLength = minLength;
        this.maxLength = maxLength;
        this.content = contents.isEmpty() ? null : contents.get(0);
        this.others = contents.stream().skip(1).toArray(TextCheck[]::new);
    }

    @Override
    int scan(Scan scan, byte[] b, int p) {
        return b[p] == '"' ? scanContent(scan, b, p + 1) : INVALID;
    }

    /** Scans the string whose content starts at {@code from}. */
    int scanContent(Scan scan, byte[] b, int from) {
        int to = Utf8Json.plainRun(b, from);
        if (b[to] != '"') {
            return scanUnplain(scan, b, from);
        }
        int length = to - from;
        if (length < minLength || length > maxLength) {
            return INVALID;
        }
        return content == null ? to + 1 : verdict(content, b, from, to, to + 1);
    }

    private int scanUnplain(Scan scan, byte[] b, int from) {
        int end = Utf8Json.readString(scan, b, from);
        if (end < 0) {
            return UNSURE;
        }
        if (scan.codePoints < minLength || scan.codePoints > maxLength) {
            return INVALID;
        }
        return content == null ? end : verdict(content, scan.text, 0, scan.textEnd, end);
    }

    private int verdict(TextCheck content, byte[] b, int from, int to, int end) {
        int verdict = content.test(b, from, to);
        for (int i = 0; verdict == TextCheck.VALID && i < others.length; i++) {
            verdict = others[i].test(b, from, to);
        }
        return verdict == TextCheck.VALID ? end : verdict;
    }
}
