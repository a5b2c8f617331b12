package dev.cdp.core.validation;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.cdp.core.schema.Dialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The schemas that can be named by a {@code $ref}: by document, {@code $id}, anchor and JSON Pointer (RFC 6901). What
 * is named twice, or stands where no schema is expected, is not found. Used by one thread, while compiling.
 */
final class SchemaIndex {

    private static final int MAX_DEPTH = 200;
    private static final Set<String> SINGLE = Set.of(
            "additionalProperties",
            "propertyNames",
            "contains",
            "not",
            "if",
            "then",
            "else",
            "items",
            "additionalItems",
            "unevaluatedItems",
            "unevaluatedProperties",
            "contentSchema");
    private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems", "items");
    private static final Set<String> MAPS =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies");

    private final Map<URI, JsonNode> documents;
    private final Dialect dialect;
    private final IdentityHashMap<JsonNode, URI> bases = new IdentityHashMap<>();
    private final Map<String, JsonNode> named = new HashMap<>();
    private final Set<String> ambiguous = new HashSet<>();
    private final Set<JsonNode> foreign = Collections.newSetFromMap(new IdentityHashMap<>());

    SchemaIndex(JsonNode root, URI baseUri, Map<URI, JsonNode> documents, Dialect dialect) {
        this.documents = documents;
        this.dialect = dialect;
        add(root, withoutFragment(baseUri));
    }

    /** The schema that {@code reference} names in {@code schema}, if it is known for certain. */
    Optional<JsonNode> resolve(JsonNode schema, String reference) {
        URI base = bases.get(schema);
        if (base == null) {
            return Optional.empty();
        }
        int hash = reference.indexOf('#');
        String fragment = hash < 0 ? "" : reference.substring(hash + 1);
        try {
            String path = hash < 0 ? reference : reference.substring(0, hash);
            URI resource = path.isEmpty() ? base : withoutFragment(base.resolve(path));
            JsonNode root = resource(resource);
            if (root == null) {
                return Optional.empty();
            }
            String decoded = URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
            JsonNode target = decoded.isEmpty()
                    ? root
                    : decoded.startsWith("/") ? root.at(decoded) : known(resource + "#" + decoded);
            return Optional.ofNullable(target).filter(this::isUsable);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether {@code dialectUri} names a document that brings a vocabulary of its own. */
    boolean definesVocabulary(String dialectUri) {
        if (dialectUri.startsWith("https://json-schema.org/draft/2020-12/schema")) {
            return false;
        }
        try {
            JsonNode metaSchema = documents.get(withoutFragment(URI.create(dialectUri)));
            return metaSchema != null && metaSchema.has("$vocabulary");
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private boolean isUsable(JsonNode target) {
        return target.isBoolean() || (bases.containsKey(target) && !foreign.contains(target));
    }

    private @Nullable JsonNode resource(URI uri) {
        JsonNode document = documents.get(uri);
        if (document != null && !named.containsKey(uri.toString())) {
            add(document, uri);
        }
        return known(uri.toString());
    }

    private @Nullable JsonNode known(String uri) {
        return ambiguous.contains(uri) ? null : named.get(uri);
    }

    private void add(JsonNode root, URI uri) {
        // A document may be known by two URIs; only one of them can be its base.
        JsonNode own = bases.containsKey(root) ? root.deepCopy() : root;
        name(uri.toString(), own);
        index(own, uri, 0, own);
    }

    private void index(JsonNode schema, URI base, int depth, JsonNode root) {
        if (!schema.isObject() || depth > MAX_DEPTH || bases.containsKey(schema)) {
            return;
        }
        URI here = identify(schema, base, depth);
        bases.put(schema, here);
        if (depth > 0 && (schema.has("$schema") || foreign.contains(root))) {
            foreign.add(schema);
        }
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            JsonNode value = keyword.getValue();
            if (SINGLE.contains(keyword.getKey())) {
                index(value, here, depth + 1, root);
            }
            boolean list = LISTS.contains(keyword.getKey()) && value.isArray();
            boolean map = MAPS.contains(keyword.getKey()) && value.isObject();
            if (list || map) {
                for (JsonNode element : value) {
                    index(element, here, depth + 1, root);
                }
            }
        }
    }

    private URI identify(JsonNode schema, URI base, int depth) {
        URI here = base;
        JsonNode id = schema.get("$id");
        boolean shadowed = dialect == Dialect.DRAFT_7 && schema.has("$ref");
        if (id != null && id.isString() && !shadowed) {
            try {
                String text = id.asString();
                if (dialect == Dialect.DRAFT_7 && text.startsWith("#")) {
                    name(here + text, schema);
                } else {
                    here = withoutFragment(base.resolve(text));
                    if (depth > 0 || !here.equals(base)) {
                        name(here.toString(), schema);
                    }
                }
            } catch (IllegalArgumentException e) {
                foreign.add(schema);
            }
        }
        if (dialect == Dialect.DRAFT_2020_12) {
            nameAnchor(schema.get("$anchor"), here, schema);
            nameAnchor(schema.get("$dynamicAnchor"), here, schema);
        }
        return here;
    }

    private void nameAnchor(@Nullable JsonNode anchor, URI base, JsonNode schema) {
        if (anchor != null && anchor.isString()) {
            name(base + "#" + anchor.asString(), schema);
        }
    }

    private void name(String uri, JsonNode schema) {
        if (named.putIfAbsent(uri, schema) != null) {
            ambiguous.add(uri);
        }
    }

    private static URI withoutFragment(URI uri) {
        String text = uri.toString();
        int hash = text.indexOf('#');
        return hash < 0 ? uri : URI.create(text.substring(0, hash));
    }
}
