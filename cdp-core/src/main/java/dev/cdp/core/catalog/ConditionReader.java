package dev.cdp.core.catalog;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cdp.core.catalog.Condition.Comparison;
import dev.cdp.core.catalog.Condition.Literal;
import dev.cdp.core.catalog.Condition.Operator;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.ColumnType;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code where:} of a metric. It looks like SQL and is not: columns, literals, comparisons, {@code in}, {@code
 * between}, {@code is null}, {@code and}, {@code or}, {@code not} and parentheses, nothing else, so that no text of a
 * catalog reaches a server unread.
 */
final class ConditionReader {

    private static final int MAX_LENGTH = 4_000;
    private static final int MAX_DEPTH = 50;
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:([A-Za-z_][A-Za-z0-9_]*)|`([^`]+)`|(-?[0-9]+(?:\\.[0-9]+)?)"
                    + "|'([^']*+(?:''[^']*+)*+)'|(<=|>=|!=|<>|=|<|>|\\(|\\)|,))");
    private static final Set<String> WORDS = Set.of("and", "or", "not", "in", "between", "is", "null", "true", "false");

    private final String text;
    private final Matcher matcher;
    private final Function<String, @Nullable Column> columns;

    private int end;
    private Token token = new Token(Kind.END, "", 0);

    private ConditionReader(String text, Function<String, @Nullable Column> columns) {
        this.text = text;
        this.matcher = TOKEN.matcher(text);
        this.columns = columns;
    }

    /**
     * The condition of a text.
     *
     * @param columns the column of a name, or null
     * @throws UnknownColumnException for a name without a column
     * @throws IllegalArgumentException with what was expected, what was found and where
     */
    static Condition read(String text, Function<String, @Nullable Column> columns) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("expected at most " + MAX_LENGTH + " characters");
        }
        ConditionReader reader = new ConditionReader(text, columns);
        reader.next();
        Condition condition = reader.either(0);
        if (reader.token.kind != Kind.END) {
            throw reader.expected("'and', 'or' or the end");
        }
        return condition;
    }

    private Condition either(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested deeper than " + MAX_DEPTH);
        }
        List<Condition> any = new ArrayList<>(List.of(both(depth)));
        while (word("or")) {
            any.add(both(depth));
        }
        return any.size() == 1 ? any.get(0) : new Condition.Or(any);
    }

    private Condition both(int depth) {
        List<Condition> all = new ArrayList<>(List.of(term(depth)));
        while (word("and")) {
            all.add(term(depth));
        }
        return all.size() == 1 ? all.get(0) : new Condition.And(all);
    }

    private Condition term(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested deeper than " + MAX_DEPTH);
        }
        if (word("not")) {
            return new Condition.Not(term(depth + 1));
        }
        if (sign("(")) {
            Condition inner = either(depth + 1);
            expect(")");
            return inner;
        }
        return comparison(column());
    }

    private Condition comparison(Column column) {
        if (word("is")) {
            boolean not = word("not");
            if (!word("null")) {
                throw expected("'null'");
            }
            return not ? new Condition.Not(new Condition.IsNull(column)) : new Condition.IsNull(column);
        }
        boolean not = word("not");
        if (word("in")) {
            Condition in = new Condition.In(column, literals(column));
            return not ? new Condition.Not(in) : in;
        }
        if (word("between")) {
            Condition from = new Comparison(column, Operator.GREATER_OR_EQUAL, literal(column));
            if (!word("and")) {
                throw expected("'and'");
            }
            Condition to = new Comparison(column, Operator.LESS_OR_EQUAL, literal(column));
            Condition between = new Condition.And(List.of(from, to));
            return not ? new Condition.Not(between) : between;
        }
        if (not) {
            throw expected("'in' or 'between'");
        }
        Operator operator = operator();
        if (operator != null) {
            return new Comparison(column, operator, literal(column));
        }
        if (bare(column.type()) instanceof ColumnType.Bool) {
            return new Comparison(column, Operator.EQUAL, new Literal.Truth(true));
        }
        throw expected("a comparison with " + column.name() + ", such as '=' or 'in'");
    }

    private @Nullable Operator operator() {
        if (token.kind != Kind.SIGN) {
            return null;
        }
        String sql = token.text.equals("<>") ? "!=" : token.text;
        for (Operator operator : Operator.values()) {
            if (operator.sql().equals(sql)) {
                next();
                return operator;
            }
        }
        return null;
    }

    private Column column() {
        boolean keyword = token.kind == Kind.WORD && WORDS.contains(token.text.toLowerCase(Locale.ROOT));
        if (keyword || (token.kind != Kind.WORD && token.kind != Kind.QUOTED_WORD)) {
            throw expected("a column");
        }
        Column column = columns.apply(token.text);
        if (column == null) {
            throw new UnknownColumnException(token.text);
        }
        next();
        return column;
    }

    private List<Literal> literals(Column column) {
        expect("(");
        List<Literal> literals = new ArrayList<>(List.of(literal(column)));
        while (sign(",")) {
            literals.add(literal(column));
        }
        expect(")");
        return literals;
    }

    private Literal literal(Column column) {
        Literal literal = switch (token.kind) {
            case NUMBER -> new Literal.Numeric(new BigDecimal(token.text));
            case TEXT -> new Literal.Text(token.text);
            case WORD -> truth();
            default -> throw expected("a number, a 'text', true or false");
        };
        ColumnType type = bare(column.type());
        String wanted = wanted(type, literal);
        if (wanted != null) {
            throw new IllegalArgumentException("column " + column.name() + " is "
                    + column.type().sql() + " and is compared with " + wanted + ", found " + found());
        }
        next();
        return literal;
    }

    private Literal truth() {
        if (token.text.equalsIgnoreCase("null")) {
            throw new IllegalArgumentException("nothing equals null; write 'is null' or 'is not null'");
        }
        if (!token.text.equalsIgnoreCase("true") && !token.text.equalsIgnoreCase("false")) {
            throw expected("a number, a 'text', true or false; texts stand in single quotes");
        }
        return new Literal.Truth(token.text.equalsIgnoreCase("true"));
    }

    /** What a literal for a column should be, or null where it is that. */
    private static @Nullable String wanted(ColumnType type, Literal literal) {
        if (type instanceof ColumnType.Int || type instanceof ColumnType.Real || type instanceof ColumnType.Decimal) {
            return literal instanceof Literal.Numeric ? null : "a number";
        }
        if (type instanceof ColumnType.Bool) {
            return literal instanceof Literal.Truth ? null : "true or false";
        }
        if (type instanceof ColumnType.DateTime || type instanceof ColumnType.Date) {
            boolean day = type instanceof ColumnType.Date;
            boolean time = literal instanceof Literal.Text text && isTime(text.value(), day);
            return time ? null : day ? "a date such as '2026-01-31'" : "a time such as '2026-01-31T00:00:00Z'";
        }
        if (!type.comparable()) {
            return "nothing: a list, or a value kept as JSON, can only be asked for null";
        }
        return literal instanceof Literal.Text ? null : "a 'text' in single quotes";
    }

    private static boolean isTime(String text, boolean day) {
        try {
            Object parsed = day ? LocalDate.parse(text) : OffsetDateTime.parse(text);
            return parsed != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    static ColumnType bare(ColumnType type) {
        if (type instanceof ColumnType.LowCardinality low) {
            return bare(low.element());
        }
        return type instanceof ColumnType.Nullable nullable ? bare(nullable.element()) : type;
    }

    private boolean word(String word) {
        boolean here = token.kind == Kind.WORD && token.text.equalsIgnoreCase(word);
        if (here) {
            next();
        }
        return here;
    }

    private boolean sign(String sign) {
        boolean here = token.kind == Kind.SIGN && token.text.equals(sign);
        if (here) {
            next();
        }
        return here;
    }

    private void expect(String sign) {
        if (!sign(sign)) {
            throw expected("'" + sign + "'");
        }
    }

    private void next() {
        if (text.substring(end).isBlank()) {
            token = new Token(Kind.END, "", text.length());
            return;
        }
        if (!matcher.region(end, text.length()).lookingAt()) {
            throw new IllegalArgumentException("cannot be read from character " + (end + 1)
                    + "; a condition is made of columns, numbers, 'texts', = != < <= > >=, in, between, is null, and,"
                    + " or, not");
        }
        end = matcher.end();
        for (Kind kind : Kind.values()) {
            String group = kind.group > 0 ? matcher.group(kind.group) : null;
            if (group != null) {
                String plain = kind == Kind.TEXT ? group.replace("''", "'") : group;
                token = new Token(kind, plain, matcher.start(kind.group));
            }
        }
    }

    private IllegalArgumentException expected(String what) {
        return new IllegalArgumentException(
                "expected " + what + " at character " + (token.at + 1) + ", found " + found());
    }

    private String found() {
        return token.kind == Kind.END ? "the end" : "'" + DidYouMean.shown(token.text) + "'";
    }

    /** Thrown for a name that is no column. */
    static final class UnknownColumnException extends IllegalArgumentException {

        private final String column;

        UnknownColumnException(String column) {
            super("no column of that name");
            this.column = column;
        }

        String column() {
            return column;
        }
    }

    /** What a token is, and the group of {@link #TOKEN} that it stands in. */
    private enum Kind {
        WORD(1),
        QUOTED_WORD(2),
        NUMBER(3),
        TEXT(4),
        SIGN(5),
        END(0);

        private final int group;

        Kind(int group) {
            this.group = group;
        }
    }

    private record Token(Kind kind, String text, int at) {}
}
