package dev.cdp.core.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A rule of the linter. Its id never changes; {@code docs/lint.md} lists them all. */
enum LintRule {
    UNREACHABLE_FIELD("unreachable-field", Severity.ERROR),
    OPTIONAL_FIELD("optional-field", Severity.WARNING),
    VERSION_LACKS_FIELD("version-lacks-field", Severity.WARNING),
    DISCRIMINATOR_VALUE("discriminator-value", Severity.ERROR),
    DISCRIMINATOR_LOOSE("discriminator-loose", Severity.WARNING),
    DISCRIMINATOR_PARTIAL("discriminator-partial", Severity.WARNING),
    INSERT_NARROW("insert-narrow", Severity.ERROR),
    JSON_LOSSY("json-lossy", Severity.NOTE),
    INSERT_INTEGER("insert-integer", Severity.WARNING),
    INSERT_NUMBER("insert-number", Severity.NOTE),
    INSERT_TIME("insert-time", Severity.NOTE),
    PATTERN_EXPLODES("pattern-explodes", Severity.ERROR),
    PATTERN_SLOW("pattern-slow", Severity.WARNING),
    PATTERN_UNJUDGED("pattern-unjudged", Severity.NOTE),
    FORMAT_UNASSERTED("format-unasserted", Severity.WARNING),
    PII_UNTAGGED("pii-untagged", Severity.WARNING),
    PII_DIMENSION("pii-dimension", Severity.WARNING),
    DIMENSION_VALUES("dimension-values", Severity.WARNING),
    DIMENSION_TYPES("dimension-types", Severity.WARNING),
    METRIC_ROLLUP("metric-rollup", Severity.NOTE),
    METRIC_SUM_OF_RATIO("metric-sum-of-ratio", Severity.WARNING),
    METRIC_RATIO_OF_RATIOS("metric-ratio-of-ratios", Severity.WARNING),
    METRIC_NEVER("metric-never", Severity.WARNING),
    UNDOCUMENTED("undocumented", Severity.NOTE),
    IGNORE_UNUSED("ignore-unused", Severity.WARNING);

    private final String id;
    private final Severity severity;

    LintRule(String id, Severity severity) {
        this.id = id;
        this.severity = severity;
    }

    static Optional<LintRule> of(String id) {
        return Arrays.stream(values()).filter(rule -> rule.id.equals(id)).findFirst();
    }

    static List<String> ids() {
        return Arrays.stream(values()).map(LintRule::id).toList();
    }

    String id() {
        return id;
    }

    Severity severity() {
        return severity;
    }
}
