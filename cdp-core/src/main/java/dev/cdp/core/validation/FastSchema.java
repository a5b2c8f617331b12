package dev.cdp.core.validation;

import java.net.URI;
import java.util.Map;

import dev.cdp.core.schema.Dialect;
import dev.cdp.core.schema.FieldPlaces;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON Schema compiled into a scanner over UTF-8 bytes that accepts only what it is sure of. Any thread may call it.
 *
 * <p>What is not accepted is either invalid or not known, and has to be put before a complete validator. A text that
 * is accepted is well-formed JSON in well-formed UTF-8, without duplicate keys or trailing text, and valid with
 * formats asserted.
 */
final class FastSchema {

    private static final ThreadLocal<Scan> SCANS = ThreadLocal.withInitial(Scan::new);

    private final Check check;
    private final boolean complete;

    private FastSchema(Check check, boolean complete) {
        this.check = check;
        this.complete = complete;
    }

    /**
     * Compiles a schema. What is not known there, or is malformed, only makes the scanner accept less.
     *
     * @param baseUri the absolute URI of {@code root}
     * @param documents all that a {@code $ref} may name, by absolute URI
     */
    static FastSchema compile(JsonNode root, URI baseUri, Map<URI, JsonNode> documents, Dialect dialect) {
        return compile(root, baseUri, documents, dialect, null);
    }

    /** Compiles a schema into a scanner for {@link #find}, which keeps the places of these fields. */
    static FastSchema compile(
            JsonNode root, URI baseUri, Map<URI, JsonNode> documents, Dialect dialect, @Nullable FieldTree fields) {
        SchemaCompiler compiler = new SchemaCompiler(new SchemaIndex(root, baseUri, documents, dialect), dialect);
        Check check = compiler.compileRoot(root, fields);
        return new FastSchema(check, compiler.complete());
    }

    /**
     * Whether the JSON from {@code from} to {@code to} is certainly valid. Allocates nothing, once the thread's buffers
     * have grown to the largest text.
     */
    boolean accepts(byte[] json, int from, int to) {
        int length = to - from;
        if (length <= 0 || length > Scan.MAX_LENGTH) {
            return false;
        }
        Scan scan = SCANS.get();
        byte[] b = scan.load(json, from, length);
        int end = check.scan(scan, b, Utf8Json.next(b, 0));
        return end >= 0 && Utf8Json.next(b, end) == length;
    }

    /**
     * As {@link #accepts}, by a scanner that was compiled for the columns of {@code places}; what it does not accept has no
     * place that is known.
     */
    boolean find(byte[] json, FieldPlaces places) {
        places.clear();
        if (json.length == 0 || json.length > Scan.MAX_LENGTH) {
            return false;
        }
        Scan scan = SCANS.get();
        byte[] b = scan.load(json, 0, json.length);
        scan.places = places.bounds();
        int start = Utf8Json.next(b, 0);
        int end = check.scan(scan, b, start);
        scan.places = Scan.NO_PLACES;
        boolean accepted = end >= 0 && Utf8Json.next(b, end) == json.length;
        places.known(accepted && !scan.strays && b[start] == '{');
        return accepted;
    }

    /** Whether every keyword and value of the schema was understood. */
    boolean complete() {
        return complete;
    }
}
