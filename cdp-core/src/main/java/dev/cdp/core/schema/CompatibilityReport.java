package dev.cdp.core.schema;

import java.util.List;

import dev.cdp.core.schema.SchemaCompatibility.Mode;
import dev.cdp.core.schema.SchemaCompatibility.Policy;
import dev.cdp.core.schema.SchemaDifference.Direction;

/**
 * What a comparison of two versions of a schema found.
 *
 * @param mode what was asked for
 * @param policy by which policy
 * @param differences every difference, those that the mode does not ask about among them: backward ones first, each in
 *     the order of the schema that reads
 */
public record CompatibilityReport(Mode mode, Policy policy, List<SchemaDifference> differences) {

    /** Copies the list. */
    public CompatibilityReport {
        differences = List.copyOf(differences);
    }

    /** Whether nothing was found that the mode asks about. */
    public boolean compatible() {
        return breaking().isEmpty();
    }

    /** The differences that the mode asks about. */
    public List<SchemaDifference> breaking() {
        return differences.stream().filter(d -> mode.asksFor(d.breaks())).toList();
    }

    /** Whether one way of reading is free of differences, whatever the mode asks about. */
    public boolean reads(Direction direction) {
        return differences.stream().noneMatch(d -> d.breaks() == direction);
    }

    /** The differences that the mode asks about, one a line, or {@code compatible}. */
    @Override
    public String toString() {
        return compatible()
                ? "compatible"
                : String.join(
                        "\n",
                        breaking().stream().map(SchemaDifference::toString).toList());
    }
}
