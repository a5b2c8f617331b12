package dev.cdp.core.catalog;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

import dev.cdp.core.catalog.YamlNode.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every event that does not say otherwise.
 *
 * @param topic a topic's name, in which {@code {event}} stands for the event's
 * @param deadLetterTopic a topic's name, in which {@code {topic}} stands for the event's topic
 */
record Defaults(String topic, int partitions, String deadLetterTopic, Mode mode, TableOptions table) {

    static Defaults read(YamlForm form) {
        String topic = form.text("topic");
        Integer partitions = form.positive("partitions");
        String deadLetterTopic = form.text("dead-letter-topic");
        Mode mode = mode(form);
        TableOptions table = TableOptions.read(form.form("table"));
        form.refuseOthers();
        return new Defaults(
                Objects.requireNonNullElse(topic, "cdp.{event}"),
                Objects.requireNonNullElse(partitions, 6),
                Objects.requireNonNullElse(deadLetterTopic, "dlq.{topic}"),
                Objects.requireNonNullElse(mode, Mode.ENFORCE),
                table);
    }

    static @Nullable Mode mode(YamlForm form) {
        return form.scalar("mode", "enforce, warn or observe", text -> {
            if (!text.equals(text.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("lower case");
            }
            try {
                return Mode.valueOf(text.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException((String) null, e);
            }
        });
    }

    /** What a table is by default, or by its event; null where it is not said. */
    record TableOptions(
            @Nullable String database,
            @Nullable Scalar partitionBy,
            @Nullable Duration ttl,
            @Nullable TableEngine engine,
            @Nullable Codec codec) {

        private static final Duration MAX_TTL = Duration.ofDays(20_000);

        static TableOptions read(YamlForm form) {
            TableOptions options = readPart(form);
            form.refuseOthers();
            return options;
        }

        /** Leaves the keys that are not its own to be asked for. */
        static TableOptions readPart(YamlForm form) {
            return new TableOptions(
                    form.text("database"),
                    form.node("partition-by") instanceof Scalar scalar ? scalar : notText(form, "partition-by"),
                    form.scalar("ttl", "a number of days such as 400d, or hours such as 48h", TableOptions::ttl),
                    form.scalar("engine", "MergeTree or ReplacingMergeTree", TableEngine::of),
                    form.scalar("codec", "NONE, LZ4, LZ4HC(n) or ZSTD(n)", Codec::parse));
        }

        /** ClickHouse's DateTime, in which the end of a row's time is computed, ends in 2106 and begins anew. */
        private static Duration ttl(String text) {
            Duration ttl = duration(text);
            if (ttl.compareTo(MAX_TTL) > 0) {
                throw new IllegalArgumentException("at most " + MAX_TTL.toDays() + "d; leave it out for ever");
            }
            return ttl;
        }

        /** A problem where there is something else. */
        private static @Nullable Scalar notText(YamlForm form, String key) {
            form.text(key);
            return null;
        }

        TableOptions or(TableOptions other) {
            return new TableOptions(
                    database != null ? database : other.database,
                    partitionBy != null ? partitionBy : other.partitionBy,
                    ttl != null ? ttl : other.ttl,
                    engine != null ? engine : other.engine,
                    codec != null ? codec : other.codec);
        }
    }

    static Duration duration(String text) {
        if (!text.matches("[1-9][0-9]{0,5}[dh]")) {
            throw new IllegalArgumentException();
        }
        long amount = Long.parseLong(text.substring(0, text.length() - 1));
        return text.endsWith("d") ? Duration.ofDays(amount) : Duration.ofHours(amount);
    }
}
