package dev.cdp.cli.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.cdp.core.schema.SchemaDifference;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** What commands print for machines: one document of maps, lists, texts, numbers and truth values, in ASCII. */
public final class JsonOutput {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private JsonOutput() {}

    /** The document's text. */
    public static String of(Map<String, Object> document) {
        return JSON.writeValueAsString(document);
    }

    /** The differences of two schemas as a list of a document. */
    public static List<Map<String, Object>> differences(List<SchemaDifference> differences) {
        return differences.stream()
                .map(difference -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("breaks", difference.breaks().name());
                    row.put("field", difference.field());
                    row.put("pointer", difference.pointer());
                    row.put("keyword", difference.keyword());
                    row.put("certainty", Words.of(difference.certainty()));
                    row.put("message", difference.message());
                    return row;
                })
                .toList();
    }
}
