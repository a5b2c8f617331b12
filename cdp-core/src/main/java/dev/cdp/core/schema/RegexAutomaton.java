package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.cdp.core.schema.Regex.CharSet;
import org.jspecify.annotations.Nullable;

/**
 * Glushkov's automaton of a regular expression: one state for each character that it names, and how many ways lead
 * from one to the next, which is what a backtracking matcher tries.
 */
final class RegexAutomaton {

    private static final int MAX_STATES = 300;
    private static final int MAX_COPIES = 20;
    private static final int MAX_EXPANDED = 100;

    private final List<CharSet> sets = new ArrayList<>();
    private final List<BitSet> next = new ArrayList<>();
    private final List<BitSet> twice = new ArrayList<>();

    private RegexAutomaton() {}

    /** The automaton of one alternative, or null where it is too large. */
    static @Nullable RegexAutomaton of(RegexReader.Branch branch) {
        RegexAutomaton automaton = new RegexAutomaton();
        Regex anything = new Regex.Repeat(new Regex.One(CharSet.ALL), 0, Regex.Repeat.FOREVER);
        Regex regex = branch.starts() ? branch.regex() : new Regex.Sequence(List.of(anything, branch.regex()));
        try {
            Part whole = automaton.part(regex);
            if (!branch.ends()) {
                // The matcher is content as soon as it arrives there and never comes back to look for another way.
                whole.last.forEach(state -> automaton.next.get(state).clear());
                if (whole.nullable) {
                    automaton.next.forEach(BitSet::clear);
                }
            }
            return automaton;
        } catch (TooLargeException e) {
            return null;
        }
    }

    int size() {
        return sets.size();
    }

    BitSet next(int state) {
        return next.get(state);
    }

    /** Whether more than one way leads from a state straight to another. */
    boolean twice(int from, int to) {
        return twice.get(from).get(to);
    }

    /** Whether one character can lead into both. */
    boolean meet(int a, int b) {
        return a == b || sets.get(a).meets(sets.get(b));
    }

    private Part part(Regex regex) {
        if (regex instanceof Regex.One one) {
            return state(one.set());
        }
        if (regex instanceof Regex.Sequence sequence) {
            Part whole = Part.EMPTY;
            for (Regex piece : sequence.parts()) {
                whole = then(whole, part(piece));
            }
            return whole;
        }
        if (regex instanceof Regex.Choice choice) {
            Part whole = part(choice.options().get(0));
            for (Regex option : choice.options().subList(1, choice.options().size())) {
                whole = or(whole, part(option));
            }
            return whole;
        }
        return repeat((Regex.Repeat) regex);
    }

    private Part state(CharSet set) {
        if (sets.size() >= MAX_STATES) {
            throw new TooLargeException();
        }
        sets.add(set);
        next.add(new BitSet());
        twice.add(new BitSet());
        Set<Integer> self = Set.of(sets.size() - 1);
        return new Part(false, self, self);
    }

    /**
     * Bounded repetitions are written out as far as that is small. Beyond, a long run of one character is cut short,
     * and a long run of anything else is taken for an endless one: the number of ways explodes either way.
     */
    private Part repeat(Regex.Repeat repeat) {
        Regex inner = repeat.part();
        boolean single = inner instanceof Regex.One;
        boolean endless = repeat.max() == Regex.Repeat.FOREVER;
        boolean written =
                !endless && (single || (!inner.unbounded() && repeat.size() <= MAX_EXPANDED) || repeat.max() <= 4);
        int min = Math.min(repeat.min(), written ? MAX_COPIES : endless && single ? MAX_COPIES : 2);
        Part whole = Part.EMPTY;
        Part lastCopy = null;
        for (int i = 0; i < min; i++) {
            lastCopy = part(inner);
            whole = then(whole, lastCopy);
        }
        if (!written) {
            // x{n,} is n times x with the last one going round
            if (lastCopy == null) {
                lastCopy = part(inner);
                whole = then(whole, new Part(true, lastCopy.first, lastCopy.last));
            }
            link(lastCopy.last, lastCopy.first);
            return whole;
        }
        Part tail = Part.EMPTY;
        for (int i = Math.min(repeat.max(), MAX_COPIES); i > min; i--) {
            Part copy = then(part(inner), tail);
            tail = new Part(true, copy.first, copy.last);
        }
        return then(whole, tail);
    }

    private Part then(Part a, Part b) {
        link(a.last, b.first);
        Set<Integer> first = a.nullable ? union(a.first, b.first) : a.first;
        Set<Integer> last = b.nullable ? union(a.last, b.last) : b.last;
        return new Part(a.nullable && b.nullable, first, last);
    }

    private static Part or(Part a, Part b) {
        return new Part(a.nullable || b.nullable, union(a.first, b.first), union(a.last, b.last));
    }

    private void link(Set<Integer> from, Set<Integer> to) {
        for (int source : from) {
            for (int target : to) {
                if (next.get(source).get(target)) {
                    twice.get(source).set(target);
                }
                next.get(source).set(target);
            }
        }
    }

    private static Set<Integer> union(Set<Integer> a, Set<Integer> b) {
        Set<Integer> union = new TreeSet<>(a);
        union.addAll(b);
        return union;
    }

    /** A part of the expression: whether it may be empty, and the states that it begins and ends in. */
    private record Part(boolean nullable, Set<Integer> first, Set<Integer> last) {
        private static final Part EMPTY = new Part(true, Set.of(), Set.of());
    }

    private static final class TooLargeException extends RuntimeException {
        TooLargeException() {
            super(null, null, false, false);
        }
    }
}
