package dev.cdp.core.schema;

import java.util.Arrays;
import java.util.List;

/**
 * Where in one payload the values of a table's columns stand, as a validator found them in the pass in which it judged
 * the payload. Whoever has it needs not look for the fields again. One thread at a time.
 */
public final class FieldPlaces {

    private final List<Column> columns;
    private final int[] bounds;
    private boolean known;

    /** Places of these columns; nothing is known before a validator has filled them. */
    public FieldPlaces(List<Column> columns) {
        this.columns = columns;
        this.bounds = new int[2 * columns.size()];
    }

    /** The very list that it was made for. */
    public List<Column> columns() {
        return columns;
    }

    /**
     * Whether {@link #bounds()} tells of every value of the payload. Else the payload has a field without a column, or is
     * written in a way that only a full parser understands.
     */
    public boolean known() {
        return known;
    }

    /** Says what {@link #known()} answers. */
    public void known(boolean all) {
        known = all;
    }

    /**
     * Where the value of column {@code i} begins in the payload, at {@code 2 * i}, and behind it where it ends; the beginning
     * is 0 if the field is absent. For a value with an escape in one of its strings the end's complement, {@code ~end}.
     *
     * @return the array itself, which the next payload overwrites
     */
    public int[] bounds() {
        return bounds;
    }

    /** Forgets the payload. */
    public void clear() {
        known = false;
        Arrays.fill(bounds, 0);
    }
}
