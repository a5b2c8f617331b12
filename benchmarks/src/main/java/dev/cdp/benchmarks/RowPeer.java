package dev.cdp.benchmarks;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.clickhouse.client.api.metadata.DefaultColumnToMethodMatchingStrategy;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.client.api.serde.POJOFieldSerializer;
import com.clickhouse.client.api.serde.POJOSerDe;
import com.clickhouse.data.ClickHouseColumn;
import dev.cdp.clickhouse.RowDoor;
import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.TableDefinition;
import dev.cdp.core.event.EventAttributes;
import dev.cdp.core.schema.Column;
import dev.cdp.core.schema.FieldPlaces;
import dev.cdp.core.sink.SinkEvent;
import dev.cdp.core.validation.EventValidator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Who makes rows of the events of one table, 30 columns in all, from the payload's bytes. */
public enum RowPeer {
    /** Looks at every token and keeps none. */
    JACKSON_WALK("Jackson token walk (the limit)") {
        @Override
        RowSubject prepare(byte[][] payloads) {
            return i -> {
                int tokens = 0;
                try (JsonParser parser = MAPPER.createParser(payloads[i])) {
                    while (parser.nextToken() != null) {
                        tokens++;
                    }
                }
                return tokens;
            };
        }
    },
    CDP("cdp: validated, then its row") {
        @Override
        RowSubject prepare(byte[][] payloads) {
            Catalog catalog = catalog();
            EventValidator validator = EventValidator.of(catalog);
            RowDoor rows = new RowDoor(table(catalog));
            SinkEvent[] events = events(payloads);
            FieldPlaces places = new FieldPlaces(table(catalog).columns());
            return i -> {
                SinkEvent event = events[i];
                if (!validator.validate(EVENT, 1, event.payload(), places).valid() || !places.known()) {
                    throw new IllegalStateException("payload " + i + " is valid and plain");
                }
                return rows.write(event, places);
            };
        }
    },
    CDP_ROW("cdp: the row alone, of a payload validated elsewhere") {
        @Override
        RowSubject prepare(byte[][] payloads) {
            RowDoor rows = new RowDoor(table(catalog()));
            SinkEvent[] events = events(payloads);
            return i -> rows.write(events[i], null);
        }
    },
    /** Nothing is validated: the server finds out. */
    JSON_EACH_ROW("Jackson tree, JSONEachRow") {
        @Override
        RowSubject prepare(byte[][] payloads) {
            List<Column> columns = table(catalog()).columns();
            return i -> jsonRow(columns, payloads[i], i).length;
        }
    },
    /** Nothing is validated but by the Java types. */
    CLIENT_V2("Jackson object, client-v2 POJO") {
        @Override
        RowSubject prepare(byte[][] payloads) {
            TableSchema schema = new TableSchema(EVENT, null, "cdp", rowColumns(table(catalog())));
            POJOSerDe serde = new POJOSerDe(DefaultColumnToMethodMatchingStrategy.INSTANCE);
            serde.registerClass(TableRow.class, schema);
            Map<String, POJOFieldSerializer> byName = serde.getFieldSerializers(TableRow.class, schema);
            List<POJOFieldSerializer> serializers = schema.getColumns().stream()
                    .map(column -> byName.get(column.getColumnName()))
                    .toList();
            ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
            return i -> {
                out.reset();
                TableRow row = new TableRow(MAPPER.readValue(payloads[i], PageView.class), i);
                for (POJOFieldSerializer serializer : serializers) {
                    serializer.serialize(row, out);
                }
                return out.size();
            };
        }
    };

    static final UUID TOPIC_ID = UUID.fromString("8f4e6d60-1c2b-4a3d-9e8f-001122334455");
    static final String EVENT = "event_0";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Map<String, String> FIRST =
            Map.of("event_id", "String", "event_time", "DateTime64(3, 'UTC')", "event_version", "UInt32");

    private final String title;

    RowPeer(String title) {
        this.title = title;
    }

    /** Its name in the table. */
    String title() {
        return title;
    }

    abstract RowSubject prepare(byte[][] payloads);

    static Catalog catalog() {
        return Catalog.load(GeneratedCatalog.of(1));
    }

    static TableDefinition table(Catalog catalog) {
        return catalog.event(EVENT).orElseThrow().table().orElseThrow();
    }

    private static SinkEvent[] events(byte[][] payloads) {
        SinkEvent[] events = new SinkEvent[payloads.length];
        for (int i = 0; i < payloads.length; i++) {
            events[i] = new SinkEvent(i, attributes(i), 1, payloads[i]);
        }
        return events;
    }

    private static EventAttributes attributes(int i) {
        return new EventAttributes(
                new UUID(i, i).toString(), EVENT, URI.create("//benchmark.example"), Instant.now(), null, null);
    }

    /** A flat object of the columns' names, as {@code JSONEachRow} takes it. */
    static byte[] jsonRow(List<Column> columns, byte[] payload, long offset) {
        JsonNode tree = MAPPER.readTree(payload);
        ObjectNode row = MAPPER.createObjectNode();
        row.set("event_id", tree.get("view_id"));
        row.set("event_time", tree.get("occurred_at"));
        row.put("event_version", 1);
        for (Column column : columns) {
            row.set(column.name(), tree.at(column.pointer()));
        }
        row.put("_topic", PublishPeer.TOPIC);
        row.put("_topic_id", TOPIC_ID.toString());
        row.put("_partition", 0);
        row.put("_offset", offset);
        row.put("_replay", 0);
        row.put("_loaded_at", 0);
        return MAPPER.writeValueAsBytes(row);
    }

    /** The columns of a table as client-v2 names them. */
    private static List<ClickHouseColumn> rowColumns(TableDefinition table) {
        List<ClickHouseColumn> columns = new ArrayList<>();
        for (String name : List.of("event_id", "event_time", "event_version")) {
            columns.add(ClickHouseColumn.of(name, FIRST.get(name)));
        }
        table.columns()
                .forEach(column -> columns.add(
                        ClickHouseColumn.of(column.name(), column.type().sql())));
        columns.add(ClickHouseColumn.of("_unknown", "Map(String, String)"));
        columns.add(ClickHouseColumn.of("_topic", "LowCardinality(String)"));
        columns.add(ClickHouseColumn.of("_topic_id", "UUID"));
        columns.add(ClickHouseColumn.of("_partition", "Int32"));
        columns.add(ClickHouseColumn.of("_offset", "Int64"));
        columns.add(ClickHouseColumn.of("_replay", "UInt32"));
        columns.add(ClickHouseColumn.of("_loaded_at", "DateTime64(3, 'UTC')"));
        return columns;
    }
}
