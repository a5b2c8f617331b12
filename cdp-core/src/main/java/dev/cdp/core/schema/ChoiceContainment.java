package dev.cdp.core.schema;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** The keywords that combine schemas. The writer's own choices are made before, one case at a time. */
final class ChoiceContainment {

    private final Containment containment;

    ChoiceContainment(Containment containment) {
        this.containment = containment;
    }

    List<SchemaDifference> gaps(Known known, SchemaNode reader, String keyword) {
        return switch (keyword) {
            case "allOf" -> all(known, reader);
            case "anyOf", "oneOf" -> some(known, reader, keyword);
            case "not" -> not(known, reader);
            case "if" -> conditional(known, reader);
            default -> List.of(); // then and else go with if
        };
    }

    private List<SchemaDifference> all(Known known, SchemaNode reader) {
        Set<SchemaDifference> gaps = new LinkedHashSet<>();
        List<SchemaNode> branches = reader.list("allOf");
        for (int i = 0; i < branches.size(); i++) {
            String pointer = "/allOf/" + i;
            containment.gaps(known, branches.get(i)).forEach(gap -> gaps.add(gap.under("", pointer)));
        }
        return List.copyOf(gaps);
    }

    /** Every piece of the writer must fit a branch, and of a oneOf no other one. */
    private List<SchemaDifference> some(Known known, SchemaNode reader, String keyword) {
        boolean same = known.satisfied().stream()
                .anyMatch(schema -> schema.has(keyword) && SameMeaning.of(schema, reader, keyword));
        if (same || !reader.get(keyword).isArray() || fits(known, reader, keyword)) {
            return same || reader.get(keyword).isArray() ? List.of() : containment.opaque(known, reader, keyword);
        }
        List<Known> pieces = known.pieces();
        List<Known> misfits = (pieces.isEmpty() ? List.of(known) : pieces)
                .stream()
                        .filter(piece -> !piece.impossible() && !fits(piece, reader, keyword))
                        .toList();
        return misfits.isEmpty() ? List.of() : List.of(misfit(misfits, reader, keyword));
    }

    private boolean fits(Known known, SchemaNode reader, String keyword) {
        List<SchemaNode> branches = reader.list(keyword);
        for (int i = 0; i < branches.size(); i++) {
            if (containment.gaps(known, branches.get(i)).isEmpty()
                    && (keyword.equals("anyOf") || fitsOnly(known, branches, i))) {
                return true;
            }
        }
        return false;
    }

    /** By index: two branches that are both {@code true} are the same node. */
    private boolean fitsOnly(Known known, List<SchemaNode> branches, int index) {
        for (int i = 0; i < branches.size(); i++) {
            if (i != index && !containment.disjoint(known, Known.of(branches.get(i)))) {
                return false;
            }
        }
        return true;
    }

    /** Says which kinds of values find no branch, and of the first what the nearest branch has against it. */
    private SchemaDifference misfit(List<Known> misfits, SchemaNode reader, String keyword) {
        Known piece = misfits.get(0);
        Set<JsonKind> kinds = JsonKind.none();
        misfits.forEach(misfit -> kinds.addAll(misfit.kinds()));
        List<SchemaNode> branches = reader.list(keyword);
        List<SchemaDifference> nearest = null;
        int index = 0;
        for (int i = 0; i < branches.size(); i++) {
            boolean kindsMeet = branches.get(i).kinds().stream().anyMatch(piece.kinds()::contains);
            boolean apart = containment.disjoint(piece, Known.of(branches.get(i)));
            List<SchemaDifference> gaps = containment.gaps(piece, branches.get(i));
            if (kindsMeet && !apart && (nearest == null || gaps.size() < nearest.size())) {
                nearest = gaps;
                index = i;
            }
        }
        String what = "no " + (keyword.equals("oneOf") ? "single " : "") + "branch of the " + containment.reader()
                + " schema takes every " + JsonKind.words(kinds) + " of the " + containment.writer() + " one";
        return nearest == null
                ? containment.broken(keyword, what)
                : containment.unproven(keyword, what + nearestWords(nearest, keyword, index));
    }

    private static String nearestWords(@Nullable List<SchemaDifference> nearest, String keyword, int index) {
        if (nearest == null || nearest.isEmpty()) {
            return "; the nearest, /" + keyword + "/" + index + ", is not the only one that may";
        }
        SchemaDifference first = nearest.get(0);
        return "; the nearest is /" + keyword + "/" + index + ", but "
                + (first.field().isEmpty() ? "" : first.field() + ": ") + first.message();
    }

    private List<SchemaDifference> not(Known known, SchemaNode reader) {
        SchemaNode forbidden = reader.child("not");
        if (containment.disjoint(known, Known.of(forbidden))) {
            return List.of();
        }
        return List.of(containment.unproven(
                "not",
                "the " + containment.reader() + " schema forbids what the " + containment.writer()
                        + " one is not known to forbid"));
    }

    private List<SchemaDifference> conditional(Known known, SchemaNode reader) {
        boolean same = known.satisfied().stream()
                .anyMatch(schema -> schema.has("if")
                        && SameMeaning.of(schema, reader, "if")
                        && SameMeaning.of(schema, reader, "then")
                        && SameMeaning.of(schema, reader, "else"));
        if (same) {
            return List.of();
        }
        List<SchemaDifference> gaps = new ArrayList<>();
        SchemaNode condition = reader.child("if");
        for (SchemaDifference gap : containment.gaps(known.and(condition), reader.child("then"))) {
            gaps.add(gap.under("", "/then"));
        }
        for (SchemaDifference gap : containment.gaps(known.andNot(condition), reader.child("else"))) {
            gaps.add(gap.under("", "/else"));
        }
        return gaps;
    }
}
