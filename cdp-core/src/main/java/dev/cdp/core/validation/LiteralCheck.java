package dev.cdp.core.validation;

/** The check of {@code true}, {@code false} and {@code null}, some of which are allowed. */
final class LiteralCheck extends Check {

    private static final long TRUE = letters("true");
    private static final long FALSE = letters("false");
    private static final long NULL = letters("null");

    private final boolean allowsTrue;
    private final boolean allowsFalse;
    private final boolean allowsNull;

    LiteralCheck(boolean allowsTrue, boolean allowsFalse, boolean allowsNull) {
        this.allowsTrue = allowsTrue;
        this.allowsFalse = allowsFalse;
        this.allowsNull = allowsNull;
    }

    @Override
    int scan(Scan scan, byte[] b, int p) {
        long word = Utf8Json.word(b, p);
        if ((word & Names.lowest(4)) == TRUE) {
            return allowsTrue ? p + 4 : INVALID;
        }
        if ((word & Names.lowest(5)) == FALSE) {
            return allowsFalse ? p + 5 : INVALID;
        }
        if ((word & Names.lowest(4)) == NULL) {
            return allowsNull ? p + 4 : INVALID;
        }
        return INVALID;
    }

    private static long letters(String text) {
        long word = 0;
        for (int i = 0; i < text.length(); i++) {
            word |= (long) text.charAt(i) << (8 * i);
        }
        return word;
    }
}
