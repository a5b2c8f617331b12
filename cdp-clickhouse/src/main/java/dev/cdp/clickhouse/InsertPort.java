package dev.cdp.clickhouse;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** The way to a ClickHouse server. Any thread may call it. */
interface InsertPort {

    /**
     * Sends rows as the body of one statement.
     *
     * @param sql an {@code INSERT} that ends in its format
     * @param queryId what the server calls the statement; it refuses a second one of that id while the first runs
     * @throws ServerErrorException if the server refuses it
     * @throws ClickHouseUnavailableException if it is not known what became of it
     */
    void insert(String sql, Map<String, String> settings, String queryId, RowRange rows)
            throws ServerErrorException, InterruptedException;

    /**
     * Sends one block as the body of one statement.
     *
     * @param block its bytes, in parts that are arrays
     * @param sql an {@code INSERT} that ends in {@code FORMAT Native}
     * @throws ServerErrorException if the server refuses it
     * @throws ClickHouseUnavailableException if it is not known what became of it
     */
    void insert(String sql, Map<String, String> settings, String queryId, List<ByteBuffer> block)
            throws ServerErrorException, InterruptedException;

    /**
     * Runs a statement without rows, and returns what the server answers.
     *
     * @throws ServerErrorException if the server refuses it
     * @throws ClickHouseUnavailableException if it is not known what became of it
     */
    String query(String sql) throws ServerErrorException, InterruptedException;

    /** The rows {@code [from, to)} of a block. */
    record RowRange(EncodedRows rows, int from, int to) {

        static RowRange all(EncodedRows rows) {
            return new RowRange(rows, 0, rows.count());
        }

        int count() {
            return to - from;
        }
    }
}
