package dev.cdp.core.validation;

import java.util.Optional;

/**
 * A regular expression that is looked for in UTF-8, in time linear in the text. It is unsure of the characters that
 * engines differ on: line ends next to {@code .} and {@code $}, and white space and controls beyond ASCII.
 */
final class BytePattern implements TextCheck {

    /** Engines that recurse give up on longer texts. */
    private static final int MAX_TEXT = 2048;

    private final boolean matchesAll;
    private final boolean lineEndsDiffer;
    private final byte[] classes;

    /** For the row of each state, the row of the next by class; rows by their offset. */
    private final int[] next;

    private final boolean[] accepting;
    private final int width;
    private final int beyondAscii;

    private BytePattern(PatternAutomaton automaton, boolean lineEndsDiffer) {
        this.matchesAll = automaton.matchesAll();
        this.lineEndsDiffer = lineEndsDiffer;
        this.classes = automaton.classes;
        this.next = automaton.next.clone();
        for (int i = 0; i < next.length; i++) {
            next[i] = next[i] < 0 ? next[i] : next[i] * automaton.width;
        }
        this.accepting = automaton.accepting;
        this.width = automaton.width;
        this.beyondAscii = automaton.classes[PatternSyntax.BEYOND_ASCII];
    }

    /** The pattern, if every engine would read the expression alike and the automaton is small. */
    static Optional<TextCheck> compile(String regex) {
        try {
            PatternSyntax.Part part = PatternSyntax.parse(regex);
            PatternAutomaton automaton = new PatternAutomaton(part);
            boolean lineEndsDiffer = regex.indexOf('.') >= 0 || regex.indexOf('$') >= 0;
            TextCheck pattern = new BytePattern(automaton, lineEndsDiffer);
            return RunPattern.of(part, pattern).or(() -> Optional.of(pattern));
        } catch (PatternSyntax.NotShared e) {
            return Optional.empty();
        }
    }

    @Override
    public int test(byte[] b, int from, int to) {
        if (matchesAll) {
            return VALID;
        }
        if (to - from > MAX_TEXT) {
            return Check.UNSURE;
        }
        int state = 0;
        int p = from;
        while (p < to) {
            int symbol = b[p];
            int symbolClass;
            if (symbol >= 0) {
                if (lineEndsDiffer && (symbol == '\n' || symbol == '\r')) {
                    return Check.UNSURE;
                }
                symbolClass = classes[symbol];
                p++;
            } else {
                int length = Utf8Json.sequenceLength(b, p);
                if (isDoubtful(b, p, length)) {
                    return Check.UNSURE;
                }
                symbolClass = beyondAscii;
                p += length;
            }
            state = next[state + symbolClass];
            if (state < 0) {
                return state == PatternAutomaton.MATCHED ? VALID : Check.INVALID;
            }
        }
        return accepting[state / width] ? VALID : Check.INVALID;
    }

    /** Whether the character is a control, a space, or a separator to some engines. */
    private static boolean isDoubtful(byte[] b, int p, int length) {
        if (length == 2) {
            return b[p] == (byte) 0xC2 && (b[p + 1] & 0xFF) <= 0xA0;
        }
        if (length != 3) {
            return length == 0;
        }
        int cp = (b[p] & 0x0F) << 12 | (b[p + 1] & 0x3F) << 6 | (b[p + 2] & 0x3F);
        return cp == 0x1680
                || cp == 0x180E
                || (cp >= 0x2000 && cp <= 0x200F)
                || (cp >= 0x2028 && cp <= 0x202F)
                || (cp >= 0x205F && cp <= 0x206F)
                || cp == 0x3000
                || cp == 0xFEFF;
    }
}
