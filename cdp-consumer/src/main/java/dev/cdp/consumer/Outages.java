package dev.cdp.consumer;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.cdp.core.CdpException;

/** What the consumer waits for. Owner thread only. */
final class Outages {

    private final Listeners listeners;
    private final InstantSource clock;
    private final Map<String, Outage> current = new TreeMap<>();
    private final Map<String, Set<Line>> failing = new LinkedHashMap<>();

    Outages(Listeners listeners, InstantSource clock) {
        this.listeners = listeners;
        this.clock = clock;
    }

    /** Notes that the sink failed for a line. */
    void began(Line line, Throwable thrown) {
        String what = what(line);
        failing.computeIfAbsent(what, any -> new HashSet<>()).add(line);
        begin(what, cause(thrown));
    }

    /** The messages of cdp's own exceptions hold no payload and say what to repair; of others nothing is known. */
    private static String cause(Throwable thrown) {
        String type = thrown.getClass().getName();
        return thrown instanceof CdpException ? type + ": " + thrown.getMessage() : type;
    }

    /** Notes that the sink answered for a line, or that the line is gone. */
    void ended(Line line) {
        String what = what(line);
        Set<Line> lines = failing.get(what);
        if (lines != null && lines.remove(line) && lines.isEmpty()) {
            failing.remove(what);
            end(what);
        }
    }

    /** Compares with what is seen to be down now, each with the cause. */
    void seen(Map<String, String> down) {
        down.forEach(this::begin);
        for (String what : List.copyOf(current.keySet())) {
            if (!failing.containsKey(what) && !down.containsKey(what)) {
                end(what);
            }
        }
    }

    private void begin(String what, String cause) {
        if (!current.containsKey(what)) {
            Outage outage = new Outage(what, clock.instant(), cause);
            current.put(what, outage);
            listeners.tell(listener -> listener.outageBegan(outage));
        }
    }

    private void end(String what) {
        Outage outage = current.remove(what);
        if (outage != null) {
            listeners.tell(listener -> listener.outageEnded(outage));
        }
    }

    List<Outage> current() {
        return List.copyOf(current.values());
    }

    private static String what(Line line) {
        return "sink of " + line.tenure().partition().topic();
    }
}
