package dev.cdp.core.event;

import java.util.stream.Collectors;

import dev.cdp.core.CdpException;
import tools.jackson.core.JacksonException;

/** Thrown where a Java class and an event's JSON do not fit each other. */
public final class BindingException extends CdpException {

    private BindingException(String message) {
        super(message);
    }

    /** Jackson's own message quotes the payload, so only the place and the kind of the problem are taken from it. */
    static BindingException of(String what, Class<?> type, JacksonException cause) {
        String path = cause.getPath().stream()
                .map(step -> step.getPropertyName() != null ? step.getPropertyName() : String.valueOf(step.getIndex()))
                .collect(Collectors.joining("/", "/", ""));
        return new BindingException(type.getName() + " cannot be " + what + " at " + path + " ("
                + cause.getClass().getSimpleName() + "): compare its components with the event's schema");
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
