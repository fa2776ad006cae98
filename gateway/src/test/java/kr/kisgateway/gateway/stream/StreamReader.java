package kr.kisgateway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.SocketConnection;
import kr.kisgateway.gateway.http.SocketHandler.SocketListener;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the stream whose socket can be made to hang. */
class StreamReader implements SocketConnection {
    private final JsonMapper mapper = new JsonMapper();
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final List<String> unread = new ArrayList<>();
    private final Semaphore mayWrite = new Semaphore(1);
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final CountDownLatch aborted = new CountDownLatch(1);
    private final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
    final SocketListener listener;
    /** A client may be closed before it has its listener. */
    private boolean opened;

    StreamReader(StreamHub hub, Caller caller) {
        this.listener = hub.opened(this, caller);
        this.opened = true;
    }

    @Override
    public boolean send(String text, Duration limit) {
        try {
            if (!mayWrite.tryAcquire()) {
                stalled.countDown();
                if (!mayWrite.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
            mayWrite.release();
            frames.add(text);
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close(int code, String reason) {
        closes.add(code);
        if (opened) {
            listener.closed();
        }
    }

    @Override
    public void abort() {
        aborted.countDown();
    }

    void submit(String text) {
        listener.text(text);
    }

    String errorFor(String text) {
        submit(text);
        return next().get("error").get("code").stringValue();
    }

    void stall() {
        mayWrite.acquireUninterruptibly();
    }

    void resume() {
        mayWrite.release();
    }

    void awaitStalled() {
        awaits(stalled);
    }

    boolean awaitAborted() {
        awaits(aborted);
        // The client is removed after the abort; the counter shows when it is done.
        return true;
    }

    /** Frames that arrived and were not read. */
    List<String> pendingFrames() {
        return List.copyOf(frames);
    }

    int closedWith() {
        try {
            var code = closes.poll(20, TimeUnit.SECONDS);
            assertThat(code).isNotNull();
            return code == null ? 0 : code;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    JsonNode next() {
        return mapper.readTree(nextRaw());
    }

    String nextRaw() {
        if (unread.isEmpty()) {
            try {
                var frame = frames.poll(20, TimeUnit.SECONDS);
                assertThat(frame).as("a message within the limit").isNotNull();
                var tree = mapper.readTree(frame);
                if (tree.isArray()) {
                    tree.forEach(message -> unread.add(message.toString()));
                } else {
                    unread.add(frame);
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return unread.removeFirst();
    }

    private static void awaits(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
