package dev.cdp.core.schema;

import java.util.List;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/** Proves that no value can be two things at once: by kind, by listed values, by ranges, by a property that tells. */
final class Disjointness {

    private final Containment containment;

    Disjointness(Containment containment) {
        this.containment = containment;
    }

    boolean disjoint(Known a, Known b) {
        if (!containment.deeper()) {
            return false;
        }
        try {
            List<Known> cases = b.cases();
            return a.cases().stream().allMatch(one -> cases.stream().allMatch(other -> apart(one, other)));
        } finally {
            containment.shallower();
        }
    }

    private boolean apart(Known a, Known b) {
        Set<JsonKind> shared = a.kinds();
        shared.retainAll(b.kinds());
        if (shared.isEmpty() || forbids(a, b) || forbids(b, a) || listedApart(a, b) || listedApart(b, a)) {
            return true;
        }
        if (shared.equals(Set.of(JsonKind.OBJECT))) {
            return propertyTells(a, b);
        }
        shared.removeAll(Set.of(JsonKind.INTEGER, JsonKind.FRACTION));
        return shared.isEmpty() && (above(a, b) || above(b, a));
    }

    /** Whether all of {@code b} is what {@code a} is known not to be. */
    private boolean forbids(Known a, Known b) {
        return a.refuted().stream()
                .anyMatch(schema -> containment.gaps(b, schema).isEmpty());
    }

    /** Whether each value that {@code a} lists is surely refused by {@code b}. */
    private static boolean listedApart(Known a, Known b) {
        List<JsonNode> values = a.values();
        return values != null
                && values.stream()
                        .allMatch(value -> b.satisfied().stream()
                                .anyMatch(
                                        schema -> ConstantCheck.check(value, schema) == ConstantCheck.Verdict.INVALID));
    }

    private static boolean above(Known a, Known b) {
        Numbers lower = Numbers.lower(a);
        Numbers upper = Numbers.upper(b);
        return lower != null && upper != null && lower.value().compareTo(upper.value()) > 0;
    }

    /** Whether a property that is always there for one of them has no value that both allow. */
    private boolean propertyTells(Known a, Known b) {
        Set<String> names = a.required();
        names.addAll(b.required());
        return names.stream().anyMatch(name -> {
            Known left = a.property(name);
            Known right = b.property(name);
            return left.impossible() || right.impossible() || disjoint(left, right);
        });
    }
}
