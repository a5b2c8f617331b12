package dev.cdp.core.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.cdp.core.validation.PatternSyntax.Alternatives;
import dev.cdp.core.validation.PatternSyntax.Anchor;
import dev.cdp.core.validation.PatternSyntax.NotShared;
import dev.cdp.core.validation.PatternSyntax.Part;
import dev.cdp.core.validation.PatternSyntax.Repeat;
import dev.cdp.core.validation.PatternSyntax.Sequence;
import dev.cdp.core.validation.PatternSyntax.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * The deterministic automaton that finds a regular expression in a text: Thompson's construction, then subsets
 * (Hopcroft, Motwani and Ullman, "Introduction to Automata Theory", 2.3.5 and 3.2.3), both of bounded size.
 */
final class PatternAutomaton {

    /** The transition after which the text matches whatever follows. */
    static final int MATCHED = -1;

    /** The transition after which nothing matches. */
    static final int DEAD = -2;

    private static final int MAX_NODES = 5_000;
    private static final int MAX_STATES = 1_500;
    private static final int MAX_CLASSES = 100;
    private static final int MATCH_NODE = 0;

    private final List<Node> nodes = new ArrayList<>();
    private final List<BitSet> alphabet = new ArrayList<>();
    private final Map<BitSet, Integer> states = new HashMap<>();
    private final List<BitSet> pending = new ArrayList<>();
    private final int start;

    /** The class of each symbol of {@link PatternSyntax}. */
    final byte[] classes;

    /** The next state for each state and class. */
    final int[] next;

    /** Whether a text that ends in a state matches. */
    final boolean[] accepting;

    /** How many classes there are. */
    final int width;

    PatternAutomaton(Part pattern) throws NotShared {
        nodes.add(new Node(null, null, -1, -1));
        start = build(pattern, MATCH_NODE);
        classes = new byte[PatternSyntax.BEYOND_ASCII + 1];
        width = classify();
        List<int[]> rows = new ArrayList<>();
        pending.add(closure(new BitSet(), List.of(start), true, false));
        BitSet again = closure(new BitSet(), List.of(start), false, false);
        for (int state = 0; state < pending.size(); state++) {
            rows.add(row(pending.get(state), again));
        }
        next = rows.stream().flatMapToInt(Arrays::stream).toArray();
        accepting = new boolean[pending.size()];
        for (int state = 0; state < accepting.length; state++) {
            BitSet atEnd =
                    closure(new BitSet(), pending.get(state).stream().boxed().toList(), state == 0, true);
            accepting[state] = atEnd.get(MATCH_NODE);
        }
    }

    /** Whether every text matches. */
    boolean matchesAll() {
        return pending.get(0).get(MATCH_NODE);
    }

    /** A place in the expression: a symbol to read, an anchor to stand at, or a fork; and where that leads. */
    private record Node(@Nullable BitSet members, @Nullable Anchor anchor, int next, int other) {}

    /** Adds the nodes of a part in front of {@code then} and returns the first of them. */
    private int build(Part part, int then) throws NotShared {
        if (part instanceof Symbol symbol) {
            return add(new Node(symbol.members(), null, then, -1));
        }
        if (part instanceof Anchor anchor) {
            return add(new Node(null, anchor, then, -1));
        }
        if (part instanceof Sequence sequence) {
            int first = then;
            for (int i = sequence.parts().size() - 1; i >= 0; i--) {
                first = build(sequence.parts().get(i), first);
            }
            return first;
        }
        if (part instanceof Alternatives alternatives) {
            int first = -1;
            for (Part alternative : alternatives.parts()) {
                int branch = build(alternative, then);
                first = first < 0 ? branch : add(new Node(null, null, first, branch));
            }
            return first;
        }
        return repeat((Repeat) part, then);
    }

    private int repeat(Repeat repeat, int then) throws NotShared {
        int first = then;
        if (repeat.max() < 0) {
            first = add(new Node(null, null, then, -1));
            int body = build(repeat.part(), first);
            nodes.set(first, new Node(null, null, then, body));
        }
        for (int i = repeat.min(); i < repeat.max(); i++) {
            first = add(new Node(null, null, then, build(repeat.part(), first)));
        }
        for (int i = 0; i < repeat.min(); i++) {
            first = build(repeat.part(), first);
        }
        return first;
    }

    private int add(Node node) throws NotShared {
        if (nodes.size() == MAX_NODES) {
            throw new NotShared();
        }
        nodes.add(node);
        return nodes.size() - 1;
    }

    /** Symbols that every node treats alike get the same class. */
    private int classify() throws NotShared {
        Map<BitSet, Byte> bySignature = new HashMap<>();
        for (int symbol = 0; symbol < classes.length; symbol++) {
            BitSet signature = new BitSet();
            for (int i = 0; i < nodes.size(); i++) {
                BitSet members = nodes.get(i).members;
                signature.set(i, members != null && members.get(symbol));
            }
            Byte known = bySignature.get(signature);
            if (known == null) {
                known = (byte) bySignature.size();
                bySignature.put(signature, known);
                BitSet example = new BitSet();
                example.set(symbol);
                alphabet.add(example);
            }
            classes[symbol] = known;
        }
        if (alphabet.size() > MAX_CLASSES) {
            throw new NotShared();
        }
        return alphabet.size();
    }

    private int[] row(BitSet state, BitSet again) throws NotShared {
        int[] row = new int[width];
        for (int c = 0; c < width; c++) {
            List<Integer> reached = new ArrayList<>();
            for (int i = state.nextSetBit(0); i >= 0; i = state.nextSetBit(i + 1)) {
                BitSet members = nodes.get(i).members;
                if (members != null && members.intersects(alphabet.get(c))) {
                    reached.add(nodes.get(i).next);
                }
            }
            row[c] = number(closure((BitSet) again.clone(), reached, false, false));
        }
        return row;
    }

    private int number(BitSet state) throws NotShared {
        if (state.get(MATCH_NODE)) {
            return MATCHED;
        }
        if (state.isEmpty()) {
            return DEAD;
        }
        Integer known = states.get(state);
        if (known != null) {
            return known;
        }
        if (pending.size() == MAX_STATES) {
            throw new NotShared();
        }
        states.put(state, pending.size());
        pending.add(state);
        return pending.size() - 1;
    }

    /** Adds what is reached from some nodes without reading; forks are followed, not kept. */
    private BitSet closure(BitSet reached, List<Integer> from, boolean atStart, boolean atEnd) {
        BitSet visited = new BitSet();
        List<Integer> open = new ArrayList<>(from);
        while (!open.isEmpty()) {
            int i = open.remove(open.size() - 1);
            if (visited.get(i)) {
                continue;
            }
            visited.set(i);
            Node node = nodes.get(i);
            boolean fork = i != MATCH_NODE && node.members == null && node.anchor == null;
            boolean passed = (node.anchor == Anchor.START && atStart) || (node.anchor == Anchor.END && atEnd);
            if (fork || passed) {
                open.add(node.next);
                if (node.other >= 0) {
                    open.add(node.other);
                }
            } else if (node.anchor != Anchor.START) {
                reached.set(i);
            }
        }
        return reached;
    }
}
