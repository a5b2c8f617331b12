package dev.cdp.benchmarks;

/** One who reads payloads, and may judge them. */
@FunctionalInterface
interface Subject {

    /** Whether a payload is valid by one of the schemas, from its bytes. */
    boolean accepts(int schema, byte[] json) throws Exception;
}
