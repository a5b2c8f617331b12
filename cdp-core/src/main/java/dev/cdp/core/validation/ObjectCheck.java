package dev.cdp.core.validation;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The check of an object: its keys, in one pass with their values.
 *
 * <p>Keys are expected in the schema's order and compared as bytes, a key out of order is looked up by its hash. Keys
 * that the schema names are remembered as bits, others by their hash, so that a repeated key is never accepted.
 */
final class ObjectCheck extends Check {

    private final PropertyTable properties;
    private final PropertyCheck first;
    private final long required;
    private final int minProperties;
    private final int maxProperties;
    private final OtherProperties others;
    private final @Nullable Check keys;
    private final Dependency[] dependencies;
    private final boolean noted;

    /**
     * A check of objects.
     *
     * @param properties the properties that are named
     * @param required the bits of the properties that must be there
     * @param others what holds for properties that are not named
     * @param keys what each key, as a string, has to be
     * @param strays what becomes of properties that are not named, once they are found to be right
     */
    ObjectCheck(
            PropertyTable properties,
            long required,
            int minProperties,
            int maxProperties,
            OtherProperties others,
            @Nullable Check keys,
            List<Dependency> dependencies,
            Strays strays) {
        this.noted = strays == Strays.NOTED;
        this.properties = properties;
        this.first = properties.first();
        this.required = required;
        this.minProperties = minProperties;
        this.maxProperties = maxProperties;
        this.others = others;
        this.keys = keys;
        this.dependencies = dependencies.toArray(Dependency[]::new);
    }

    @Override
    int scan(Scan scan, byte[] b, int start) {
        if (b[start] != '{') {
            return INVALID;
        }
        if (++scan.depth > Scan.MAX_DEPTH) {
            return UNSURE;
        }
        int base = scan.marks;
        long seen = 0;
        int count = 0;
        PropertyCheck expected = first;
        int p = Utf8Json.next(b, start + 1);
        if (b[p] != '}') {
            while (true) {
                int quote = p;
                PropertyCheck property = expected.isAt(b, quote) ? expected : properties.find(b, quote);
                if (property != null) {
                    p = quote + property.length;
                } else {
                    p = b[quote] == '"' ? readKey(scan, b, quote + 1) : UNSURE;
                    if (p < 0) {
                        return UNSURE;
                    }
                    property = scan.found;
                    if (property != null && property.bit == 0 && !scan.mark(base, scan.keyHash)) {
                        return UNSURE;
                    }
                }
                if (keys != null) {
                    int verdict = keys.scan(scan, b, quote);
                    if (verdict < 0) {
                        return verdict;
                    }
                }
                if (property == null) {
                    p = others.scan(scan, b, Utf8Json.next(b, p), base);
                    scan.strays |= noted;
                } else {
                    if ((seen & property.bit) != 0) {
                        return UNSURE;
                    }
                    seen |= property.bit;
                    expected = property.following;
                    StringCheck string = property.string;
                    int from = Utf8Json.next(b, p);
                    int escapes = scan.escapes;
                    p = string != null && b[from] == '"'
                            ? string.scanContent(scan, b, from + 1)
                            : property.value.scan(scan, b, from);
                    int place = property.place;
                    if (place != PropertyCheck.NOWHERE) {
                        keep(scan, b, place, from, escapes == scan.escapes ? p : ~p);
                    }
                }
                if (p < 0) {
                    return p;
                }
                count++;
                if (b[p] != ',') {
                    p = Utf8Json.next(b, p);
                    if (b[p] == '}') {
                        break;
                    }
                    if (b[p] != ',') {
                        return UNSURE;
                    }
                }
                p = Utf8Json.next(b, p + 1);
            }
        }
        p++;
        if ((seen & required) != required || count < minProperties || count > maxProperties) {
            return INVALID;
        }
        scan.marks = base;
        if (dependencies.length != 0) {
            int verdict = scanDependencies(scan, b, start, p, seen);
            if (verdict < 0) {
                return verdict;
            }
        }
        scan.depth--;
        return p;
    }

    /** Keeps where a value stands; {@code end} is its complement if there is an escape in it. */
    private static void keep(Scan scan, byte[] b, int place, int from, int end) {
        if (place >= 0) {
            scan.places[2 * place] = from;
            scan.places[2 * place + 1] = end;
        } else {
            scan.strays |= place == PropertyCheck.STRAY || (b[from] != '{' && b[from] != 'n');
        }
    }

    /**
     * Reads a key that is not named by the schema, or is written in an unusual way, and leaves what it names in
     * {@link Scan#found}.
     *
     * @return the position after the colon, or {@link #UNSURE}
     */
    private int readKey(Scan scan, byte[] b, int p) {
        if (!scan.readKey(b, p)) {
            return UNSURE;
        }
        scan.found = properties.find(scan);
        int colon = Utf8Json.next(b, scan.keyEnd);
        return b[colon] == ':' ? colon + 1 : UNSURE;
    }

    private int scanDependencies(Scan scan, byte[] b, int start, int end, long seen) {
        for (Dependency dependency : dependencies) {
            if ((seen & dependency.trigger) == 0) {
                continue;
            }
            if ((seen & dependency.required) != dependency.required) {
                return INVALID;
            }
            if (dependency.object != null) {
                if (!scan.spend(end - start)) {
                    return UNSURE;
                }
                int verdict = dependency.object.scan(scan, b, start);
                if (verdict < 0) {
                    return verdict;
                }
            }
        }
        return end;
    }

    /** What becomes of properties that an object's check does not name. */
    enum Strays {
        OF_NO_INTEREST,
        /** By {@link Scan#strays}. */
        NOTED
    }

    /**
     * What the presence of a property asks for.
     *
     * @param trigger its bit
     * @param required the bits of the properties that must be there too
     * @param object what the whole object has to be
     */
    record Dependency(long trigger, long required, @Nullable Check object) {}
}
