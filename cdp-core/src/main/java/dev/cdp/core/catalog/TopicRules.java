package dev.cdp.core.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What events that share a topic or a table have to agree on. */
final class TopicRules {

    private final String file;
    private final List<Problem> problems;
    private final Map<String, EventDefinition> byTopic = new HashMap<>();
    private final Map<String, EventDefinition> byTable = new HashMap<>();
    private final Map<String, EventDefinition> discriminated = new HashMap<>();
    private final Map<List<String>, EventDefinition> byValue = new HashMap<>();

    TopicRules(String file, List<Problem> problems) {
        this.file = file;
        this.problems = problems;
    }

    void check(Collection<EventDefinition> events, YamlForm catalog) {
        Map<String, YamlNode> nodes = new HashMap<>();
        catalog.entries("events").forEach((name, node) -> nodes.put(name.text(), node));
        for (EventDefinition event : events) {
            YamlNode node = Objects.requireNonNull(nodes.get(event.name()));
            partitions(event, node);
            table(event, node);
            event.discriminator().ifPresent(discriminator -> discriminator(event, discriminator, node));
        }
    }

    private void partitions(EventDefinition event, YamlNode node) {
        EventDefinition other = byTopic.putIfAbsent(event.topic(), event);
        if (other != null && other.partitions() != event.partitions()) {
            problem(
                    node.at("/partitions"),
                    "partitions-differ",
                    "topic " + event.topic() + " has " + other.partitions() + " partitions for '" + other.name()
                            + "' and " + event.partitions() + " for '" + event.name() + "'");
        }
    }

    private void table(EventDefinition event, YamlNode node) {
        event.table().ifPresent(table -> {
            String qualified = table.database() + "." + table.name();
            EventDefinition owner = byTable.putIfAbsent(qualified, event);
            if (owner != null) {
                problem(
                        node.at("/table"),
                        "table-shared",
                        "table " + qualified + " is that of '" + owner.name() + "' and of '" + event.name()
                                + "'; each event has its own");
            }
        });
    }

    private void discriminator(EventDefinition event, Discriminator discriminator, YamlNode node) {
        EventDefinition first = discriminated.putIfAbsent(event.topic(), event);
        String field = first == null
                ? discriminator.field()
                : first.discriminator().orElseThrow().field();
        if (first != null && !field.equals(discriminator.field())) {
            problem(
                    node.at("/discriminator"),
                    "discriminator-field",
                    "topic " + event.topic() + " tells '" + first.name() + "' by " + field + ", and '" + event.name()
                            + "' by " + discriminator.field() + "; events on one topic are told by one field");
        }
        EventDefinition other = byValue.putIfAbsent(List.of(event.topic(), discriminator.value()), event);
        if (other != null) {
            problem(
                    node.at("/discriminator"),
                    "discriminator-clash",
                    "topic " + event.topic() + " tells '" + other.name() + "' and '" + event.name()
                            + "' by the same value '" + DidYouMean.shown(discriminator.value()) + "'");
        }
    }

    private void problem(YamlNode node, String rule, String message) {
        problems.add(new Problem(file, node.line(), node.column(), rule, message));
    }
}
