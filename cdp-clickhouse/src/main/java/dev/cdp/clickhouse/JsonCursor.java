package dev.cdp.clickhouse;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** A walk over the tokens of one payload, which also knows the payload's bytes. */
final class JsonCursor implements AutoCloseable {

    /** What validation lets through is read here too: it has its own bounds, and these are beyond them. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final byte[] source;
    private final JsonParser parser;

    JsonCursor(byte[] source) {
        this.source = source;
        this.parser = JSON.createParser(ObjectReadContext.empty(), source);
    }

    JsonParser parser() {
        return parser;
    }

    JsonToken token() {
        return parser.currentToken();
    }

    boolean atNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** JSON Pointer of the current value. */
    String pointer() {
        return parser.streamReadContext().pathAsPointer().toString();
    }

    /** Where the current token begins in the payload. */
    int tokenStart() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    /** Writes the payload's bytes from {@code start} to the end of the current token as one string. */
    void copyFrom(int start, RowBuffer out) {
        parser.finishToken();
        out.string(source, start, (int) parser.currentLocation().getByteOffset());
    }

    /** Names the kind of the current value, and not the value. */
    String found() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "another string";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> "something else";
        };
    }

    @Override
    public void close() {
        parser.close();
    }
}
