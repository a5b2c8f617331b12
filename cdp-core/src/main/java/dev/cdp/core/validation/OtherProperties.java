package dev.cdp.core.validation;

import java.util.List;

/** What holds for the properties that an object's schema does not name: patterns of keys, else one check. */
final class OtherProperties {

    private final Matching[] patterns;
    private final Check additional;

    /** At most 64 patterns, and the check of the properties that match none. */
    OtherProperties(List<Matching> patterns, Check additional) {
        this.patterns = patterns.toArray(Matching[]::new);
        this.additional = additional;
    }

    /** A pattern of keys and what their values have to be. */
    record Matching(TextCheck key, Check value) {}

    /** Scans the value at {@code p} of the key last read, in the object whose marks begin at {@code base}. */
    int scan(Scan scan, byte[] b, int p, int base) {
        if (!scan.mark(base, scan.keyHash)) {
            return Check.UNSURE;
        }
        if (patterns.length == 0) {
            return additional.scan(scan, b, p);
        }
        long matching = 0;
        for (int i = 0; i < patterns.length; i++) {
            int verdict = patterns[i].key.test(scan.key, scan.keyFrom, scan.keyTo);
            if (verdict == Check.UNSURE) {
                return Check.UNSURE;
            }
            matching |= verdict == TextCheck.VALID ? 1L << i : 0;
        }
        if (matching == 0) {
            return additional.scan(scan, b, p);
        }
        int end = Check.UNSURE;
        for (; matching != 0; matching &= matching - 1) {
            end = patterns[Long.numberOfTrailingZeros(matching)].value.scan(scan, b, p);
            if (end < 0 || !scan.spend(end - p)) {
                return Math.min(end, Check.UNSURE);
            }
        }
        return end;
    }
}
