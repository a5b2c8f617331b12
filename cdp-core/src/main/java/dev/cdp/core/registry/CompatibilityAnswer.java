package dev.cdp.core.registry;

import java.util.List;

/**
 * Whether a schema may become the next version of a subject.
 *
 * @param compatible whether it may
 * @param reasons why not, in the registry's own words; empty where it may, or where the registry does not say
 */
public record CompatibilityAnswer(boolean compatible, List<String> reasons) {

    /** Copies. */
    public CompatibilityAnswer {
        reasons = List.copyOf(reasons);
    }
}
