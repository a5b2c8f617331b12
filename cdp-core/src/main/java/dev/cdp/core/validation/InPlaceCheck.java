package dev.cdp.core.validation;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A check that applies other checks to the same value, by scanning its bytes again.
 *
 * <p>Every look is paid for out of the scan's budget, so that nested applicators cannot take exponential time.
 */
abstract class InPlaceCheck extends Check {

    /**
     * Applies a check and restores the scan whatever the verdict. {@link Scan#span} has to be the value's length.
     */
    static int judge(Scan scan, byte[] b, int p, Check check) {
        int span = scan.span;
        if (!scan.spend(span)) {
            return UNSURE;
        }
        int depth = scan.depth;
        int marks = scan.marks;
        if (depth >= Scan.MAX_DEPTH) {
            return UNSURE;
        }
        scan.depth = depth + 1;
        int verdict = check.scan(scan, b, p);
        scan.depth = depth;
        scan.marks = marks;
        scan.span = span;
        return verdict;
    }

    /** Scans the value for its form alone and keeps its length in {@link Scan#span}. */
    static int measure(Scan scan, byte[] b, int p) {
        int end = AnyCheck.INSTANCE.scan(scan, b, p);
        scan.span = end - p;
        return end;
    }

    /** Valid if all are; the first one tells the value's end. */
    static final class All extends InPlaceCheck {

        private final Check first;
        private final Check[] others;

        All(Check first, List<Check> others) {
            this.first = first;
            this.others = others.toArray(Check[]::new);
        }

        @Override
        int scan(Scan scan, byte[] b, int p) {
            int end = first.scan(scan, b, p);
            for (Check other : others) {
                if (end < 0) {
                    return end;
                }
                scan.span = end - p;
                int verdict = judge(scan, b, p, other);
                end = verdict < 0 ? verdict : end;
            }
            return end;
        }
    }

    /** Valid if one or more are. */
    static final class Any extends InPlaceCheck {

        private final Check[] branches;

        Any(List<Check> branches) {
            this.branches = branches.toArray(Check[]::new);
        }

        @Override
        int scan(Scan scan, byte[] b, int p) {
            int end = measure(scan, b, p);
            if (end < 0) {
                return UNSURE;
            }
            int result = INVALID;
            for (Check branch : branches) {
                int verdict = judge(scan, b, p, branch);
                if (verdict >= 0) {
                    return end;
                }
                result = Math.max(result, verdict);
            }
            return result;
        }
    }

    /** Valid if exactly one is. */
    static final class One extends InPlaceCheck {

        private final Check[] branches;

        One(List<Check> branches) {
            this.branches = branches.toArray(Check[]::new);
        }

        @Override
        int scan(Scan scan, byte[] b, int p) {
            int end = measure(scan, b, p);
            if (end < 0) {
                return UNSURE;
            }
            int valid = 0;
            int unsure = 0;
            for (Check branch : branches) {
                int verdict = judge(scan, b, p, branch);
                valid += verdict >= 0 ? 1 : 0;
                unsure += verdict == UNSURE ? 1 : 0;
            }
            if (valid > 1 || valid + unsure == 0) {
                return INVALID;
            }
            return unsure > 0 ? UNSURE : end;
        }
    }

    /** Valid if another is not. */
    static final class Not extends InPlaceCheck {

        private final Check other;

        Not(Check other) {
            this.other = other;
        }

        @Override
        int scan(Scan scan, byte[] b, int p) {
            int end = measure(scan, b, p);
            if (end < 0) {
                return UNSURE;
            }
            int verdict = judge(scan, b, p, other);
            return verdict >= 0 ? INVALID : verdict == INVALID ? end : UNSURE;
        }
    }

    /** Valid if, by a condition, one of two is. */
    static final class If extends InPlaceCheck {

        private final Check condition;
        private final Check then;
        private final Check otherwise;

        If(Check condition, Check then, Check otherwise) {
            this.condition = condition;
            this.then = then;
            this.otherwise = otherwise;
        }

        @Override
        int scan(Scan scan, byte[] b, int p) {
            int end = measure(scan, b, p);
            if (end < 0) {
                return UNSURE;
            }
            int verdict = judge(scan, b, p, condition);
            if (verdict == UNSURE) {
                return UNSURE;
            }
            Check chosen = verdict >= 0 ? then : otherwise;
            return chosen == AnyCheck.INSTANCE ? end : judge(scan, b, p, chosen);
        }
    }

    /** What another schema says, known only after this one; the way around in a recursive schema. */
    static final class Ref extends InPlaceCheck {

        private @Nullable Check target;

        void resolve(Check check) {
            target = check;
        }

        @Override
        int scan(Scan scan, byte[] b, int p) {
            if (target == null || ++scan.depth > Scan.MAX_DEPTH) {
                return UNSURE;
            }
            int verdict = target.scan(scan, b, p);
            scan.depth--;
            return verdict;
        }
    }
}
