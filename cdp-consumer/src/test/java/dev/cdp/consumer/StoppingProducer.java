package dev.cdp.consumer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Consumer;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A real transactional producer that stops at named places. */
final class StoppingProducer {

    /** The places, in the order of a transaction. */
    enum Place {
        BEGUN,
        SENT,
        OFFSETS_SENT,
        COMMITTED
    }

    private final Consumer<Place> stop;

    StoppingProducer(Consumer<Place> stop) {
        this.stop = stop;
    }

    @SuppressWarnings("unchecked") // a proxy of exactly this interface
    Producer<byte[], byte[]> connect(Map<String, Object> properties) {
        KafkaProducer<byte[], byte[]> real =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sendOffsetsToTransaction")) {
                        real.flush();
                        stop.accept(Place.SENT);
                    }
                    Object result;
                    try {
                        result = method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    switch (method.getName()) {
                        case "beginTransaction" -> stop.accept(Place.BEGUN);
                        case "sendOffsetsToTransaction" -> stop.accept(Place.OFFSETS_SENT);
                        case "commitTransaction" -> stop.accept(Place.COMMITTED);
                        default -> {}
                    }
                    return result;
                });
    }
}
