package dev.cdp.core.catalog;

import java.util.List;

/**
 * What the linter says of a catalog.
 *
 * @param findings in the order of the files
 * @param suppressed those that the catalog asks to leave out, each with the reason that it gives
 */
public record LintReport(List<Finding> findings, List<Suppressed> suppressed) {

    /** Copies the lists. */
    public LintReport {
        findings = List.copyOf(findings);
        suppressed = List.copyOf(suppressed);
    }

    /** Whether there is nothing but notes. */
    public boolean passes() {
        return findings.stream().allMatch(finding -> finding.severity() == Severity.NOTE);
    }

    /** How many findings there are of a severity. */
    public long count(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    /** A finding that the catalog asks to leave out. */
    public record Suppressed(Finding finding, String reason) {}
}
