package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import dev.cdp.core.schema.Regex.CharSet;
import dev.cdp.core.schema.Regex.Range;

/**
 * Reads the regular expressions that schemas use. Look-around, back references, flags and possessive quantifiers are
 * not read: of those nothing is concluded.
 */
final class RegexReader {

    private static final int MAX_LENGTH = 2_000;
    private static final int MAX_DEPTH = 60;
    private static final CharSet DIGIT = CharSet.of(new Range('0', '9'));
    private static final CharSet WORD =
            CharSet.of(new Range('a', 'z'), new Range('A', 'Z'), new Range('0', '9'), new Range('_', '_'));
    private static final CharSet SPACE = CharSet.of(new Range('\t', '\r'), new Range(' ', ' '));

    private final String text;
    private int at;

    private RegexReader(String text) {
        this.text = text;
    }

    /** Each alternative of a pattern, or nothing where it holds what is not read. */
    static Optional<List<Branch>> read(String pattern) {
        if (pattern.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            RegexReader reader = new RegexReader(pattern);
            List<Branch> branches = new ArrayList<>();
            do {
                branches.add(reader.branch(0));
            } while (reader.skip('|'));
            return reader.at == pattern.length() ? Optional.of(branches) : Optional.empty();
        } catch (UnreadException e) {
            return Optional.empty();
        }
    }

    private Regex choice(int depth) {
        List<Regex> options = new ArrayList<>();
        do {
            options.add(branch(depth).regex());
        } while (skip('|'));
        return options.size() == 1 ? options.get(0) : new Regex.Choice(options);
    }

    private Branch branch(int depth) {
        if (depth > MAX_DEPTH) {
            throw new UnreadException();
        }
        List<Regex> parts = new ArrayList<>();
        boolean starts = false;
        boolean ends = false;
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            if (skip('^')) {
                starts |= parts.isEmpty();
            } else if (skip('$')) {
                ends = true;
            } else if (!skip("\\b") && !skip("\\B")) {
                parts.add(quantified(atom(depth)));
                ends = false;
            }
        }
        Regex regex = parts.size() == 1 ? parts.get(0) : new Regex.Sequence(parts);
        return new Branch(regex, starts, ends);
    }

    private Regex atom(int depth) {
        char c = text.charAt(at++);
        return switch (c) {
            case '(' -> group(depth);
            case '[' -> new Regex.One(set());
            case '.' -> new Regex.One(CharSet.DOT);
            case '\\' -> new Regex.One(escape());
            case '*', '+', '?', '{' -> throw new UnreadException();
            default -> new Regex.One(one(codePoint(c)));
        };
    }

    private int codePoint(char c) {
        if (Character.isHighSurrogate(c) && at < text.length() && Character.isLowSurrogate(text.charAt(at))) {
            return Character.toCodePoint(c, text.charAt(at++));
        }
        return c;
    }

    private Regex group(int depth) {
        if (skip('?')) {
            boolean plain = skip(':');
            boolean named = !plain && skip('<') && at < text.length() && Character.isLetter(text.charAt(at));
            if (named) {
                at = text.indexOf('>', at) + 1;
            }
            if ((!plain && !named) || at == 0) {
                throw new UnreadException();
            }
        }
        Regex inner = choice(depth + 1);
        if (!skip(')')) {
            throw new UnreadException();
        }
        return inner;
    }

    private Regex quantified(Regex part) {
        int min;
        int max;
        if (skip('*')) {
            min = 0;
            max = Regex.Repeat.FOREVER;
        } else if (skip('+')) {
            min = 1;
            max = Regex.Repeat.FOREVER;
        } else if (skip('?')) {
            min = 0;
            max = 1;
        } else if (skip('{')) {
            min = number();
            max = skip(',') ? (at < text.length() && text.charAt(at) == '}' ? Regex.Repeat.FOREVER : number()) : min;
            if (!skip('}')) {
                throw new UnreadException();
            }
        } else {
            return part;
        }
        if (!skip('?') && skip('+')) {
            throw new UnreadException();
        }
        return new Regex.Repeat(part, min, max);
    }

    private int number() {
        int from = at;
        while (at < text.length() && at - from < 9 && Character.isDigit(text.charAt(at))) {
            at++;
        }
        if (from == at) {
            throw new UnreadException();
        }
        return Integer.parseInt(text.substring(from, at));
    }

    private CharSet set() {
        boolean negated = skip('^');
        List<Range> ranges = new ArrayList<>();
        while (at < text.length() && text.charAt(at) != ']') {
            if (text.startsWith("&&", at) || text.charAt(at) == '[') {
                throw new UnreadException();
            }
            CharSet from = member();
            boolean range = at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']';
            if (range && from.ranges().size() == 1) {
                at++;
                CharSet to = member();
                ranges.add(new Range(
                        from.ranges().get(0).from(),
                        to.ranges().get(to.ranges().size() - 1).to()));
            } else {
                ranges.addAll(from.ranges());
            }
        }
        if (!skip(']')) {
            throw new UnreadException();
        }
        CharSet set = CharSet.of(ranges);
        return negated ? set.negated() : set;
    }

    private CharSet member() {
        if (at >= text.length()) {
            throw new UnreadException();
        }
        char c = text.charAt(at++);
        return c == '\\' ? escape() : one(codePoint(c));
    }

    private CharSet escape() {
        if (at >= text.length()) {
            throw new UnreadException();
        }
        char c = text.charAt(at++);
        return switch (c) {
            case 'd' -> DIGIT;
            case 'D' -> DIGIT.negated();
            case 'w' -> WORD;
            case 'W' -> WORD.negated();
            case 's' -> SPACE;
            case 'S' -> SPACE.negated();
            case 't' -> one('\t');
            case 'n' -> one('\n');
            case 'r' -> one('\r');
            case 'f' -> one('\f');
            case 'v' -> one(0x0B);
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'p', 'P' -> property(c);
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw new UnreadException();
                }
                yield one(c);
            }
        };
    }

    private CharSet hex(int digits) {
        try {
            int code = Integer.parseInt(text.substring(at, at + digits), 16);
            at += digits;
            return one(code);
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new UnreadException();
        }
    }

    /** Exact for ASCII; of the rest it is taken to hold everything, so that two properties always overlap. */
    private CharSet property(char kind) {
        int close = text.indexOf('}', at);
        if (close < 0) {
            throw new UnreadException();
        }
        try {
            Pattern pattern = Pattern.compile("\\" + kind + text.substring(at, close + 1));
            at = close + 1;
            List<Range> ranges = new ArrayList<>(List.of(new Range(0x80, CharSet.LAST)));
            for (int c = 0; c < 0x80; c++) {
                if (pattern.matcher(Character.toString(c)).matches()) {
                    ranges.add(new Range(c, c));
                }
            }
            return CharSet.of(ranges);
        } catch (PatternSyntaxException e) {
            throw new UnreadException();
        }
    }

    private static CharSet one(int code) {
        return CharSet.of(new Range(code, code));
    }

    private boolean skip(char c) {
        boolean here = at < text.length() && text.charAt(at) == c;
        at += here ? 1 : 0;
        return here;
    }

    private boolean skip(String word) {
        boolean here = text.startsWith(word, at);
        at += here ? word.length() : 0;
        return here;
    }

    /** One alternative, and whether it is tied to the beginning and to the end of a text. */
    record Branch(Regex regex, boolean starts, boolean ends) {}

    /** Thrown for what is not read. */
    private static final class UnreadException extends RuntimeException {
        UnreadException() {
            super(null, null, false, false);
        }
    }
}
