package dev.cdp.core.schema;

/**
 * What the linter says of one place of a schema.
 *
 * @param rule the stable id of the rule
 * @param document the file that it stands in, relative to the catalog's folder
 * @param pointer JSON Pointer into the document
 * @param line from 1, or 0 where it cannot be had
 * @param column from 1, or 0
 * @param message what was found, and what to do
 */
public record SchemaFinding(String rule, String document, String pointer, int line, int column, String message) {}
