package dev.cdp.core.validation;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

import dev.cdp.core.event.DeadLetterReason;

/**
 * What a validation found.
 *
 * @param violations every violation, in the order of the schema; none for a valid payload
 */
public record ValidationReport(List<Violation> violations) {

    private static final ValidationReport VALID = new ValidationReport(List.of());
    /** Of an element in its array. */
    private static final Pattern POSITION = Pattern.compile("/[0-9]+(?=/|$)");

    /** Copies the list. */
    public ValidationReport {
        violations = List.copyOf(violations);
    }

    /** The report of a valid payload. */
    public static ValidationReport ok() {
        return VALID;
    }

    /** A report of one violation. */
    public static ValidationReport of(Violation violation) {
        return new ValidationReport(List.of(violation));
    }

    /** Whether nothing was found. */
    public boolean valid() {
        return violations.isEmpty();
    }

    /** The reason for a dead letter; empty for a valid payload. */
    public Optional<DeadLetterReason> reason() {
        if (valid()) {
            return Optional.empty();
        }
        if (violations.stream().allMatch(v -> v.keyword().equals(Violation.COLUMN))) {
            return Optional.of(DeadLetterReason.NOT_INSERTABLE);
        }
        return Optional.of(
                switch (violations.get(0).keyword()) {
                    case Violation.JSON -> DeadLetterReason.UNDECODABLE;
                    case Violation.EVENT -> DeadLetterReason.UNKNOWN_EVENT;
                    case Violation.VERSION -> DeadLetterReason.UNKNOWN_VERSION;
                    default -> DeadLetterReason.INVALID;
                });
    }

    /**
     * Groups payloads that failed the same way: eight hex digits made of the keywords and the paths, with array indices
     * left out. Empty for a valid payload.
     */
    public String fingerprint() {
        if (valid()) {
            return "";
        }
        TreeSet<String> parts = new TreeSet<>();
        violations.forEach(
                v -> parts.add(v.keyword() + POSITION.matcher(v.path()).replaceAll("/*")));
        CRC32C crc = new CRC32C();
        parts.forEach(part -> crc.update((part + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** The violations, one a line, or {@code valid}. */
    @Override
    public String toString() {
        return valid()
                ? "valid"
                : String.join("\n", violations.stream().map(Violation::toString).toList());
    }
}
