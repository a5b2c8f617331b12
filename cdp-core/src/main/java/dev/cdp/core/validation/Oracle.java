package dev.cdp.core.validation;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.format.Format;
import com.networknt.schema.path.PathType;
import com.networknt.schema.regex.RegularExpression;
import dev.cdp.core.schema.Dialect;
import dev.cdp.core.schema.EcmaRegex;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The validator that knows every keyword, on networknt's: it decides whatever the fast tier does not, and writes every
 * report. Nothing of it reads a file or opens a socket. Thread-safe.
 */
final class Oracle {

    private static final int MAX_SHOWN = 120;
    private static final int MAX_REGEX_READS = 1_000_000;

    private final Schema schema;

    private Oracle(Schema schema) {
        this.schema = schema;
    }

    /** {@code schemas} are all that can be referred to, the schema at {@code location} among them. */
    static Oracle of(URI location, Dialect dialect, Map<URI, String> schemas) {
        return of(location, dialect, schemas, QuickFormat.ALL);
    }

    /** With these formats, and networknt's own for all others. */
    static Oracle of(URI location, Dialect dialect, Map<URI, String> schemas, List<Format> formats) {
        Map<String, String> documents = new HashMap<>();
        schemas.forEach((uri, text) -> documents.put(uri.toString(), text));
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .formatAssertionsEnabled(true)
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ROOT)
                .regularExpressionFactory(Oracle::boundedRegex)
                .build();
        var drafts = com.networknt.schema.dialect.Dialect.builder(
                dialect == Dialect.DRAFT_7 ? Dialects.getDraft7() : Dialects.getDraft202012());
        formats.forEach(drafts::format);
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                drafts.build(),
                builder -> builder.schemaRegistryConfig(config)
                        .schemaLoader(loader -> loader.allow(iri -> documents.containsKey(iri.toString())
                                || iri.toString().contains("://json-schema.org/draft")))
                        .schemas(documents));
        return new Oracle(registry.getSchema(SchemaLocation.of(location.toString())));
    }

    /** Every violation; none for a valid tree. */
    @SuppressWarnings("PMD.AvoidCatchingThrowable") // one record's StackOverflowError is that record's violation
    List<Violation> validate(JsonNode tree) {
        try {
            List<Violation> violations = new ArrayList<>();
            for (Error error : schema.validate(tree)) {
                violations.add(violation(error));
            }
            return violations;
        } catch (RegexBudgetException e) {
            return List.of(new Violation(
                    "",
                    Violation.LIMIT,
                    "a string took more than " + MAX_REGEX_READS + " steps of pattern '" + shown(e.pattern)
                            + "'; simplify the pattern or bound the string by maxLength"));
        } catch (StackOverflowError | RuntimeException e) {
            return List.of(unvalidated(e));
        }
    }

    /** The violation of a payload on which a validator gave up. */
    static Violation unvalidated(Throwable e) {
        return new Violation(
                "", Violation.LIMIT, "could not be validated: " + e.getClass().getSimpleName());
    }

    private static Violation violation(Error error) {
        String keyword = String.valueOf(error.getKeyword());
        String path = String.valueOf(error.getInstanceLocation());
        String location = error.getSchemaLocation() == null
                ? ""
                : error.getSchemaLocation()
                        .toString()
                        .replaceFirst("/false$", ""); // no keyword of a schema that is false
        String expected = expected(error, keyword);
        JsonNode found = found(error, keyword);
        return new Violation(
                path,
                keyword,
                message(error, keyword, expected, found),
                expected,
                ValueTypes.name(found),
                location.replaceFirst("^cdp:/+", ""));
    }

    /** What the keyword asks for: its value, and of several required properties the one that is missing. */
    private static String expected(Error error, String keyword) {
        if (keyword.equals("required")) {
            return shown(String.valueOf(error.getProperty()));
        }
        return error.getSchemaNode() == null ? "" : shown(error.getSchemaNode().toString());
    }

    /** What stands where something else was expected: for keywords of an object, the property. */
    private static JsonNode found(Error error, String keyword) {
        JsonNode node = error.getInstanceNode() == null ? MissingNode.getInstance() : error.getInstanceNode();
        return switch (keyword) {
            case "required", "additionalProperties", "unevaluatedProperties" ->
                node.path(String.valueOf(error.getProperty()));
            default -> node;
        };
    }

    /** networknt's own messages quote the payload in places; these never do. */
    private static String message(Error error, String keyword, String expected, JsonNode node) {
        String found = described(node);
        return switch (keyword) {
            case "required" -> "required property '" + error.getProperty() + "' is missing";
            case "type" -> "expected " + expected.replace("\"", "") + ", found " + found;
            case "additionalProperties", "unevaluatedProperties" ->
                "property '" + shown(String.valueOf(error.getProperty())) + "' is not declared";
            case "enum" -> "expected one of " + expected + ", found " + found.replaceFirst("^an? ", "another ");
            case "const" -> "expected " + expected + ", found " + found.replaceFirst("^an? ", "another ");
            case "false" -> "nothing is allowed here, found " + found;
            default -> "expected " + keyword + " " + expected + ", found " + found;
        };
    }

    private static String described(JsonNode node) {
        return switch (node.getNodeType()) {
            case MISSING -> "nothing";
            case STRING -> "a string of " + node.asString().length() + " characters";
            case ARRAY -> "an array of " + node.size();
            case OBJECT -> "an object of " + node.size() + " properties";
            case NUMBER -> node.isIntegralNumber() ? "an integer" : "a number";
            case BOOLEAN -> "a boolean";
            default -> "null";
        };
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    private static RegularExpression boundedRegex(String regex) {
        Pattern pattern = EcmaRegex.compile(regex);
        if (BytePattern.compile(regex).filter(RunPattern.class::isInstance).isPresent()) {
            // Anchored, and with one part at most that varies in length: it cannot take long.
            return text -> pattern.matcher(text).find();
        }
        return text -> pattern.matcher(new Bounded(text, new Budget(regex))).find();
    }

    /** How often a matcher may still look at a text; a matcher itself never gives up. */
    private static final class Budget {

        private final String regex;
        private int readsLeft = MAX_REGEX_READS;

        private Budget(String regex) {
            this.regex = regex;
        }

        private void spend() {
            if (--readsLeft < 0) {
                throw new RegexBudgetException(regex);
            }
        }
    }

    /** A text that can be looked at only as often as its budget allows. */
    private record Bounded(String text, Budget budget) implements CharSequence {

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            budget.spend();
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Bounded(text.substring(start, end), budget);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class RegexBudgetException extends RuntimeException {

        private final String pattern;

        RegexBudgetException(String pattern) {
            super(null, null, false, false);
            this.pattern = pattern;
        }
    }
}
