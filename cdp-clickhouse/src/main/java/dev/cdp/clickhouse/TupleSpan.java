package dev.cdp.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import org.jspecify.annotations.Nullable;

/** A tuple: the fields of an object, one behind the other; a field that the tuple does not have is not its matter. */
final class TupleSpan implements SpanEncoder {

    private final List<Column> fields;
    private final SpanEncoder[] encoders;
    private final Names root = new Names();
    private final int[] bounds;
    private final boolean plain;

    TupleSpan(ColumnType.Tuple type) {
        this.fields = type.fields();
        this.encoders =
                fields.stream().map(field -> SpanEncoders.of(field.type())).toArray(SpanEncoder[]::new);
        this.bounds = new int[2 * fields.size()];
        boolean apart = true;
        for (int i = 0; i < fields.size(); i++) {
            apart &= root.add(fields.get(i).pointer(), i);
        }
        this.plain = apart;
    }

    @Override
    public boolean encode(byte[] json, int from, int end, RowBuffer out) {
        Arrays.fill(bounds, 0);
        if (!plain || json[from] != '{' || read(root, json, from) < 0) {
            return false;
        }
        for (int i = 0; i < encoders.length; i++) {
            int start = bounds[2 * i];
            boolean written = start == 0
                    ? SpanEncoders.absent(fields.get(i), out)
                    : encoders[i].encode(json, start, bounds[2 * i + 1], out);
            if (!written) {
                return false;
            }
        }
        return true;
    }

    /** Notes where the fields of an object stand; the place after it, or -1 for one that is not known or is there twice. */
    private int read(Names names, byte[] json, int from) {
        int p = JsonSpans.next(json, from + 1);
        while (json[p] != '}') {
            int close = JsonSpans.end(json, p);
            Names field = close < 0 ? null : names.find(json, p + 1, close - 1);
            if (field == null) {
                return -1;
            }
            int colon = JsonSpans.next(json, close);
            int first = JsonSpans.next(json, colon + 1);
            int last = JsonSpans.end(json, first);
            if (field.place >= 0) {
                if (bounds[2 * field.place] != 0) {
                    return -1;
                }
                bounds[2 * field.place] = first;
                bounds[2 * field.place + 1] = last;
            } else if (json[first] == '{') {
                if (read(field, json, first) < 0) {
                    return -1;
                }
            } else if (json[first] != 'n') {
                return -1;
            }
            p = JsonSpans.next(json, JsonSpans.plain(last));
            p = json[p] == ',' ? JsonSpans.next(json, p + 1) : p;
        }
        return p + 1;
    }

    /** The names of an object's fields, of which there are few. */
    private static final class Names {

        private final List<byte[]> texts = new ArrayList<>();
        private final List<Names> below = new ArrayList<>();
        private int place = -1;

        /** Whether the field holds no other one, and is in no other one. */
        boolean add(String pointer, int field) {
            Names here = this;
            boolean apart = true;
            for (String segment : pointer.substring(1).split("/", -1)) {
                here = here.child(segment.replace("~1", "/").replace("~0", "~").getBytes(StandardCharsets.UTF_8));
                apart &= here.place < 0;
            }
            here.place = field;
            return apart && here.texts.isEmpty();
        }

        private Names child(byte[] name) {
            Names known = find(name, 0, name.length);
            if (known == null) {
                known = new Names();
                texts.add(name);
                below.add(known);
            }
            return known;
        }

        @Nullable
        Names find(byte[] json, int from, int to) {
            for (int i = 0; i < texts.size(); i++) {
                byte[] text = texts.get(i);
                if (Arrays.equals(text, 0, text.length, json, from, to)) {
                    return below.get(i);
                }
            }
            return null;
        }
    }
}
