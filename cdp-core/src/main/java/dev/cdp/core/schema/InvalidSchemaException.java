package dev.cdp.core.schema;

import java.util.List;

import dev.cdp.core.CdpException;

/** Thrown for a JSON Schema that cannot be used; it names every reason found, each with its place in the document. */
public final class InvalidSchemaException extends CdpException {

    private final List<Finding> findings;

    InvalidSchemaException(String location, List<Finding> findings) {
        super(location + ": "
                + String.join("; ", findings.stream().map(Finding::toString).toList()));
        this.findings = List.copyOf(findings);
    }

    /** Every reason, in the order of the document. */
    public List<Finding> findings() {
        return findings;
    }

    @Override
    public boolean retryable() {
        return false;
    }

    /**
     * One reason.
     *
     * @param rule the stable id of the rule that refuses it
     * @param document the file that it stands in, relative to the catalog's folder
     * @param pointer JSON Pointer into the document
     * @param line the line in the document, from 1, or 0 where the document as a whole is meant
     * @param column the column in the document, from 1, or 0
     * @param message what was expected and what was found
     */
    public record Finding(String rule, String document, String pointer, int line, int column, String message) {
        @Override
        public String toString() {
            return (pointer.isEmpty() ? "" : pointer + ": ") + message + " [" + rule + "]";
        }
    }
}
