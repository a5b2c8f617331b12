package dev.cdp.consumer.dlq;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** Writes where something was thrown, without messages: they may quote the payload. */
final class StackTraces {

    /** Characters of a trace that are kept. */
    static final int MAX_LENGTH = 4_096;

    private StackTraces() {}

    /** Classes and frames of a throwable and its causes, cut at {@link #MAX_LENGTH}. */
    static String of(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        String intro = "";
        for (@Nullable Throwable one = thrown; one != null && seen.add(one); one = one.getCause()) {
            text.append(intro).append(one.getClass().getName());
            for (StackTraceElement frame : one.getStackTrace()) {
                text.append("\n\tat ").append(frame);
                if (text.length() > MAX_LENGTH) {
                    return text.substring(0, MAX_LENGTH) + "…";
                }
            }
            intro = "\nCaused by: ";
        }
        return text.toString();
    }
}
