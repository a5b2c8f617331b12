package dev.cdp.core.registry;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import dev.cdp.core.registry.RegistryJson.Described;

/** Collects every schema that one uses. Not thread-safe. */
final class ReferenceResolver {

    private static final int MAX_REFERENCES = 200;

    private final Function<SchemaKey.Version, Optional<Described>> source;
    private final Set<String> seen = new HashSet<>();
    private final Map<String, String> texts = new LinkedHashMap<>();

    private ReferenceResolver(Function<SchemaKey.Version, Optional<Described>> source) {
        this.source = source;
    }

    /**
     * The texts by name, what is used before what uses it; empty if the registry lacks one of them. Where two schemas
     * call different ones by the same name the first counts, as in Confluent's own client.
     *
     * @throws RegistryRefusedException if there are more than can be used
     */
    static Optional<Map<String, String>> resolve(
            List<SchemaReference> references, Function<SchemaKey.Version, Optional<Described>> source) {
        ReferenceResolver resolver = new ReferenceResolver(source);
        return resolver.all(references) ? Optional.of(resolver.texts) : Optional.empty();
    }

    private boolean all(List<SchemaReference> references) {
        for (SchemaReference reference : references) {
            if (!seen.add(reference.name())) {
                continue;
            }
            if (seen.size() > MAX_REFERENCES) {
                throw new RegistryRefusedException("a schema refers to more than " + MAX_REFERENCES + " others, '"
                        + reference.name() + "' among them; split it");
            }
            Optional<Described> found = source.apply(reference.key());
            if (found.isEmpty() || !all(found.get().references())) {
                return false;
            }
            texts.put(reference.name(), found.get().text());
        }
        return true;
    }
}
