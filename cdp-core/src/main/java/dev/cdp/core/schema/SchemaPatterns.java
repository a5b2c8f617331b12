package dev.cdp.core.schema;

import java.util.Set;
import java.util.regex.PatternSyntaxException;

/** Finds the patterns of schemas in names and constants, within a bounded number of steps. */
final class SchemaPatterns {

    private static final int MAX_READS = 100_000;
    private static final Set<String> MATCH_ALL = Set.of("", "^", ".*", "^.*");

    private SchemaPatterns() {}

    static boolean matchesAll(String pattern) {
        return MATCH_ALL.contains(pattern);
    }

    /** @throws UnprovableException if it takes too many steps */
    static boolean find(String pattern, String text) {
        try {
            return EcmaRegex.compile(pattern).matcher(new Bounded(text)).find();
        } catch (PatternSyntaxException | StackOverflowError e) {
            throw new UnprovableException("pattern '" + pattern + "' cannot be tried");
        }
    }

    /** A text that can be looked at only so often; a matcher itself never gives up. */
    private static final class Bounded implements CharSequence {

        private final String text;
        private int readsLeft = MAX_READS;

        private Bounded(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--readsLeft < 0) {
                throw new UnprovableException(
                        "a pattern takes more than " + MAX_READS + " steps on a name or constant");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Thrown where a comparison would take more than it may. */
    static final class UnprovableException extends RuntimeException {
        UnprovableException(String message) {
            super(message, null, false, false);
        }
    }
}
