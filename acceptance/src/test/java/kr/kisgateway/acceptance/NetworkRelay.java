package kr.kisgateway.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** A network between a program and a server: it can stop to carry anything, with all connections left open, and be slow. */
final class NetworkRelay implements AutoCloseable {
    private final int server;
    private final ServerSocket listener;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean carries = true;
    private volatile Duration least = Duration.ZERO;
    private volatile Duration most = Duration.ZERO;
    private final AtomicLong pieces = new AtomicLong();
    private final AtomicLong newestCarried = new AtomicLong();
    private final AtomicLong overtaken = new AtomicLong();

    private NetworkRelay(int server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    static NetworkRelay to(int server) {
        try {
            var relay = new NetworkRelay(server);
            Thread.ofVirtual().start(relay::accept);
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** From now on nothing arrives on either side, and neither side is informed. */
    void cut() {
        carry(false);
    }

    /** What was sent meanwhile arrives, and all that follows. */
    void mend() {
        carry(true);
    }

    private void carry(boolean does) {
        lock.lock();
        try {
            carries = does;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How long each piece takes from now on. */
    void delay(Duration time) {
        delay(time, time);
    }

    /** Each piece takes a time of its own from now on: those of one connection keep their order, of two one overtakes the other. */
    void delay(Duration shortest, Duration longest) {
        least = shortest;
        most = longest;
    }

    /** How many pieces arrived after one that was sent later. */
    long overtaken() {
        return overtaken.get();
    }

    private void accept() {
        try {
            while (true) {
                var near = listener.accept();
                open.add(near);
                Thread.ofVirtual().start(() -> connect(near));
            }
        } catch (IOException closed) {
            // the test's end
        }
    }

    private void connect(Socket near) {
        try {
            awaitCarrying();
            var far = new Socket(InetAddress.getLoopbackAddress(), server);
            open.add(far);
            Thread.ofVirtual().start(() -> carry(near, far));
            carry(far, near);
        } catch (IOException | InterruptedException closed) {
            close(near);
        }
    }

    private void awaitCarrying() throws InterruptedException {
        lock.lock();
        try {
            while (!carries) changed.await();
        } finally {
            lock.unlock();
        }
    }

    private void carry(Socket from, Socket to) {
        var buffer = new byte[1 << 16];
        try {
            for (int read; (read = from.getInputStream().read(buffer)) >= 0; ) {
                long piece = pieces.incrementAndGet();
                long longest = Math.max(least.toNanos(), most.toNanos());
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(least.toNanos(), longest + 1));
                awaitCarrying();
                if (newestCarried.getAndAccumulate(piece, Math::max) > piece) overtaken.incrementAndGet();
                to.getOutputStream().write(buffer, 0, read);
            }
            awaitCarrying();
        } catch (IOException | InterruptedException closed) {
            // One end closed, so the other one is closed as well.
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        mend();
        open.forEach(NetworkRelay::close);
    }
}
