package dev.cdp.core.validation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

import dev.cdp.core.validation.PatternSyntax.Anchor;
import dev.cdp.core.validation.PatternSyntax.Part;
import dev.cdp.core.validation.PatternSyntax.Repeat;
import dev.cdp.core.validation.PatternSyntax.Sequence;
import dev.cdp.core.validation.PatternSyntax.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression for the whole text that is a row of runs of ASCII characters, such as {@code ^[A-Z]{3}-[0-9]+$}.
 *
 * <p>At most one run varies in length, so the text's length says where each run stands, and no step waits for the one
 * before. What does not match is judged by the automaton.
 */
final class RunPattern implements TextCheck {

    private final boolean[][] members;
    private final int[] counts;
    private final int variable;
    private final int fixed;
    private final int maxLength;
    private final TextCheck automaton;

    private RunPattern(List<Run> runs, int variable, TextCheck automaton) {
        this.members = runs.stream().map(run -> table(run.members)).toArray(boolean[][]::new);
        this.counts = runs.stream().mapToInt(Run::min).toArray();
        this.variable = variable;
        this.fixed = runs.stream().mapToInt(Run::min).sum();
        int max = variable < 0 ? 0 : runs.get(variable).max;
        this.maxLength = variable < 0 ? fixed : max < 0 ? Integer.MAX_VALUE : fixed - counts[variable] + max;
        this.automaton = automaton;
    }

    private record Run(BitSet members, int min, int max) {}

    /** The pattern, if the expression is such a row; {@code automaton} is the same expression. */
    static Optional<TextCheck> of(Part part, TextCheck automaton) {
        if (!(part instanceof Sequence sequence) || sequence.parts().size() < 3) {
            return Optional.empty();
        }
        List<Part> parts = sequence.parts();
        int last = parts.size() - 1;
        if (parts.get(0) != Anchor.START || parts.get(last) != Anchor.END) {
            return Optional.empty();
        }
        List<Run> runs = new ArrayList<>();
        int variable = -1;
        for (Part inner : parts.subList(1, last)) {
            Run run = run(inner);
            if (run == null || (run.min != run.max && variable >= 0)) {
                return Optional.empty();
            }
            variable = run.min != run.max ? runs.size() : variable;
            runs.add(run);
        }
        return Optional.of(new RunPattern(runs, variable, automaton));
    }

    @Override
    public int test(byte[] b, int from, int to) {
        int length = to - from;
        if (length < fixed || length > maxLength) {
            return automaton.test(b, from, to);
        }
        boolean match = true;
        int p = from;
        for (int i = 0; i < members.length; i++) {
            boolean[] members = this.members[i];
            int end = p + counts[i] + (i == variable ? length - fixed : 0);
            for (; p < end; p++) {
                match &= members[b[p] & 0xFF];
            }
        }
        return match ? VALID : automaton.test(b, from, to);
    }

    private static @Nullable Run run(Part part) {
        Part repeated = part instanceof Repeat repeat ? repeat.part() : part;
        if (!(repeated instanceof Symbol symbol) || symbol.members().get(PatternSyntax.BEYOND_ASCII)) {
            return null;
        }
        return part instanceof Repeat repeat
                ? new Run(symbol.members(), repeat.min(), repeat.max())
                : new Run(symbol.members(), 1, 1);
    }

    private static boolean[] table(BitSet members) {
        boolean[] table = new boolean[256];
        members.stream().forEach(c -> table[c] = true);
        return table;
    }
}
