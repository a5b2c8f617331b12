package dev.cdp.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.cdp.core.event.EventHeaders;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The outputs of one call of a handler. The worker's that calls it. */
final class OutputBuffer implements Outputs {

    private final @Nullable OutputEncoder encoder;
    private final EventHeaders of;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(0);

    /** A buffer; without an encoder it takes nothing. */
    OutputBuffer(@Nullable OutputEncoder encoder, EventHeaders of) {
        this.encoder = encoder;
        this.of = of;
    }

    @Override
    public void emit(Object payload) {
        if (encoder == null) {
            throw new IllegalStateException("outputs need transactionalId(…)");
        }
        records.add(encoder.encode(Objects.requireNonNull(payload, "payload"), of));
    }

    List<ProducerRecord<byte[], byte[]>> records() {
        return records.isEmpty() ? List.of() : List.copyOf(records);
    }
}
