package dev.cdp.core.catalog;

import java.util.List;

import dev.cdp.core.CdpException;

/** Thrown for a catalog that cannot be used; it names every problem, not only the first. */
public final class InvalidCatalogException extends CdpException {

    private final List<Problem> problems;

    InvalidCatalogException(List<Problem> problems) {
        super(problems.size() + (problems.size() == 1 ? " problem" : " problems") + " in the catalog:\n  "
                + String.join("\n  ", problems.stream().map(Problem::toString).toList()));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the files. */
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
