package dev.cdp.core.schema;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.cdp.core.schema.InvalidSchemaException.Finding;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A schema document and all that it refers to, found inside the catalog's folder and nowhere else: every object of
 * every document knows the URI that its {@code $ref}s are resolved against.
 */
final class SchemaDocuments {

    /** Documents of a catalog have URIs of this scheme, so that no resolution can end at a real address. */
    static final String SCHEME = "cdp:/";

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 100;
    private static final int MAX_DOCUMENTS = 200;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxDocumentLength(MAX_BYTES)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final SchemaSource source;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<URI, JsonNode> byUri = new HashMap<>();
    private final Map<URI, String> texts = new LinkedHashMap<>();
    private final IdentityHashMap<JsonNode, URI> bases = new IdentityHashMap<>();
    private final Deque<PendingRef> pending = new ArrayDeque<>();

    private SchemaDocuments(SchemaSource source) {
        this.source = source;
    }

    /** Loads a document of that text, which stands at {@code path}, and everything it refers to. */
    static SchemaDocuments load(SchemaSource source, String path, String text) {
        SchemaDocuments documents = new SchemaDocuments(source);
        documents.add(URI.create(SCHEME + path), text);
        while (!documents.pending.isEmpty() && documents.findings.isEmpty()) {
            documents.loadTarget(documents.pending.removeFirst());
        }
        return documents;
    }

    static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    List<Finding> findings() {
        return findings;
    }

    /** The texts by every absolute URI that a {@code $ref} may name them by. */
    Map<URI, String> texts() {
        return texts;
    }

    JsonNode document(URI uri) {
        JsonNode node = byUri.get(uri);
        if (node == null) {
            throw new IllegalStateException("no document " + uri);
        }
        return node;
    }

    /** What a schema object's {@code $ref} names, or null if there is no such schema. */
    @Nullable
    JsonNode target(JsonNode schema) {
        URI base = bases.get(schema);
        URI ref = uri(schema.path("$ref").asString(""));
        if (base == null || ref == null) {
            return null;
        }
        URI absolute = base.resolve(ref);
        String fragment = absolute.getFragment();
        JsonNode document = byUri.get(withoutFragment(absolute));
        if (document == null) {
            return null;
        }
        if (fragment == null || fragment.isEmpty()) {
            return document;
        }
        if (!fragment.startsWith("/")) {
            return byUri.get(bases.getOrDefault(document, absolute).resolve("#" + fragment));
        }
        JsonNode node = document.at(fragment);
        return node.isMissingNode() ? null : node;
    }

    private void add(URI location, String text) {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (!root.isObject() && !root.isBoolean()) {
                findings.add(new Finding(
                        "schema-shape",
                        "",
                        1,
                        1,
                        "a JSON Schema is an object, found "
                                + root.getNodeType().name().toLowerCase(java.util.Locale.ROOT)));
                return;
            }
            byUri.put(location, root);
            texts.put(location, text);
            index(root, location, location);
            texts.putIfAbsent(bases.getOrDefault(root, location), text);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            findings.add(new Finding(
                    "schema-json",
                    "",
                    at == null ? 0 : at.getLineNr(),
                    at == null ? 0 : at.getColumnNr(),
                    "not a JSON document: " + e.getOriginalMessage()));
        }
    }

    /** {@code location} is where the file stands, {@code base} what an {@code $id} may have made of it. */
    private void index(JsonNode node, URI base, URI location) {
        if (node.isObject()) {
            URI here = identified(node, base);
            bases.put(node, here);
            URI ref = node.path("$ref").isString() ? uri(node.path("$ref").asString()) : null;
            if (ref != null) {
                pending.add(new PendingRef(here.resolve(ref), location, ref));
            } else if (node.path("$ref").isString()) {
                findings.add(new Finding("schema-ref", "", 0, 0, "$ref is not a URI reference"));
            }
            for (var property : node.properties()) {
                if (!property.getKey().equals("enum") && !property.getKey().equals("const")) {
                    index(property.getValue(), here, location);
                }
            }
        } else if (node.isArray()) {
            node.forEach(element -> index(element, base, location));
        }
    }

    private URI identified(JsonNode node, URI base) {
        URI here = base;
        URI id = node.path("$id").isString() ? uri(node.path("$id").asString()) : null;
        if (id != null) {
            here = withoutFragment(base.resolve(id));
            byUri.putIfAbsent(here, node);
        }
        JsonNode anchor = node.path("$anchor");
        if (anchor.isString()) {
            URI fragment = uri("#" + anchor.asString());
            if (fragment != null) {
                byUri.putIfAbsent(here.resolve(fragment), node);
            }
        }
        return here;
    }

    /** A reference to a document not read yet is a file beside the one that names it, or it is refused. */
    private void loadTarget(PendingRef ref) {
        URI wanted = withoutFragment(ref.absolute());
        if (byUri.containsKey(wanted)
                || wanted.toString().startsWith(Dialect.DRAFT_7.id())
                || wanted.toString().startsWith("https://json-schema.org/draft/2020-12/")) {
            return;
        }
        URI file = withoutFragment(ref.location().resolve(ref.relative()));
        String path = file.toString().startsWith(SCHEME) ? file.getPath().substring(1) : null;
        if (path == null) {
            findings.add(new Finding(
                    "schema-ref",
                    "",
                    0,
                    0,
                    "$ref '" + ref.relative()
                            + "' leaves the catalog; put the schema into the catalog's folder and refer to the file"));
            return;
        }
        if (texts.size() >= MAX_DOCUMENTS) {
            findings.add(new Finding(
                    "schema-size", "", 0, 0, "refers to more than " + MAX_DOCUMENTS + " documents; split the event"));
            return;
        }
        try {
            String text = decode(source.read(path));
            if (!byUri.containsKey(file)) {
                add(file, text);
            }
            JsonNode document = byUri.get(file);
            if (document != null) {
                byUri.putIfAbsent(wanted, document);
                texts.putIfAbsent(wanted, text);
            }
        } catch (IOException e) {
            findings.add(new Finding("schema-ref", "", 0, 0, "$ref '" + ref.relative() + "': " + e.getMessage()));
        }
    }

    static URI withoutFragment(URI uri) {
        String text = uri.toString();
        int hash = text.indexOf('#');
        return hash < 0 ? uri : URI.create(text.substring(0, hash));
    }

    private static @Nullable URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private record PendingRef(URI absolute, URI location, URI relative) {}
}
