package dev.cdp.core.registry;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The one break that the contract's tests try: a field that is required from now on. */
final class RequiredFields {

    private RequiredFields() {}

    static List<String> breaks(String older, String newer) {
        List<String> before = required(older);
        return required(newer).stream()
                .filter(field -> !before.contains(field))
                .map(field -> "/required: '" + field + "' is required from now on")
                .toList();
    }

    private static List<String> required(String schema) {
        List<String> fields = new ArrayList<>();
        for (JsonNode field : JsonMapper.shared().readTree(schema).path("required")) {
            fields.add(field.asString());
        }
        return fields;
    }
}
