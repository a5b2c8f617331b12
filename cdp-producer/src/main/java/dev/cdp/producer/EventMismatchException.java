package dev.cdp.producer;

import java.util.List;

import dev.cdp.core.CdpException;

/** Thrown where a catalog has no such event, or its schema would refuse every object of a class. */
public final class EventMismatchException extends CdpException {

    private final List<String> problems;

    /** What does not fit together, and each problem. */
    public EventMismatchException(String what, List<String> problems) {
        super(what + String.join("", problems.stream().map(p -> "\n  " + p).toList()));
        this.problems = List.copyOf(problems);
    }

    /** Each way in which the class and the schema differ, with what was expected. */
    public List<String> problems() {
        return problems;
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
