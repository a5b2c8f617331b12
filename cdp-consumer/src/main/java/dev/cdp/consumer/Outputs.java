package dev.cdp.consumer;

/**
 * Takes the events that a {@link TransformHandler} makes of one event. They are held back until the handler has
 * returned, and are visible to consumers that read committed records once the offset of the event is committed: all of
 * them, once, or none. For the thread and the time of the call that it was given to.
 */
public interface Outputs {

    /**
     * Adds an event, of a class that was given to {@link ConsumerBuilder#emits}. It is validated at once, and goes to the
     * topic that the catalog names, with a new id and the trace context of the event that it was made of.
     *
     * @throws RejectedEventException if its schema refuses it; unless the handler catches that, the event that it was
     *     made of becomes a dead letter
     * @throws IllegalArgumentException if its class was not given to {@code emits(…)}
     */
    void emit(Object payload);
}
