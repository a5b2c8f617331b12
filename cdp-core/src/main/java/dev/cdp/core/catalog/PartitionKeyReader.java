package dev.cdp.core.catalog;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.cdp.core.catalog.KeyFunction.Form;
import dev.cdp.core.catalog.KeyFunction.Kind;
import dev.cdp.core.schema.ColumnType;

/**
 * Reads a {@code partition-by}. It looks like SQL and is not: columns, the functions of {@link KeyFunction}, whole numbers,
 * time zones and one list, nothing else, so that no text of a catalog reaches a server unread.
 */
final class PartitionKeyReader {

    static final String ALLOWED = "a column, or (a, b) for several, or tuple() for none; functions are "
            + KeyFunction.names() + "; a time may have a zone beside it: toYYYYMM(event_time, 'Europe/Berlin')";

    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_PARTS = 10;
    private static final int MAX_DEPTH = 5;
    private static final Pattern TOKEN = Pattern.compile("\\s*+(?:([A-Za-z_][A-Za-z0-9_]*+)|`([^`\\\\]++)`"
            + "|([0-9]{1,18})(?![0-9A-Za-z_.])|'([A-Za-z0-9_/+-]{1,50})'|([(),]))");

    private final String text;
    private final Function<String, Optional<ColumnType>> columns;
    private final Matcher matcher;
    private int end;
    private Token token = new Token(Sort.END, "", 0);

    private PartitionKeyReader(String text, Function<String, Optional<ColumnType>> columns) {
        this.text = text;
        this.columns = columns;
        this.matcher = TOKEN.matcher(text);
    }

    static PartitionKey read(String text, Function<String, Optional<ColumnType>> columns) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("expected at most " + MAX_LENGTH + " characters");
        }
        PartitionKeyReader reader = new PartitionKeyReader(text, columns);
        reader.next();
        List<KeyExpression> parts = reader.key();
        if (reader.token.sort != Sort.END) {
            throw reader.expected("the end");
        }
        return new PartitionKey(parts);
    }

    private List<KeyExpression> key() {
        boolean tuple = token.sort == Sort.NAME && token.text.equals("tuple");
        if (tuple) {
            next();
        }
        if (!tuple && !is("(")) {
            return List.of(part());
        }
        expect("(");
        List<KeyExpression> parts = new ArrayList<>();
        if (tuple && is(")")) {
            next();
            return parts;
        }
        parts.add(part());
        while (is(",") && parts.size() < MAX_PARTS) {
            next();
            parts.add(part());
        }
        expect(")");
        return parts;
    }

    /** A column or a call: a key of literals would be none. */
    private KeyExpression part() {
        if (token.sort == Sort.WHOLE || token.sort == Sort.TEXT) {
            throw expected("a column or a function");
        }
        return value(0).expression;
    }

    private Value value(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested deeper than " + MAX_DEPTH);
        }
        Token here = token;
        if (here.sort != Sort.NAME && here.sort != Sort.QUOTED_NAME) {
            throw expected("a column or a function");
        }
        next();
        return here.sort == Sort.NAME && is("(") ? call(here, depth) : column(here);
    }

    private Value column(Token name) {
        ColumnType type = columns.apply(name.text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no column '" + DidYouMean.shown(name.text) + "' at character " + (name.at + 1)));
        ColumnType bare = ConditionReader.bare(type);
        if (bare instanceof ColumnType.Real || !type.comparable()) {
            throw new IllegalArgumentException("column " + DidYouMean.shown(name.text) + " is " + type.sql()
                    + ", and rows are not kept apart by lists, objects and floating point numbers");
        }
        if (bare != type && nullable(type)) {
            throw new IllegalArgumentException("column " + DidYouMean.shown(name.text)
                    + " may be absent, and rows are not kept apart by what may be absent; make the field required");
        }
        Kind kind = bare instanceof ColumnType.DateTime
                ? Kind.INSTANT
                : bare instanceof ColumnType.Date ? Kind.DAY : bare instanceof ColumnType.Int ? Kind.WHOLE : Kind.OTHER;
        return new Value(new KeyExpression.OfColumn(name.text), kind);
    }

    private static boolean nullable(ColumnType type) {
        ColumnType inner = type instanceof ColumnType.LowCardinality low ? low.element() : type;
        return inner instanceof ColumnType.Nullable;
    }

    private Value call(Token name, int depth) {
        KeyFunction function = KeyFunction.of(name.text)
                .orElseThrow(() -> new IllegalArgumentException("there is no function '" + DidYouMean.shown(name.text)
                        + "' at character " + (name.at + 1)
                        + DidYouMean.hint(
                                name.text,
                                Stream.of(KeyFunction.values())
                                        .map(KeyFunction::sql)
                                        .toList())));
        expect("(");
        Value first = value(depth + 1);
        Form form = function.form();
        boolean time = first.kind == Kind.INSTANT || first.kind == Kind.DAY;
        boolean fits = switch (form) {
            case OF_TIME, OF_TIME_ALONE -> time;
            case OF_INSTANT -> first.kind == Kind.INSTANT;
            case OF_WHOLE -> first.kind == Kind.WHOLE;
            case OF_ANY -> true;
        };
        if (!fits) {
            throw new IllegalArgumentException(function.sql() + " takes "
                    + (form == Form.OF_WHOLE ? "a whole number" : form == Form.OF_INSTANT ? "a time" : "a time or date")
                    + ", found " + first.kind.words());
        }
        List<KeyExpression> arguments = new ArrayList<>(List.of(first.expression));
        if (form == Form.OF_WHOLE) {
            expect(",");
            arguments.add(divisor());
        } else if (form == Form.OF_ANY) {
            while (is(",") && arguments.size() < MAX_PARTS) {
                next();
                arguments.add(value(depth + 1).expression);
            }
        } else if (form != Form.OF_TIME_ALONE && first.kind == Kind.INSTANT && is(",")) {
            next();
            arguments.add(zone());
        }
        expect(")");
        return new Value(new KeyExpression.Call(function, arguments), function.result());
    }

    /** A division by zero would make a row that no table takes. */
    private KeyExpression divisor() {
        if (token.sort != Sort.WHOLE || Long.parseLong(token.text) < 1) {
            throw expected("a whole number from 1");
        }
        KeyExpression divisor = new KeyExpression.Whole(Long.parseLong(token.text));
        next();
        return divisor;
    }

    private KeyExpression zone() {
        boolean known = token.sort == Sort.TEXT && ZoneId.getAvailableZoneIds().contains(token.text);
        if (!known || token.text.startsWith("SystemV/")) {
            throw expected("a time zone such as 'Europe/Berlin'");
        }
        KeyExpression zone = new KeyExpression.Zone(token.text);
        next();
        return zone;
    }

    private boolean is(String sign) {
        return token.sort == Sort.SIGN && token.text.equals(sign);
    }

    private void expect(String sign) {
        if (!is(sign)) {
            throw expected("'" + sign + "'");
        }
        next();
    }

    private void next() {
        if (text.substring(end).isBlank()) {
            token = new Token(Sort.END, "", text.length());
            return;
        }
        if (!matcher.region(end, text.length()).lookingAt()) {
            throw new IllegalArgumentException("cannot be read from character " + (end + 1));
        }
        end = matcher.end();
        for (Sort sort : Sort.values()) {
            String group = sort.group > 0 ? matcher.group(sort.group) : null;
            if (group != null) {
                token = new Token(sort, group, matcher.start(sort.group));
            }
        }
    }

    private IllegalArgumentException expected(String what) {
        return new IllegalArgumentException("expected " + what + " at character " + (token.at + 1) + ", found "
                + (token.sort == Sort.END ? "the end" : "'" + DidYouMean.shown(token.text) + "'"));
    }

    /** What a token is, and the group of {@link #TOKEN} that it stands in. */
    private enum Sort {
        NAME(1),
        QUOTED_NAME(2),
        WHOLE(3),
        TEXT(4),
        SIGN(5),
        END(0);

        private final int group;

        Sort(int group) {
            this.group = group;
        }
    }

    private record Token(Sort sort, String text, int at) {}

    private record Value(KeyExpression expression, Kind kind) {}
}
