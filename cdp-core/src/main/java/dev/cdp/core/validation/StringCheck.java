package dev.cdp.core.validation;

import java.util.List;

/** The check of a string: its length in code points, and what its content has to be. */
final class StringCheck extends Check {

    static final Check ANY = new StringCheck(0, Integer.MAX_VALUE, List.of());

    private final int minLength;
    private final int maxLength;
    private final TextCheck[] contents;

    StringCheck(int minLength, int maxLength, List<TextCheck> contents) {
        this.minLength = minLength;
        this.maxLength = maxLength;
        this.contents = contents.toArray(TextCheck[]::new);
    }

    @Override
    int scan(Scan scan, byte[] b, int p) {
        if (b[p] != '"') {
            return INVALID;
        }
        int from = p + 1;
        int to = Utf8Json.plainRun(b, from);
        if (b[to] != '"') {
            return scanUnplain(scan, b, from);
        }
        int length = to - from;
        if (length < minLength || length > maxLength) {
            return INVALID;
        }
        for (TextCheck content : contents) {
            int verdict = content.test(b, from, to);
            if (verdict != TextCheck.VALID) {
                return verdict;
            }
        }
        return to + 1;
    }

    private int scanUnplain(Scan scan, byte[] b, int from) {
        int end = Utf8Json.readString(scan, b, from);
        if (end < 0) {
            return UNSURE;
        }
        if (scan.codePoints < minLength || scan.codePoints > maxLength) {
            return INVALID;
        }
        for (TextCheck content : contents) {
            int verdict = content.test(scan.text, 0, scan.textEnd);
            if (verdict != TextCheck.VALID) {
                return verdict;
            }
        }
        return end;
    }
}
