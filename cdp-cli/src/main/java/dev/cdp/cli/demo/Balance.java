package dev.cdp.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.catalog.EventDefinition;
import dev.cdp.core.event.DeadLetterHeaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * What became of every record, counted where it ended: in the log, in the tables and in the dead letter topics, by
 * nobody's counters.
 *
 * @param unsettled what was waited for in vain when this was counted
 * @param read records that stand in the topics
 * @param loaded distinct records that stand in the tables
 * @param rows rows in the tables
 * @param dead distinct records that stand in the dead letter topics
 * @param letters dead letters
 * @param reasons dead letters by reason
 * @param defaults rows with a default in place of a required field
 */
record Balance(
        Unsettled unsettled,
        long read,
        long loaded,
        long rows,
        long dead,
        long letters,
        Map<String, Long> reasons,
        long defaults) {

    /** Counts; {@code ends} are those of the topics after the last record was written. */
    static Balance of(Catalog catalog, Servers servers, Log log, Map<TopicPartition, Long> ends, Unsettled unsettled) {
        Set<String> deadLetterTopics = new LinkedHashSet<>();
        catalog.events().forEach(event -> deadLetterTopics.add(event.deadLetterTopic()));
        Map<String, Long> reasons = new TreeMap<>();
        Set<String> origins = new HashSet<>();
        List<ConsumerRecord<byte[], byte[]>> letters = log.read(deadLetterTopics);
        for (ConsumerRecord<byte[], byte[]> letter : letters) {
            reasons.merge(header(letter, DeadLetterHeaders.REASON), 1L, Long::sum);
            origins.add(header(letter, DeadLetterHeaders.TOPIC) + "-" + header(letter, DeadLetterHeaders.PARTITION)
                    + "@" + header(letter, DeadLetterHeaders.OFFSET));
        }
        long rows = 0;
        long loaded = 0;
        long defaults = 0;
        String since = log.topicIds(catalog.topics());
        for (EventDefinition event : catalog.events()) {
            String table = event.table()
                    .map(t -> "`" + t.database() + "`.`" + t.name() + "`")
                    .orElseThrow();
            List<String> counts = servers.clickHouse()
                    .rows("SELECT count(), uniqExact(_topic, _partition, _offset), countIf(actor_id = '' OR"
                            + " context_subject_type = '' OR occurred_at = 0) FROM " + table + " WHERE _topic_id IN ("
                            + since + ")")
                    .get(0);
            rows += Long.parseLong(counts.get(0));
            loaded += Long.parseLong(counts.get(1));
            defaults += Long.parseLong(counts.get(2));
        }
        return new Balance(
                unsettled,
                ends.values().stream().mapToLong(Long::longValue).sum(),
                loaded,
                rows,
                origins.size(),
                letters.size(),
                reasons,
                defaults);
    }

    private static String header(ConsumerRecord<?, ?> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null ? "(none)" : new String(header.value(), StandardCharsets.UTF_8);
    }

    long duplicates() {
        return (rows - loaded) + (letters - dead);
    }

    Verdict verdict() {
        if (duplicates() > 0 || defaults > 0 || loaded + dead > read) {
            return Verdict.DOES_NOT_HOLD; // nothing that is still to come makes it right
        }
        if (!unsettled.none()) {
            return Verdict.NOT_KNOWN;
        }
        return loaded + dead == read ? Verdict.HOLDS : Verdict.DOES_NOT_HOLD;
    }
}
