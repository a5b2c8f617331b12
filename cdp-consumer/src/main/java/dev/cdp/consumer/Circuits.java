package dev.cdp.consumer;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** The circuits of a consumer: one around the sink or the handlers of each topic, and one around the registry. */
final class Circuits {

    private final LongSupplier nanos;
    private final Map<String, Circuit> byName = new TreeMap<>();

    Circuits(LongSupplier nanos) {
        this.nanos = nanos;
    }

    Circuit sink(String topic) {
        return circuit("sink of " + topic);
    }

    Circuit handlers(String topic) {
        return circuit("handlers of " + topic);
    }

    Circuit registry() {
        return circuit("schema registry");
    }

    private Circuit circuit(String name) {
        return byName.computeIfAbsent(name, any -> new Circuit(name, nanos));
    }

    /** Those that are not closed, each with the class of its last error. */
    Map<String, String> open() {
        Map<String, String> open = new TreeMap<>();
        for (Circuit circuit : byName.values()) {
            if (!circuit.closed()) {
                open.put(circuit.name(), circuit.cause());
            }
        }
        return open;
    }
}
