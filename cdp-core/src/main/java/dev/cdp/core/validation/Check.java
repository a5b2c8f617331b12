package dev.cdp.core.validation;

/**
 * A compiled schema, or a part of one, that scans one JSON value and judges it in the same pass.
 *
 * <p>The judgement has three values. It is exact in one direction only: what is not certain is {@link #UNSURE}, and an
 * invalid value may be called unsure at any time. Immutable once compiled, so any thread may call it with a
 * {@link Scan} of its own.
 */
abstract class Check {

    /** Neither certainly valid nor certainly invalid. */
    static final int UNSURE = -1;

    /** Certainly invalid, provided that the value is well-formed JSON without duplicate keys. */
    static final int INVALID = -2;

    /**
     * Scans the value that starts at {@code p}.
     *
     * @param b the padded text of {@code scan}
     * @param p the value's first byte, whitespace already skipped
     * @return the position after the value if it is well-formed and certainly valid, else {@link #UNSURE} or
     *     {@link #INVALID}; {@code scan.depth} and {@code scan.marks} are restored only in the first case
     */
    abstract int scan(Scan scan, byte[] b, int p);

    /** The check that knows nothing. */
    static final class Unknown extends Check {

        static final Check INSTANCE = new Unknown();

        @Override
        int scan(Scan scan, byte[] b, int p) {
            return UNSURE;
        }
    }

    /** The check that no value passes. */
    static final class Never extends Check {

        static final Check INSTANCE = new Never();

        @Override
        int scan(Scan scan, byte[] b, int p) {
            return INVALID;
        }
    }
}
