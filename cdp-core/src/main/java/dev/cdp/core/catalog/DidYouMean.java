package dev.cdp.core.catalog;

import java.util.Collection;
import java.util.Comparator;

/** Finds the known name that a mistyped one is nearest to, by edit distance with transpositions. */
final class DidYouMean {

    private static final int MAX_LENGTH = 200;
    private static final int MAX_SHOWN = 60;

    private DidYouMean() {}

    /** {@code "; did you mean 'x'?"}, or empty where nothing is near, or the name is too long to be one. */
    static String hint(String found, Collection<String> known) {
        if (found.length() > MAX_LENGTH) {
            return "";
        }
        int limit = Math.max(1, found.length() / 3);
        return known.stream()
                .filter(name -> Math.abs(name.length() - found.length()) <= limit)
                .filter(name -> distance(found, name) <= limit)
                .min(Comparator.comparingInt(name -> distance(found, name)))
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("");
    }

    /** A text that a message may hold: as it is, or its beginning. */
    static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int swap = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + swap);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
