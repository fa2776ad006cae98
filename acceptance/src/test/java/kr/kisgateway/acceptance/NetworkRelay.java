package kr.kisgateway.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Set<Socket> lost = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean carries = true;
    private volatile Delay delay = new Delay(Duration.ZERO, Duration.ZERO);
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong newestAnswer = new AtomicLong();
    private final AtomicLong overtaken = new AtomicLong();

    private record Delay(Duration least, Duration most) {
        void pass() {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(least.toNanos(), most.toNanos() + 1));
        }
    }

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

    /** Nothing arrives on the connections that are open now, as after a router between them was replaced; new ones work. */
    void loseOpen() {
        lost.addAll(open);
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
        delay = new Delay(shortest, longest);
    }

    /** How many pieces of the server arrived after one that it had sent later over another connection. */
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
            Thread.ofVirtual().start(() -> carry(near, far, false));
            carry(far, near, true);
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

    private void carry(Socket from, Socket to, boolean fromServer) {
        var buffer = new byte[1 << 16];
        try {
            for (int read; (read = from.getInputStream().read(buffer)) >= 0; ) {
                long answer = fromServer ? answers.incrementAndGet() : 0;
                delay.pass();
                awaitCarrying();
                if (lost.contains(from)) continue;
                if (newestAnswer.getAndAccumulate(answer, Math::max) > answer && fromServer)
                    overtaken.incrementAndGet();
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
