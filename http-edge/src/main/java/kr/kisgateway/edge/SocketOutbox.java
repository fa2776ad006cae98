package kr.kisgateway.edge;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.common.WebSocketSession;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * The outgoing side of one WebSocket: a bounded queue and one virtual thread that writes its frames one by one, so a sender
 * never waits for the peer. A queue that overflows drops the connection.
 */
public final class SocketOutbox {
    /** Frames that share a write. */
    private static final int BATCH_MAX = 64;

    private final Session session;
    private final BlockingQueue<Outgoing> queue;
    private final Observer observer;
    private final Thread sender;
    private final AtomicBoolean overflowed = new AtomicBoolean();

    /** Sees what leaves, on the outbox's thread. */
    public interface Observer {
        /** Sees nothing. */
        Observer NONE = new Observer() {
            @Override
            public void writing(String text) {
                // sees nothing
            }

            @Override
            public void closing(int code) {
                // sees nothing
            }
        };

        /** A text is about to be written. */
        void writing(String text);

        /** The close frame is about to be written. */
        void closing(int code);
    }

    /** A text that goes to many sockets and is encoded once. */
    public static final class Encoded {
        private final String text;
        private final byte[] utf8;

        private Encoded(String text) {
            this.text = text;
            this.utf8 = text.getBytes(StandardCharsets.UTF_8);
        }

        public static Encoded of(String text) {
            return new Encoded(text);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private sealed interface Outgoing {
        record Text(Encoded encoded) implements Outgoing {}

        record Close(int code, String reason) implements Outgoing {}
    }

    private SocketOutbox(Session session, String threadName, int capacity, Observer observer) {
        this.session = session;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.observer = observer;
        this.sender = Thread.ofVirtual().name(threadName).unstarted(this::run);
    }

    /** @param capacity the most frames queued for a slow reader */
    static SocketOutbox open(Session session, String threadName, int capacity, Observer observer) {
        var outbox = new SocketOutbox(session, threadName, capacity, observer);
        outbox.sender.start();
        return outbox;
    }

    /** Queues a text. False when this made the queue overflow: then the connection is dropped. */
    public boolean send(String text) {
        return send(Encoded.of(text));
    }

    /** The same with a text that other sockets get, too. */
    public boolean send(Encoded text) {
        return offer(new Outgoing.Text(text));
    }

    /** Closes after what is queued. False when this made the queue overflow: then the connection is dropped. */
    public boolean close(int code, String reason) {
        return offer(new Outgoing.Close(code, reason));
    }

    /** Ends the connection without a close frame. */
    public void drop() {
        session.disconnect();
    }

    /** Ends the thread once the connection has closed. */
    void end() {
        sender.interrupt();
    }

    private boolean offer(Outgoing outgoing) {
        if (queue.offer(outgoing)) {
            return true;
        }
        if (!overflowed.compareAndSet(false, true)) {
            return true; // already being dropped
        }
        // On the outbox's thread: the sender may hold locks that the connection's listener needs.
        sender.interrupt();
        return false;
    }

    private void run() {
        List<Outgoing> batch = new ArrayList<>();
        try {
            while (true) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, BATCH_MAX - 1);
                for (int i = 0; i < batch.size(); i++) {
                    switch (batch.get(i)) {
                        case Outgoing.Text(Encoded encoded) -> {
                            observer.writing(encoded.text);
                            write(encoded.utf8, i == batch.size() - 1);
                        }
                        case Outgoing.Close(int code, String reason) -> {
                            observer.closing(code);
                            Callback.Completable.with(c -> session.close(code, reason, c))
                                    .get();
                            return;
                        }
                    }
                }
            }
        } catch (InterruptedException e) {
            if (overflowed.get()) {
                drop();
            }
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            // The reader is gone; the close event that follows informs the listener.
            drop();
        }
    }

    /**
     * Each text is a frame of its own; queued ones share a write, because a write costs more than its content. A close frame
     * flushes those before it, too.
     */
    private void write(byte[] utf8, boolean last) throws InterruptedException, ExecutionException {
        CoreSession core = ((WebSocketSession) session).getCoreSession();
        Frame frame = new Frame(OpCode.TEXT).setPayload(ByteBuffer.wrap(utf8));
        if (last) {
            org.eclipse.jetty.util.Callback.Completable.with(c -> core.sendFrame(frame, c, false))
                    .get();
        } else {
            core.sendFrame(frame, org.eclipse.jetty.util.Callback.NOOP, true);
        }
    }
}
