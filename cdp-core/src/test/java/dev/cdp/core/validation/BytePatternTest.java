package dev.cdp.core.validation;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;

class BytePatternTest {

    private static final List<String> ATOMS = List.of(
            "a", "b", ".", "\\d", "\\w", "\\S", "\\s", "[ab]", "[^a]", "[a-c_-]", "[\\w.]", "\\.", "^", "$", "\\W",
            "x");
    private static final List<String> QUANTIFIERS =
            List.of("", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}?", "{2,}");
    private static final List<String> CHARACTERS = List.of("a", "b", "c", "x", "1", "_", ".", "-", " ", "é", "😀", "Z");

    @Property(tries = 3_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void findsWhatJavaFinds(@ForAll long seed) {
        Random random = new Random(seed);
        String regex = regex(random, 3);
        Pattern java = Pattern.compile(regex);
        BytePattern.compile(regex).ifPresent(pattern -> {
            for (int i = 0; i < 20; i++) {
                StringBuilder text = new StringBuilder();
                for (int k = random.nextInt(8); k > 0; k--) {
                    text.append(CHARACTERS.get(random.nextInt(CHARACTERS.size())));
                }
                byte[] utf8 = Names.padded(text.toString());
                int verdict = pattern.test(utf8, 0, utf8.length - Long.BYTES);
                boolean found = java.matcher(text).find();
                assertThat(verdict)
                        .as("%s in '%s'", regex, text)
                        .isIn(found ? TextCheck.VALID : Check.INVALID, Check.UNSURE);
            }
        });
    }

    private static String regex(Random random, int depth) {
        StringBuilder regex = new StringBuilder();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            String atom = ATOMS.get(random.nextInt(ATOMS.size()));
            if (depth > 0 && random.nextInt(6) == 0) {
                atom = (random.nextBoolean() ? "(" : "(?:") + regex(random, depth - 1) + "|" + regex(random, depth - 1)
                        + ")";
            }
            boolean anchor = atom.equals("^") || atom.equals("$");
            regex.append(atom).append(anchor ? "" : QUANTIFIERS.get(random.nextInt(QUANTIFIERS.size())));
        }
        String body = regex.toString();
        return depth == 3 && random.nextInt(2) == 0 ? "^" + body + "$" : body;
    }
}
