package dev.cdp.core.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * A finding that the catalog asks to leave out.
 *
 * @param at what the finding is at, or the beginning of it followed by {@code *}
 */
record LintIgnore(String rule, String at, String reason, int line, int column) {

    /** The entries under {@code lint: ignore:}; what is wrong with them are problems of the form. */
    static List<LintIgnore> read(YamlForm lint) {
        List<LintIgnore> ignores = new ArrayList<>();
        for (YamlForm form : lint.forms("ignore")) {
            String rule = form.required("rule", "insert-time");
            String at = form.required("at", "schemas/common.json#/$defs/occurred_at");
            String reason = form.required("reason", "the device's clock is checked when it is read");
            form.refuseOthers();
            if (!rule.isEmpty() && LintRule.of(rule).isEmpty()) {
                form.problemAt(
                        "rule",
                        "unknown-rule",
                        "rule: the linter has no rule '" + DidYouMean.shown(rule) + "'"
                                + DidYouMean.hint(rule, LintRule.ids()));
            }
            if (form.node("reason") != null && reason.isBlank()) {
                form.problemAt("reason", "bad-value", "reason: say why, so that others know when it no longer holds");
            }
            ignores.add(new LintIgnore(rule, at, reason, form.line(), form.column()));
        }
        lint.refuseOthers();
        return ignores;
    }

    boolean matches(Finding finding) {
        boolean place = at.endsWith("*")
                ? finding.at().startsWith(at.substring(0, at.length() - 1))
                : finding.at().equals(at);
        return place && finding.rule().equals(rule);
    }
}
