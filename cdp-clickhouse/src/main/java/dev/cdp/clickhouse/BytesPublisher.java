package dev.cdp.clickhouse;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;

import org.jspecify.annotations.Nullable;

/**
 * A request's body out of arrays as they are, which the JDK's own publishers would copy. They must not change before the
 * request has ended.
 */
final class BytesPublisher implements BodyPublisher {

    /** The socket's channel copies what it is given to memory outside of the heap, again after each part that it took. */
    private static final int PIECE = 1 << 16;

    private final List<ByteBuffer> parts;

    BytesPublisher(List<ByteBuffer> parts) {
        this.parts = parts;
    }

    @Override
    public long contentLength() {
        return parts.stream().mapToLong(ByteBuffer::remaining).sum();
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (ByteBuffer part : parts) {
            for (int at = part.position(); at < part.limit(); at += PIECE) {
                pieces.add(part.duplicate().position(at).limit(Math.min(at + PIECE, part.limit())));
            }
        }
        subscriber.onSubscribe(new Pieces(subscriber, pieces));
    }

    /** Gives out one piece after the other, as they are asked for, by any thread. */
    private static final class Pieces implements Subscription {

        private final Subscriber<? super ByteBuffer> subscriber;
        private final List<ByteBuffer> pieces;
        private int next;
        private long wanted;
        private boolean giving;
        private boolean ended;

        Pieces(Subscriber<? super ByteBuffer> subscriber, List<ByteBuffer> pieces) {
            this.subscriber = subscriber;
            this.pieces = pieces;
        }

        @Override
        public void request(long count) {
            synchronized (this) {
                wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
                if (giving) {
                    return; // Whoever is at it sees that there is more to give.
                }
                giving = true;
            }
            for (ByteBuffer piece = take(); piece != null; piece = take()) {
                subscriber.onNext(piece);
            }
        }

        /** The next piece; without one nobody gives any more, and after the last one the subscriber is told. */
        private @Nullable ByteBuffer take() {
            synchronized (this) {
                if (!ended && next < pieces.size() && wanted > 0) {
                    wanted--;
                    return pieces.get(next++);
                }
                giving = false;
                if (ended || next < pieces.size()) {
                    return null;
                }
                ended = true;
            }
            subscriber.onComplete();
            return null;
        }

        @Override
        public synchronized void cancel() {
            ended = true;
        }
    }
}
