package dev.cdp.benchmarks;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.format.Format;
import com.networknt.schema.format.Formats;
import com.networknt.schema.regex.RegularExpression;

/** networknt as it comes, and as fast as an application can make it without changing what it accepts. */
final class Networknt {

    private Networknt() {}

    /** Formats asserted, all else by default. */
    static Schema asItComes(String schema) {
        return compile(schema, Dialects.getDraft202012(), config().build());
    }

    /** With formats that know the plain cases by hand, and expressions that need not search. */
    static Schema tuned(String schema) {
        Dialect dialect = Dialect.builder(Dialects.getDraft202012())
                .format(new PlainFirst("date-time", PlainText::isDateTime))
                .format(new PlainFirst("uuid", PlainText::isUuid))
                .format(new PlainFirst("email", PlainText::isEmail))
                .format(new PlainFirst("ipv4", PlainText::isIpv4))
                .format(new PlainFirst("uri", PlainText::isHttpsUri))
                .build();
        return compile(
                schema,
                dialect,
                config().regularExpressionFactory(Networknt::regex).build());
    }

    private static SchemaRegistryConfig.Builder config() {
        return SchemaRegistryConfig.builder().formatAssertionsEnabled(true);
    }

    private static Schema compile(String schema, Dialect dialect, SchemaRegistryConfig config) {
        return SchemaRegistry.withDefaultDialect(dialect, builder -> builder.schemaRegistryConfig(config))
                .getSchema(schema, InputFormat.JSON);
    }

    /** Anchored at both ends, an expression either matches the whole text or not at all. */
    private static RegularExpression regex(String regex) {
        Pattern pattern = Pattern.compile(regex);
        if (regex.startsWith("^") && regex.endsWith("$") && regex.indexOf('|') < 0) {
            return text -> pattern.matcher(text).matches();
        }
        return text -> pattern.matcher(text).find();
    }

    /** A format that accepts the plain cases by itself and leaves all others to networknt's own. */
    private static final class PlainFirst implements Format {

        private final Format own;
        private final Predicate<String> plain;

        PlainFirst(String name, Predicate<String> plain) {
            this.own = byName(name);
            this.plain = plain;
        }

        private static Format byName(String name) {
            List<Format> formats = Formats.DEFAULT;
            return formats.stream()
                    .filter(format -> format.getName().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public String getName() {
            return own.getName();
        }

        @Override
        public String getMessageKey() {
            return own.getMessageKey();
        }

        @Override
        public boolean matches(ExecutionContext context, String value) {
            return plain.test(value) || own.matches(context, value);
        }
    }
}
