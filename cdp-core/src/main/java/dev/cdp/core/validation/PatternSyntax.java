package dev.cdp.core.validation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A parser of the regular expressions that ECMA-262 and {@code java.util.regex} read alike: literals of ASCII, classes,
 * groups, alternatives, counted repetition, and the anchors {@code ^} and {@code $}.
 */
final class PatternSyntax {

    /** The member of a class that stands for every character beyond ASCII. */
    static final int BEYOND_ASCII = 128;

    private static final int SYMBOLS = 129;
    private static final int MAX_COUNT = 1000;
    private static final int MAX_DEPTH = 30;
    private static final int UNLIMITED = -1;
    private static final String QUANTIFIERS = "*+?{";
    private static final String ESCAPABLE = "^$\\.*+?()[]{}|/-";

    private final String regex;
    private int p;
    private int depth;

    private PatternSyntax(String regex) {
        this.regex = regex;
    }

    /** A part of a regular expression. */
    sealed interface Part {}

    /** One character of a class. */
    record Symbol(BitSet members) implements Part {}

    /** One part after the other. */
    record Sequence(List<Part> parts) implements Part {}

    /** One of several parts. */
    record Alternatives(List<Part> parts) implements Part {}

    /** A part again and again; without an upper limit if {@code max} is negative. */
    record Repeat(Part part, int min, int max) implements Part {}

    /** A place in the text. */
    enum Anchor implements Part {
        START,
        END
    }

    /** Says that an expression is not one of those that are read alike. */
    static final class NotShared extends Exception {

        private static final long serialVersionUID = 1;

        NotShared() {
            super("not a shared regular expression", null, false, false);
        }
    }

    static Part parse(String regex) throws NotShared {
        PatternSyntax syntax = new PatternSyntax(regex);
        Part part = syntax.alternatives();
        if (syntax.p < regex.length()) {
            throw new NotShared();
        }
        return part;
    }

    private Part alternatives() throws NotShared {
        if (++depth > MAX_DEPTH) {
            throw new NotShared();
        }
        List<Part> parts = new ArrayList<>();
        parts.add(sequence());
        while (peek() == '|') {
            p++;
            parts.add(sequence());
        }
        depth--;
        return parts.size() == 1 ? parts.get(0) : new Alternatives(parts);
    }

    private Part sequence() throws NotShared {
        List<Part> parts = new ArrayList<>();
        while (p < regex.length() && peek() != '|' && peek() != ')') {
            parts.add(repeated(atom()));
        }
        return new Sequence(parts);
    }

    private Part atom() throws NotShared {
        char c = regex.charAt(p++);
        return switch (c) {
            case '^' -> Anchor.START;
            case '$' -> Anchor.END;
            case '.' -> new Symbol(without("\n\r"));
            case '[' -> new Symbol(characterClass());
            case '(' -> group();
            case '\\' -> new Symbol(escape());
            case '*', '+', '?', '{', '}', ']', ')' -> throw new NotShared();
            default -> new Symbol(single(c));
        };
    }

    private Part group() throws NotShared {
        if (peek() == '?') {
            if (!regex.startsWith("?:", p)) {
                throw new NotShared();
            }
            p += 2;
        }
        Part group = alternatives();
        expect(')');
        return group;
    }

    private Part repeated(Part part) throws NotShared {
        char quantifier = peek();
        if (QUANTIFIERS.indexOf(quantifier) < 0) {
            return part;
        }
        p++;
        int min = quantifier == '+' ? 1 : 0;
        int max = quantifier == '?' ? 1 : UNLIMITED;
        if (quantifier == '{') {
            min = number();
            max = min;
            if (peek() == ',') {
                p++;
                max = peek() == '}' ? UNLIMITED : number();
            }
            expect('}');
        }
        // Engines differ on how often a group may match nothing at all.
        if (canBeEmpty(part) || (max != UNLIMITED && max < min)) {
            throw new NotShared();
        }
        // Reluctance changes which match is found, not whether there is one.
        if (peek() == '?') {
            p++;
        }
        if (QUANTIFIERS.indexOf(peek()) >= 0) {
            throw new NotShared();
        }
        return new Repeat(part, min, max);
    }

    private static boolean canBeEmpty(Part part) {
        if (part instanceof Sequence sequence) {
            return sequence.parts().stream().allMatch(PatternSyntax::canBeEmpty);
        }
        if (part instanceof Alternatives alternatives) {
            return alternatives.parts().stream().anyMatch(PatternSyntax::canBeEmpty);
        }
        if (part instanceof Repeat repeat) {
            return repeat.min() == 0 || canBeEmpty(repeat.part());
        }
        return part instanceof Anchor;
    }

    private BitSet characterClass() throws NotShared {
        boolean negated = peek() == '^';
        p += negated ? 1 : 0;
        BitSet members = new BitSet(SYMBOLS);
        boolean first = true;
        while (peek() != ']') {
            if (peek() == '-' && !first && !regex.startsWith("-]", p)) {
                throw new NotShared();
            }
            BitSet low = classMember();
            if (peek() == '-' && !regex.startsWith("-]", p)) {
                p++;
                BitSet high = classMember();
                if (low.cardinality() != 1 || high.cardinality() != 1 || high.nextSetBit(0) < low.nextSetBit(0)) {
                    throw new NotShared();
                }
                members.set(low.nextSetBit(0), high.nextSetBit(0) + 1);
            } else {
                members.or(low);
            }
            first = false;
        }
        p++;
        if (first) {
            throw new NotShared();
        }
        if (negated) {
            members.flip(0, SYMBOLS);
        }
        return members;
    }

    private BitSet classMember() throws NotShared {
        if (p >= regex.length()) {
            throw new NotShared();
        }
        char c = regex.charAt(p++);
        // An inner bracket and && mean unions and intersections to Java; a later ^ is fine, but rare.
        if (c == '[' || c == ']' || c == '^' || (c == '&' && peek() == '&')) {
            throw new NotShared();
        }
        return c == '\\' ? escape() : single(c);
    }

    private BitSet escape() throws NotShared {
        if (p >= regex.length()) {
            throw new NotShared();
        }
        char c = regex.charAt(p++);
        return switch (c) {
            case 'd' -> range("09");
            case 'D' -> complement(range("09"));
            case 'w' -> range("azAZ09__");
            case 'W' -> complement(range("azAZ09__"));
            case 's' -> complement(without("\t\n\u000B\f\r "));
            case 'S' -> without("\t\n\u000B\f\r ");
            case 't' -> single('\t');
            case 'n' -> single('\n');
            case 'r' -> single('\r');
            case 'f' -> single('\f');
            case 'x' -> single(hex(2));
            case 'u' -> single(hex(4));
            default -> {
                if (ESCAPABLE.indexOf(c) < 0) {
                    throw new NotShared();
                }
                yield single(c);
            }
        };
    }

    private char hex(int digits) throws NotShared {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = p < regex.length() ? Utf8Json.hex(regex.charAt(p++)) : -1;
            if (digit < 0) {
                throw new NotShared();
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    private int number() throws NotShared {
        int from = p;
        int value = 0;
        while (peek() >= '0' && peek() <= '9' && p - from < 5) {
            value = value * 10 + (peek() - '0');
            p++;
        }
        if (p == from || value > MAX_COUNT) {
            throw new NotShared();
        }
        return value;
    }

    /** The next character, or U+FFFF at the end. */
    private char peek() {
        return p < regex.length() ? regex.charAt(p) : '\uFFFF';
    }

    private void expect(char c) throws NotShared {
        if (peek() != c) {
            throw new NotShared();
        }
        p++;
    }

    private static BitSet single(char c) throws NotShared {
        if (c >= BEYOND_ASCII) {
            throw new NotShared();
        }
        BitSet set = new BitSet(SYMBOLS);
        set.set(c);
        return set;
    }

    private static BitSet range(String pairs) {
        BitSet set = new BitSet(SYMBOLS);
        for (int i = 0; i < pairs.length(); i += 2) {
            set.set(pairs.charAt(i), pairs.charAt(i + 1) + 1);
        }
        return set;
    }

    private static BitSet without(String characters) {
        BitSet set = new BitSet(SYMBOLS);
        set.set(0, SYMBOLS);
        characters.chars().forEach(set::clear);
        return set;
    }

    private static BitSet complement(BitSet set) {
        BitSet other = (BitSet) set.clone();
        other.flip(0, SYMBOLS);
        return other;
    }
}
