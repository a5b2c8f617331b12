package dev.cdp.core.validation;

/** A judgement on the unescaped content of a string. Any thread may ask. */
@FunctionalInterface
interface TextCheck {

    /** The content is certainly valid; otherwise {@link Check#UNSURE} or {@link Check#INVALID}. */
    int VALID = 0;

    /** Judges the well-formed UTF-8 from {@code from} to {@code to}, behind which eight more bytes can be read. */
    int test(byte[] b, int from, int to);

    /** The check that knows nothing. */
    final class Unknown implements TextCheck {

        static final TextCheck INSTANCE = new Unknown();

        @Override
        public int test(byte[] b, int from, int to) {
            return Check.UNSURE;
        }
    }

    /** The check that the content is one of a set. */
    final class OneOf implements TextCheck {

        private final Names names;

        OneOf(Names names) {
            this.names = names;
        }

        @Override
        public int test(byte[] b, int from, int to) {
            return names.find(b, from, to, Names.hash(b, from, to)) >= 0 ? VALID : Check.INVALID;
        }
    }
}
