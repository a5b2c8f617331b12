package dev.cdp.core.validation;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parses payloads as RFC 8259 has it, and refuses what other parsers understand differently: duplicate keys, lone
 * surrogates, anything but UTF-8, a byte order mark, trailing tokens, and more depth or length than an event has.
 */
final class StrictJson {

    static final int MAX_DEPTH = 200;
    static final int MAX_STRING = 20_000_000;
    static final int MAX_NUMBER = 1_000;

    /** Says where a duplicate key stands. */
    private static final JsonMapper MAPPER = mapper(factory().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION))
            .build();

    /** Refuses the same as {@link #MAPPER} and says less of it: it notices a duplicate key in the tree. */
    private static final JsonMapper QUICK_MAPPER = mapper(factory())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private StrictJson() {}

    private static JsonFactoryBuilder factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(MAX_STRING)
                        .maxNameLength(MAX_STRING)
                        .maxNumberLength(MAX_NUMBER)
                        .build());
    }

    private static JsonMapper.Builder mapper(JsonFactoryBuilder factory) {
        return JsonMapper.builder(factory.build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    /**
     * The tree of a payload.
     *
     * @throws MalformedException with a violation that says what is wrong and where
     */
    static JsonNode parse(byte[] json) throws MalformedException {
        if (isPlain(json)) {
            try {
                return QUICK_MAPPER.readTree(json);
            } catch (JacksonException | NumberFormatException | ArithmeticException e) {
                return parseText(json);
            }
        }
        return parseText(json);
    }

    /**
     * Whether it is an object or array of ASCII without escapes and zeros, so that the parser can only take it for
     * UTF-8, and it holds no half of a surrogate pair.
     */
    private static boolean isPlain(byte[] json) {
        if (json.length == 0 || (json[0] != '{' && json[0] != '[')) {
            return false;
        }
        boolean plain = true;
        for (byte b : json) {
            plain &= b > 0 && b != '\\';
        }
        return plain;
    }

    private static JsonNode parseText(byte[] json) throws MalformedException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("expected JSON in UTF-8, found bytes that are not UTF-8");
        }
        if (text.isBlank()) {
            throw new MalformedException("expected JSON, found nothing");
        }
        if (text.charAt(0) == '\uFEFF') {
            throw new MalformedException("expected JSON, found a byte order mark");
        }
        if (hasLoneSurrogate(text)) {
            throw new MalformedException("expected text, found half of a surrogate pair");
        }
        try {
            return MAPPER.readTree(text);
        } catch (StreamConstraintsException e) {
            throw new MalformedException("expected at most depth " + MAX_DEPTH + ", strings of " + MAX_STRING
                    + " characters and numbers of " + MAX_NUMBER + ", found more" + at(e));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new MalformedException("expected numbers whose exponents fit 32 bits, found a larger one");
        } catch (JacksonException e) {
            throw new MalformedException("expected JSON without duplicate keys, found something else" + at(e));
        }
    }

    private static String at(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** Looks at escapes only: UTF-8 itself cannot carry a lone surrogate. */
    private static boolean hasLoneSurrogate(String text) {
        for (int i = text.indexOf('\\'); i >= 0 && i + 1 < text.length(); i = text.indexOf('\\', i)) {
            int unit = text.charAt(i + 1) == 'u' ? unit(text, i) : -1;
            if (unit >= 0xDC00 && unit <= 0xDFFF) {
                return true;
            }
            if (unit >= 0xD800 && unit <= 0xDBFF) {
                int low = text.startsWith("\\u", i + 6) ? unit(text, i + 6) : -1;
                if (low < 0xDC00 || low > 0xDFFF) {
                    return true;
                }
                i += 6;
            }
            i += unit < 0 ? 2 : 6;
        }
        return false;
    }

    private static int unit(String text, int backslash) {
        int unit = 0;
        for (int i = backslash + 2; i < backslash + 6; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            unit = unit * 16 + digit;
        }
        return unit;
    }

    /** Thrown for bytes that are not the JSON that cdp reads; its message never quotes them. */
    static final class MalformedException extends Exception {
        MalformedException(String message) {
            super(message, null, false, false);
        }
    }
}
