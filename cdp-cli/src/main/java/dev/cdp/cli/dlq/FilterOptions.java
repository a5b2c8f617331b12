package dev.cdp.cli.dlq;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cdp.cli.command.UnusableException;
import dev.cdp.cli.command.Words;
import dev.cdp.consumer.dlq.LetterFilter;
import dev.cdp.core.event.DeadLetterReason;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which letters a command is about. */
final class FilterOptions {

    private static final Pattern OFFSETS = Pattern.compile("([0-9]{1,9}):([0-9]{1,18})(?:-([0-9]{1,18}))?");

    @Option(names = "--reason", paramLabel = "REASON", description = "Only those that failed for it, such as INVALID.")
    private @Nullable String reason;

    @Option(names = "--fingerprint", paramLabel = "HEX", description = "Only those that failed in this way.")
    private @Nullable String fingerprint;

    @Option(names = "--event", paramLabel = "NAME", description = "Only those of this event.")
    private @Nullable String event;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Only those that failed at 2026-01-31T02:00:00Z or later.")
    private @Nullable String from;

    @Option(names = "--before", paramLabel = "TIME", description = "Only those that failed before that time.")
    private @Nullable String before;

    @Option(
            names = "--offsets",
            paramLabel = "P:FIRST[-LAST]",
            description = "Only those at these offsets of one partition of the dead letter topic.")
    private @Nullable String offsets;

    LetterFilter filter() {
        LetterFilter filter = LetterFilter.all();
        if (reason != null) {
            filter = filter.reason(Words.read("--reason", DeadLetterReason.class, reason));
        }
        if (fingerprint != null) {
            filter = filter.fingerprint(fingerprint);
        }
        if (event != null) {
            filter = filter.event(event);
        }
        if (from != null) {
            filter = filter.failedFrom(time("--from", from));
        }
        if (before != null) {
            filter = filter.failedBefore(time("--before", before));
        }
        return offsets == null ? filter : offsets(filter, offsets);
    }

    private static Instant time(String option, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new UnusableException(
                    option + ": expected a time like 2026-01-31T02:00:00Z; found '" + text + "'", e);
        }
    }

    private static LetterFilter offsets(LetterFilter filter, String text) {
        Matcher found = OFFSETS.matcher(text);
        if (!found.matches()) {
            throw new UnusableException(
                    "--offsets: expected PARTITION:FIRST or PARTITION:FIRST-LAST, such as 0:100-250;" + " found '"
                            + text + "'");
        }
        long first = Long.parseLong(found.group(2));
        long last = found.group(3) == null ? first : Long.parseLong(found.group(3));
        return filter.offsets(Integer.parseInt(found.group(1)), first, last + 1);
    }
}
