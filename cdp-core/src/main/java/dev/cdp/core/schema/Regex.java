package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.List;

/** A regular expression as a tree, without what only says where it matches. */
sealed interface Regex {

    /** Whether it stands for strings of different lengths without a limit. */
    boolean unbounded();

    /** How many characters it names, with bounded repetitions written out. */
    long size();

    /** One character of a set. */
    record One(CharSet set) implements Regex {
        @Override
        public boolean unbounded() {
            return false;
        }

        @Override
        public long size() {
            return 1;
        }
    }

    /** One after the other; none for the empty string. */
    record Sequence(List<Regex> parts) implements Regex {
        @Override
        public boolean unbounded() {
            return parts.stream().anyMatch(Regex::unbounded);
        }

        @Override
        public long size() {
            return parts.stream().mapToLong(Regex::size).sum();
        }
    }

    /** One of several. */
    record Choice(List<Regex> options) implements Regex {
        @Override
        public boolean unbounded() {
            return options.stream().anyMatch(Regex::unbounded);
        }

        @Override
        public long size() {
            return options.stream().mapToLong(Regex::size).sum();
        }
    }

    /** Repeated; {@code max} is {@link #FOREVER} for no limit. */
    record Repeat(Regex part, int min, int max) implements Regex {

        static final int FOREVER = Integer.MAX_VALUE;

        @Override
        public boolean unbounded() {
            return max == FOREVER || part.unbounded();
        }

        @Override
        public long size() {
            return Math.min(1L << 40, part.size() * (max == FOREVER ? Math.max(1, min) : max));
        }
    }

    /** A set of characters: sorted ranges that do not touch. */
    record CharSet(List<Range> ranges) {

        static final int LAST = 0x10FFFF;
        static final CharSet ALL = new CharSet(List.of(new Range(0, LAST)));
        /** What {@code .} stands for. */
        static final CharSet DOT = of(
                        new Range('\n', '\n'), new Range('\r', '\r'), new Range(0x85, 0x85), new Range(0x2028, 0x2029))
                .negated();

        static CharSet of(Range... ranges) {
            return of(List.of(ranges));
        }

        static CharSet of(List<Range> ranges) {
            List<Range> sorted = new ArrayList<>(ranges);
            sorted.sort(java.util.Comparator.comparingInt(Range::from));
            List<Range> merged = new ArrayList<>();
            for (Range range : sorted) {
                Range last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
                if (last != null && range.from <= last.to + 1) {
                    merged.set(merged.size() - 1, new Range(last.from, Math.max(last.to, range.to)));
                } else {
                    merged.add(range);
                }
            }
            return new CharSet(List.copyOf(merged));
        }

        CharSet negated() {
            List<Range> rest = new ArrayList<>();
            int next = 0;
            for (Range range : ranges) {
                if (range.from > next) {
                    rest.add(new Range(next, range.from - 1));
                }
                next = range.to + 1;
            }
            if (next <= LAST) {
                rest.add(new Range(next, LAST));
            }
            return new CharSet(List.copyOf(rest));
        }

        boolean meets(CharSet other) {
            int i = 0;
            int j = 0;
            while (i < ranges.size() && j < other.ranges.size()) {
                Range a = ranges.get(i);
                Range b = other.ranges.get(j);
                if (a.to < b.from) {
                    i++;
                } else if (b.to < a.from) {
                    j++;
                } else {
                    return true;
                }
            }
            return false;
        }
    }

    /** Code points from one to another, both included. */
    record Range(int from, int to) {}
}
