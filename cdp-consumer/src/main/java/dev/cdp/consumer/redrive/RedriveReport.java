package dev.cdp.consumer.redrive;

import java.util.List;

/**
 * What a redrive did with the letters that it was asked for, or would do.
 *
 * @param read letters that were read, whether asked for or not; without those redriven before
 * @param rows how many letters of each kind, the largest first
 */
public record RedriveReport(long read, List<Row> rows) {

    /** Copies the list. */
    public RedriveReport {
        rows = List.copyOf(rows);
    }

    /** Letters with that disposition. */
    public long count(Disposition disposition) {
        return rows.stream()
                .filter(row -> row.kind().disposition() == disposition)
                .mapToLong(Row::count)
                .sum();
    }

    /** Letters that were asked for. */
    public long matched() {
        return rows.stream().mapToLong(Row::count).sum();
    }

    /** Letters that were asked for and stay. */
    public long left() {
        return rows.stream()
                .filter(row -> !row.kind().disposition().done())
                .mapToLong(Row::count)
                .sum();
    }

    /**
     * What letters have in common.
     *
     * @param disposition what becomes of them
     * @param reason why they failed, else empty
     * @param event their event, else empty
     * @param fingerprint how they failed, else empty
     * @param refusedFor the reason by today's catalog where it refuses them too, else empty
     */
    public record Kind(Disposition disposition, String reason, String event, String fingerprint, String refusedFor) {}

    /** How many letters are of a kind. */
    public record Row(Kind kind, long count) {}
}
