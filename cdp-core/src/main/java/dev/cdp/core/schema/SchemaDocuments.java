package dev.cdp.core.schema;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

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
    private static final int MAX_SHOWN = 120;
    private static final Set<String> MAPS =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies");
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
    private final IdentityHashMap<JsonNode, Spot> spots = new IdentityHashMap<>();
    private final Set<URI> failed = new HashSet<>();
    private final Deque<PendingRef> pending = new ArrayDeque<>();

    private SchemaDocuments(SchemaSource source) {
        this.source = source;
    }

    /** Loads a document of that text, which stands at {@code path}, and everything it refers to. */
    static SchemaDocuments load(SchemaSource source, String path, String text) {
        SchemaDocuments documents = new SchemaDocuments(source);
        documents.add(location(path), text);
        while (!documents.pending.isEmpty()) {
            documents.loadTarget(documents.pending.removeFirst());
        }
        return documents;
    }

    /** The URI of the document in a file of the catalog. */
    static URI location(String path) {
        try {
            return new URI("cdp", null, "/" + path, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + path + "' is not a file name", e);
        }
    }

    /** The file of the catalog that a document stands in. */
    static String path(URI document) {
        return document.getPath().substring(1);
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

    /** A finding at a schema, or at a part of it where {@code part} is not empty. */
    Finding finding(String rule, JsonNode schema, String part, String message) {
        Spot spot = spots.get(schema);
        return spot == null
                ? new Finding(rule, "", part, 0, 0, message)
                : finding(rule, spot.document(), spot.pointer() + part, message);
    }

    private Finding finding(String rule, URI document, String pointer, String message) {
        JsonPlace place = JsonPlace.find(MAPPER.createParser(texts.getOrDefault(document, "")), pointer);
        return new Finding(rule, path(document), pointer, place.line(), place.column(), message);
    }

    /** Where a schema stands, as {@code file#/pointer}. */
    String place(JsonNode schema) {
        Spot spot = spots.get(schema);
        return spot == null ? "" : path(spot.document()) + "#" + spot.pointer();
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
        Spot spot = spots.get(schema);
        URI ref = uri(schema.path("$ref").asString(""));
        if (spot == null || ref == null) {
            return null;
        }
        URI absolute = spot.base().resolve(ref);
        String fragment = absolute.getFragment();
        JsonNode document = byUri.get(withoutFragment(absolute));
        if (document == null) {
            return null;
        }
        if (fragment == null || fragment.isEmpty()) {
            return document;
        }
        if (!fragment.startsWith("/")) {
            Spot root = spots.get(document);
            return byUri.get((root == null ? absolute : root.base()).resolve("#" + fragment));
        }
        JsonNode node = document.at(fragment);
        return node.isMissingNode() ? null : node;
    }

    /** Follows {@code $ref}s to a schema without one. The gate has refused cycles that consume nothing, so this ends. */
    JsonNode resolve(JsonNode schema) {
        JsonNode here = schema;
        while (here.path("$ref").isString()) {
            JsonNode target = target(here);
            if (target == null) {
                return here;
            }
            here = target;
        }
        return here;
    }

    private void add(URI location, String text) {
        if (text.length() > MAX_BYTES) {
            findings.add(new Finding(
                    "schema-size",
                    path(location),
                    "",
                    0,
                    0,
                    "expected at most " + MAX_BYTES + " characters, found " + text.length()));
            return;
        }
        try {
            JsonNode root = MAPPER.readTree(text);
            if (!root.isObject() && !root.isBoolean()) {
                String found = root.getNodeType().name().toLowerCase(Locale.ROOT);
                findings.add(new Finding(
                        "schema-shape", path(location), "", 1, 1, "a JSON Schema is an object, found " + found));
                return;
            }
            byUri.put(location, root);
            texts.put(location, text);
            index(root, new Spot(location, location, null, ""), Role.SCHEMA);
            Spot spot = spots.get(root);
            texts.putIfAbsent(spot == null ? location : spot.base(), text);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            findings.add(new Finding(
                    "schema-json",
                    path(location),
                    "",
                    at == null ? 0 : at.getLineNr(),
                    at == null ? 0 : at.getColumnNr(),
                    "not a JSON document: " + e.getOriginalMessage()));
        }
    }

    /** In a map of schemas a key is any name, and no keyword. */
    private void index(JsonNode node, Spot spot, Role role) {
        if (node.isObject()) {
            Spot here = role == Role.SCHEMA ? identified(node, spot) : spot;
            spots.put(node, here);
            if (role == Role.SCHEMA) {
                reference(node, here);
            }
            for (var property : node.properties()) {
                String name = property.getKey();
                if (role == Role.MAP || (!name.equals("enum") && !name.equals("const"))) {
                    Role inside = role == Role.SCHEMA && MAPS.contains(name) ? Role.MAP : Role.SCHEMA;
                    index(property.getValue(), here.inside(name), inside);
                }
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                index(node.get(i), spot.inside(Integer.toString(i)), Role.SCHEMA);
            }
        }
    }

    private void reference(JsonNode node, Spot here) {
        JsonNode text = node.path("$ref");
        if (text.isString()) {
            URI ref = uri(text.asString());
            if (ref != null) {
                pending.add(new PendingRef(here.base().resolve(ref), ref, here));
            } else {
                findings.add(finding(
                        "schema-ref", here.document(), here.pointer() + "/$ref", "$ref is not a URI reference"));
            }
        }
    }

    private Spot identified(JsonNode node, Spot spot) {
        URI base = spot.base();
        URI id = node.path("$id").isString() ? uri(node.path("$id").asString()) : null;
        if (id != null) {
            base = withoutFragment(base.resolve(id));
            byUri.putIfAbsent(base, node);
        }
        JsonNode anchor = node.path("$anchor");
        if (anchor.isString()) {
            URI fragment = uri("#" + anchor.asString());
            if (fragment != null) {
                byUri.putIfAbsent(base.resolve(fragment), node);
            }
        }
        return new Spot(base, spot.document(), spot.parent(), spot.segment());
    }

    /** A reference to a document not read yet is a file beside the one that names it, or it is refused. */
    private void loadTarget(PendingRef ref) {
        URI wanted = withoutFragment(ref.absolute());
        if (byUri.containsKey(wanted)
                || wanted.toString().startsWith(Dialect.DRAFT_7.id())
                || wanted.toString().startsWith("https://json-schema.org/draft/2020-12/")) {
            return;
        }
        URI file = withoutFragment(ref.spot().document().resolve(ref.relative()));
        String path = file.toString().startsWith(SCHEME) ? path(file) : null;
        if (path == null) {
            refuse(ref, "leaves the catalog; put the schema into the catalog's folder and refer to the file");
            return;
        }
        if (failed.contains(file)) {
            return;
        }
        if (texts.size() >= MAX_DOCUMENTS) {
            refuse(ref, "is one document too many; an event refers to at most " + MAX_DOCUMENTS + ", so split it");
            failed.add(file);
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
            } else {
                failed.add(file);
            }
        } catch (CharacterCodingException e) {
            refuse(ref, "is not UTF-8");
        } catch (IOException e) {
            refuse(ref, String.valueOf(e.getMessage()));
        }
    }

    private void refuse(PendingRef ref, String why) {
        Spot spot = ref.spot();
        String message = "$ref '" + shown(ref.relative().toString()) + "': " + why;
        findings.add(finding("schema-ref", spot.document(), spot.pointer() + "/$ref", message));
    }

    static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
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

    private enum Role {
        SCHEMA,
        MAP
    }

    private record PendingRef(URI absolute, URI relative, Spot spot) {}

    /** Where a schema stands: what an {@code $id} made of its document's URI, that document, and the way down in it. */
    private record Spot(URI base, URI document, @Nullable Spot parent, String segment) {

        Spot inside(String name) {
            return new Spot(base, document, this, name);
        }

        String pointer() {
            Deque<String> segments = new ArrayDeque<>();
            for (Spot spot = this; spot.parent != null; spot = spot.parent) {
                segments.addFirst("/" + JsonPlace.segment(spot.segment));
            }
            return String.join("", segments);
        }
    }
}
