package dev.cdp.benchmarks;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.networknt.schema.Schema;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.validation.EventValidator;
import dev.harrel.jsonschema.FormatEvaluatorFactory;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/** Who is measured: the limit, the peers, and us. Each starts from the payload's bytes. */
public enum Peer {
    /** Looks at every token and keeps none: what any validator over this parser pays at least. */
    JACKSON_WALK("Jackson token walk (the limit)") {
        @Override
        Subject prepare(List<String> schemas) {
            return (schema, json) -> {
                try (JsonParser parser = MAPPER.createParser(json)) {
                    while (parser.nextToken() != null) {
                        tokens++;
                    }
                }
                return true;
            };
        }
    },
    JACKSON_TREE("Jackson readTree") {
        @Override
        Subject prepare(List<String> schemas) {
            return (schema, json) -> MAPPER.readTree(json).isObject();
        }
    },
    /** Formats asserted, all else by default. */
    NETWORKNT("networknt as it comes") {
        @Override
        Subject prepare(List<String> schemas) {
            return networknt(schemas.stream().map(Networknt::asItComes).toList());
        }
    },
    NETWORKNT_TUNED("networknt tuned") {
        @Override
        Subject prepare(List<String> schemas) {
            return networknt(schemas.stream().map(Networknt::tuned).toList());
        }
    },
    HARREL("dev.harrel json-schema") {
        @Override
        Subject prepare(List<String> schemas) {
            var mapper = new com.fasterxml.jackson.databind.ObjectMapper();
            Validator validator = new ValidatorFactory()
                    .withJsonNodeFactory(new JacksonNode.Factory(mapper))
                    .withEvaluatorFactory(new FormatEvaluatorFactory())
                    .createValidator();
            List<URI> registered = new ArrayList<>(
                    schemas.stream().map(validator::registerSchema).toList());
            return (schema, json) -> {
                Object tree = mapper.readTree(json);
                return validator.validate(registered.get(schema), tree).isValid();
            };
        }
    },
    CDP("cdp") {
        @Override
        Subject prepare(List<String> schemas) {
            return cdp(GeneratedCatalog.of(schemas));
        }
    };

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Keeps the walk from being optimised away. */
    static int tokens;

    private final String title;

    Peer(String title) {
        this.title = title;
    }

    /** Its name in the tables. */
    String title() {
        return title;
    }

    /** Compiles the schemas. */
    abstract Subject prepare(List<String> schemas);

    /** Whether it tells valid payloads from others. */
    boolean judges() {
        return this != JACKSON_WALK && this != JACKSON_TREE;
    }

    private static Subject networknt(List<Schema> compiled) {
        Schema[] schemas = compiled.toArray(Schema[]::new);
        return (schema, json) -> schemas[schema].validate(MAPPER.readTree(json)).isEmpty();
    }

    private static Subject cdp(Path catalog) {
        Catalog loaded = Catalog.load(catalog);
        EventValidator validator = EventValidator.of(loaded);
        String[] events = loaded.events().stream().map(event -> event.name()).toArray(String[]::new);
        return (schema, json) -> validator.validate(events[schema], json).valid();
    }
}
