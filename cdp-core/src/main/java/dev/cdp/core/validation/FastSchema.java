package dev.cdp.core.validation;

import java.net.URI;
import java.util.Map;

import dev.cdp.core.schema.Dialect;
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
        SchemaCompiler compiler = new SchemaCompiler(new SchemaIndex(root, baseUri, documents, dialect), dialect);
        Check check = compiler.compileRoot(root);
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

    /** Whether every keyword and value of the schema was understood. */
    boolean complete() {
        return complete;
    }
}
