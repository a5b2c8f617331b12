package dev.cdp.cli.events;

import java.util.ArrayList;
import java.util.List;

/**
 * Texts that a regular expression matches. It knows what schemas are written with: characters, classes, groups, choices,
 * repetitions and anchors; of anything else it makes texts that the schema refuses.
 */
final class PatternText {

    private static final int MANY = 12;
    private static final String WORD = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final String pattern;
    private final Chance chance;
    private int at;

    private PatternText(String pattern, Chance chance) {
        this.pattern = pattern;
        this.chance = chance;
    }

    static String of(String pattern, Chance chance) {
        PatternText text = new PatternText(pattern, chance);
        StringBuilder out = new StringBuilder();
        text.choice(out);
        return out.toString();
    }

    /** Reads alternatives up to a closing parenthesis or the end, and writes one of them. */
    private void choice(StringBuilder out) {
        List<String> alternatives = new ArrayList<>();
        do {
            StringBuilder one = new StringBuilder();
            sequence(one);
            alternatives.add(one.toString());
        } while (take('|'));
        out.append(alternatives.get(chance.below(alternatives.size())));
    }

    private void sequence(StringBuilder out) {
        while (at < pattern.length() && peek() != ')' && peek() != '|') {
            int start = at;
            StringBuilder first = new StringBuilder();
            atom(first);
            int end = at;
            int times = times();
            int after = at;
            for (int i = 0; i < times; i++) {
                StringBuilder again = new StringBuilder();
                at = start;
                atom(again);
                out.append(again);
            }
            at = Math.max(end, after);
        }
    }

    private void atom(StringBuilder out) {
        char c = pattern.charAt(at++);
        switch (c) {
            case '^', '$' -> {}
            case '.' -> out.append(WORD.charAt(chance.below(WORD.length())));
            case '(' -> group(out);
            case '[' -> out.append(oneOf(charClass()));
            case '\\' -> out.append(oneOf(escape(pattern.charAt(at++))));
            default -> out.append(c);
        }
    }

    private void group(StringBuilder out) {
        if (pattern.startsWith("?:", at)) {
            at += 2;
        }
        choice(out);
        take(')');
    }

    private String charClass() {
        boolean not = take('^');
        StringBuilder chars = new StringBuilder();
        while (at < pattern.length() && (peek() != ']' || chars.isEmpty())) {
            char from = pattern.charAt(at++);
            if (from == '\\') {
                chars.append(escape(pattern.charAt(at++)));
            } else if (at + 1 < pattern.length() && peek() == '-' && pattern.charAt(at + 1) != ']') {
                at++;
                for (char c = from, to = pattern.charAt(at++); c <= to; c++) {
                    chars.append(c);
                }
            } else {
                chars.append(from);
            }
        }
        take(']');
        if (!not) {
            return chars.toString();
        }
        return WORD.chars()
                .filter(c -> chars.indexOf(String.valueOf((char) c)) < 0)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String escape(char c) {
        return switch (c) {
            case 'd' -> "0123456789";
            case 'w' -> WORD;
            case 's' -> " ";
            default -> String.valueOf(c);
        };
    }

    private String oneOf(String chars) {
        return chars.isEmpty() ? "" : String.valueOf(chars.charAt(chance.below(chars.length())));
    }

    private int times() {
        if (at >= pattern.length()) {
            return 1;
        }
        if (take('?')) {
            return chance.below(2);
        }
        if (take('*')) {
            return chance.below(MANY);
        }
        if (take('+')) {
            return 1 + chance.below(MANY);
        }
        int close = pattern.indexOf('}', at);
        if (peek() != '{' || close < 0 || !pattern.substring(at + 1, close).matches("[0-9]{1,9}(,[0-9]{0,9})?")) {
            return 1;
        }
        String[] bounds = pattern.substring(at + 1, close).split(",", -1);
        at = close + 1;
        int least = Integer.parseInt(bounds[0]);
        int most = bounds.length == 1
                ? least
                : bounds[1].isEmpty() ? least + MANY : Math.min(Integer.parseInt(bounds[1]), least + MANY);
        return least + chance.below(most - least + 1);
    }

    private char peek() {
        return pattern.charAt(at);
    }

    private boolean take(char c) {
        boolean here = at < pattern.length() && peek() == c;
        at += here ? 1 : 0;
        return here;
    }
}
