package dev.cdp.core.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.cdp.core.schema.EventSchema;
import tools.jackson.databind.JsonNode;

/**
 * Takes out of violations what may tell about a person: below an {@code x-pii} field a name that the schema does not declare is
 * the sender's own. A path ends with {@code /*} there.
 */
final class PersonalViolations {

    /** Their messages name a property. */
    private static final Set<String> NAMING = Set.of("additionalProperties", "unevaluatedProperties", "propertyNames");

    private PersonalViolations() {}

    /** The violations of a payload, without such names. */
    static List<Violation> masked(EventSchema schema, JsonNode payload, List<Violation> violations) {
        List<Violation> masked = new ArrayList<>(violations.size());
        for (Violation violation : violations) {
            masked.add(masked(schema, payload, violation));
        }
        return masked;
    }

    private static Violation masked(EventSchema schema, JsonNode payload, Violation violation) {
        String path = violation.path();
        List<String> segments =
                path.isEmpty() ? List.of() : List.of(path.substring(1).split("/", -1));
        List<Boolean> indices = new ArrayList<>();
        JsonNode here = payload;
        for (String segment : segments) {
            indices.add(here.isArray());
            String name = segment.replace("~1", "/").replace("~0", "~");
            here = here.isArray() && name.matches("[0-9]{1,9}") ? here.path(Integer.parseInt(name)) : here.path(name);
        }
        int shown = schema.shownSegments(path, indices::get);
        boolean names = NAMING.contains(violation.keyword()) && schema.personal(path);
        if (shown == segments.size() && !names) {
            return violation;
        }
        String where = shown == segments.size()
                ? path
                : String.join(
                                "",
                                segments.subList(0, shown).stream()
                                        .map(name -> "/" + name)
                                        .toList()) + "/*";
        String message = names
                ? "a property that the schema does not allow; its name is left out, for it stands below x-pii"
                : violation.message();
        return new Violation(
                where,
                violation.keyword(),
                message,
                violation.expected(),
                violation.found(),
                violation.schemaLocation());
    }
}
