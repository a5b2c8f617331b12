package dev.cdp.core.catalog;

/**
 * What a change of the catalog means for one thing that stands on it.
 *
 * @param weight how much it matters
 * @param on what kind of thing it is
 * @param name which one: an event, a topic, {@code database.table}, a metric or a dimension
 * @param message what happens, and what to do
 */
public record Impact(Weight weight, Thing on, String name, String message) {

    /** How much an impact matters. */
    public enum Weight {
        /** Records are dead-lettered, a worker does not start, or code meets what it does not expect. */
        BREAKING,
        /** It goes well if what the message says is kept to. */
        CARE,
        /** Nothing is to be done. */
        SAFE
    }

    /** What stands on a catalog. */
    public enum Thing {
        /** An event, for those who publish it. */
        EVENT,
        /** The consumers of a topic. */
        CONSUMERS,
        /** A table, and whoever loads it. */
        TABLE,
        /** A metric. */
        METRIC,
        /** A dimension. */
        DIMENSION
    }

    @Override
    public String toString() {
        return weight.name().toLowerCase(java.util.Locale.ROOT) + ": "
                + on.name().toLowerCase(java.util.Locale.ROOT) + " " + name + ": " + message;
    }
}
