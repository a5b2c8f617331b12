package dev.cdp.producer;

/**
 * What became of every event that a producer was ever offered: each is counted in exactly one place.
 *
 * @param sent acknowledged by the broker
 * @param rejected refused as invalid, never sent
 * @param failed known not to be written
 * @param uncertain sent, and no answer came
 * @param abandoned still on its way when the time to close had run out; its future says whether it may be written
 */
public record CloseReport(long sent, long rejected, long failed, long uncertain, long abandoned) {

    /** How many events were offered. */
    public long offered() {
        return sent + rejected + failed + uncertain + abandoned;
    }
}
