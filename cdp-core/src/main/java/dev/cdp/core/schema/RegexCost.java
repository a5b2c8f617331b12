package dev.cdp.core.schema;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How the work of a backtracking matcher grows with the length of a text that does not match: by the ambiguity of the
 * expression's automaton.
 *
 * @see <a href="https://doi.org/10.1016/0304-3975(91)90381-B">Weber and Seidl, On the degree of ambiguity of finite
 *     automata: the criteria EDA and IDA</a>
 */
enum RegexCost {
    /** In proportion. */
    LINEAR,
    /** With its square, or a higher power. */
    POLYNOMIAL,
    /** It doubles, or worse, with every character or so. */
    EXPONENTIAL,
    /** Not found out: it holds what is not analysed, or is too large. */
    UNKNOWN;

    private static final int MAX_STEPS = 3_000_000;

    static RegexCost of(String pattern) {
        List<RegexReader.Branch> branches = RegexReader.read(pattern).orElse(null);
        if (branches == null) {
            return UNKNOWN;
        }
        RegexCost worst = LINEAR;
        for (RegexReader.Branch branch : branches) {
            RegexAutomaton automaton = RegexAutomaton.of(branch);
            RegexCost cost = automaton == null ? UNKNOWN : new Search(automaton).cost();
            worst = worst.compareTo(cost) >= 0 ? worst : cost;
            if (cost == EXPONENTIAL) {
                return EXPONENTIAL;
            }
        }
        return worst;
    }

    /** Looks for two ways round on one text. */
    private static final class Search {

        private final RegexAutomaton automaton;
        private final int size;
        private final BitSet[] reach;
        private int steps;

        private Search(RegexAutomaton automaton) {
            this.automaton = automaton;
            this.size = automaton.size();
            this.reach = new BitSet[size];
            for (int state = 0; state < size; state++) {
                reach[state] = reachable(state);
            }
        }

        private RegexCost cost() {
            try {
                for (int state = 0; state < size; state++) {
                    if (loops(state) && forks(state)) {
                        return EXPONENTIAL;
                    }
                }
                for (int a = 0; a < size; a++) {
                    for (int b = reach[a].nextSetBit(0); b >= 0 && loops(a); b = reach[a].nextSetBit(b + 1)) {
                        if (a != b && loops(b) && passesOver(a, b)) {
                            return POLYNOMIAL;
                        }
                    }
                }
                return LINEAR;
            } catch (BudgetException e) {
                return UNKNOWN;
            }
        }

        private BitSet reachable(int from) {
            BitSet found = new BitSet();
            Deque<Integer> open = new ArrayDeque<>(List.of(from));
            while (!open.isEmpty()) {
                BitSet next = automaton.next(open.pop());
                for (int to = next.nextSetBit(0); to >= 0; to = next.nextSetBit(to + 1)) {
                    if (!found.get(to)) {
                        found.set(to);
                        open.push(to);
                    }
                }
            }
            return found;
        }

        private boolean loops(int state) {
            return reach[state].get(state);
        }

        private boolean together(int a, int b) {
            return a == b ? loops(a) : reach[a].get(b) && reach[b].get(a);
        }

        /** EDA: two different ways lead from a state back to it on one text. */
        private boolean forks(int start) {
            Set<Long> seen = new HashSet<>();
            Deque<long[]> open = new ArrayDeque<>();
            open.push(new long[] {start, start, 0});
            while (!open.isEmpty()) {
                long[] here = open.pop();
                int a = (int) here[0];
                int b = (int) here[1];
                BitSet nextA = automaton.next(a);
                BitSet nextB = automaton.next(b);
                for (int x = nextA.nextSetBit(0); x >= 0; x = nextA.nextSetBit(x + 1)) {
                    for (int y = nextB.nextSetBit(0); y >= 0; y = nextB.nextSetBit(y + 1)) {
                        spend();
                        if (!together(start, x) || !together(start, y) || !automaton.meet(x, y)) {
                            continue;
                        }
                        boolean parted = here[2] == 1 || x != y || (a == b && automaton.twice(a, x));
                        if (parted && x == start && y == start) {
                            return true;
                        }
                        if (seen.add(((long) x * size + y) * 2 + (parted ? 1 : 0))) {
                            open.push(new long[] {x, y, parted ? 1 : 0});
                        }
                    }
                }
            }
            return false;
        }

        /** IDA: on one text a way leads round at a, one from a to b, and one round at b. */
        private boolean passesOver(int a, int b) {
            Set<Long> seen = new HashSet<>();
            Deque<int[]> open = new ArrayDeque<>();
            open.push(new int[] {a, a, b});
            while (!open.isEmpty()) {
                int[] here = open.pop();
                BitSet first = automaton.next(here[0]);
                BitSet second = automaton.next(here[1]);
                BitSet third = automaton.next(here[2]);
                for (int x = first.nextSetBit(0); x >= 0; x = first.nextSetBit(x + 1)) {
                    for (int z = third.nextSetBit(0); z >= 0; z = third.nextSetBit(z + 1)) {
                        spend();
                        if (!together(a, x) || !together(b, z) || !automaton.meet(x, z)) {
                            continue;
                        }
                        for (int y = second.nextSetBit(0); y >= 0; y = second.nextSetBit(y + 1)) {
                            spend();
                            if (!(y == b || reach[y].get(b)) || !automaton.meet(x, y) || !automaton.meet(y, z)) {
                                continue;
                            }
                            if (x == a && y == b && z == b) {
                                return true;
                            }
                            if (seen.add(((long) x * size + y) * size + z)) {
                                open.push(new int[] {x, y, z});
                            }
                        }
                    }
                }
            }
            return false;
        }

        private void spend() {
            if (++steps > MAX_STEPS) {
                throw new BudgetException();
            }
        }
    }

    private static final class BudgetException extends RuntimeException {
        BudgetException() {
            super(null, null, false, false);
        }
    }
}
