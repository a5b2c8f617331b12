package dev.cdp.clickhouse;

/** How inserts are compressed on their way to the server. What a table keeps on its disks is {@code codec} in the catalog. */
public enum Compression {

    /** Not at all: the least CPU in all where the network is not what is short. */
    NONE,

    /**
     * LZ4 frames, about a quarter of the bytes for a third of a microsecond of CPU a row. Needs {@code at.yawk.lz4:lz4-java},
     * which {@code kafka-clients} brings.
     */
    LZ4
}
