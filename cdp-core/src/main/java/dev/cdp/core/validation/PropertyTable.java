package dev.cdp.core.validation;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** The properties that an object's schema names, found by their key in the text. Any thread may ask. */
final class PropertyTable {

    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final PropertyCheck[] properties;
    private final Names names;
    private final @Nullable PropertyCheck[][] slots;
    private final int shift;

    /** A table of properties and, in the same order, their names. */
    PropertyTable(List<PropertyCheck> properties, List<String> names) {
        this.properties = properties.toArray(PropertyCheck[]::new);
        this.names = new Names(names);
        int bits = 64 - Long.numberOfLeadingZeros(2L * names.size() + 1);
        this.shift = Long.SIZE - bits;
        this.slots = new PropertyCheck[1 << bits][];
        for (int i = 0; i < this.properties.length; i++) {
            byte[] key = Names.padded(names.get(i) + "\":      ");
            int slot = slot(key, 0);
            slots[slot] = append(slots[slot], this.properties[i]);
            this.properties[i].following = i + 1 < this.properties.length ? this.properties[i + 1] : PropertyCheck.NONE;
        }
    }

    /** The first property in the schema's order, or {@link PropertyCheck#NONE}. */
    PropertyCheck first() {
        return properties.length == 0 ? PropertyCheck.NONE : properties[0];
    }

    /** The property whose key, as it is usually written, begins with the quote at {@code p}. */
    @Nullable
    PropertyCheck find(byte[] b, int p) {
        PropertyCheck[] candidates = slots[slot(b, p + 1)];
        if (candidates != null) {
            for (PropertyCheck candidate : candidates) {
                if (candidate.isAt(b, p)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    /** The property of the key last read, however it was written. */
    @Nullable
    PropertyCheck find(Scan scan) {
        int found = names.find(scan.key, scan.keyFrom, scan.keyTo, scan.keyHash);
        return found < 0 ? null : properties[found];
    }

    /** A hash of the key's bytes up to its quote, of the first eight at most. */
    private int slot(byte[] b, int p) {
        long word = Utf8Json.word(b, p);
        long upToQuote = Utf8Json.firstQuote(word);
        return (int) (((word & (upToQuote ^ (upToQuote - 1))) * MIX) >>> shift);
    }

    private static PropertyCheck[] append(PropertyCheck @Nullable [] list, PropertyCheck property) {
        if (list == null) {
            return new PropertyCheck[] {property};
        }
        PropertyCheck[] longer = Arrays.copyOf(list, list.length + 1);
        longer[list.length] = property;
        return longer;
    }
}
