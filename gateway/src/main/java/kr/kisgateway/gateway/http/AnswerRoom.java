package kr.kisgateway.gateway.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory of large answers that are being written. The server library writes one answer of a connection at a time and reads
 * its next request afterwards, so what one connection holds is one answer; this bounds what all of them hold together, and
 * ends those whose reader takes too little. Small answers fit the buffers of the connection and are not counted.
 */
final class AnswerRoom implements AutoCloseable {
    /** Bytes from which on an answer is counted. */
    static final int LARGE = 32 * 1_024;
    /** Bytes a second that a reader takes at least, once the patience is used up. */
    private static final int RATE_MIN = 64 * 1_024;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");

    private final Shares shares;
    private final Duration patience;
    private final Duration lookEvery;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Long> byShare = new HashMap<>();
    private final Set<Writing> writing = new HashSet<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private long held;

    /**
     * Who may hold how much of the room.
     *
     * @param max bytes of all together; one answer that is larger is written while it is alone
     * @param ofKey bytes of one key
     * @param ofStrangers bytes of all callers without a key; the rest is left to those with one
     * @param ofAddress bytes of callers without a key at one address, see {@link ClientNetwork}
     */
    record Shares(long max, long ofKey, long ofStrangers, long ofAddress) {
        /** @param keysRequired whether callers without a key are strangers, who may read little but the contract */
        static Shares of(long max, boolean keysRequired) {
            return keysRequired
                    ? new Shares(max, max / 4, max / 8, max / 16)
                    : new Shares(max, max / 4, max / 4 * 3, max / 4 * 3);
        }
    }

    /** One answer on its way. */
    private static final class Writing {
        private final EndPoint socket;
        private final Duration limit;
        private Duration waited = Duration.ZERO;

        Writing(EndPoint socket, Duration limit) {
            this.socket = socket;
            this.limit = limit;
        }
    }

    /**
     * @param patience how long a reader may keep an answer waiting, beside a second for each 64 KiB
     */
    AnswerRoom(Shares shares, Duration patience, Duration lookEvery) {
        this.shares = shares;
        this.patience = patience;
        this.lookEvery = lookEvery;
    }

    /** Begins to look after slow readers. */
    void start() {
        Thread.ofVirtual().name("http-answers").start(() -> {
            try {
                while (!closing.await(lookEvery.toMillis(), TimeUnit.MILLISECONDS)) {
                    look();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /**
     * Writes an answer and returns when the socket took it.
     *
     * @throws RefusedException {@code QUOTA_EXCEEDED} when there is no room; nothing was written
     */
    void write(Context context, Caller caller, int status, byte[] json, int length) {
        if (length < LARGE) {
            Call.answer(context, status, json, length);
            return;
        }
        var socket = ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        var answer = new Writing(socket, patience.plusMillis(length * 1_000L / RATE_MIN));
        // The answer to a change is written whatever it costs: the change has happened.
        boolean must =
                !context.method().equals(HandlerType.GET) && !context.method().equals(HandlerType.HEAD);
        var address = caller.isLocal()
                ? HttpEdge.client(context).map(Connections.Client::network)
                : Optional.<InetAddress>empty();
        take(caller, address, length, answer, must);
        try {
            Call.answer(context, status, json, length);
        } catch (UncheckedIOException e) {
            if (!socket.isOpen()) {
                LOG.debug("answer_not_read path={}", context.path(), e);
                return;
            }
            throw e;
        } finally {
            give(caller, address, length, answer);
        }
    }

    /** Bytes of large answers that are being written. */
    long held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    private void take(Caller caller, Optional<InetAddress> address, int length, Writing answer, boolean must) {
        lock.lock();
        try {
            boolean fits = held == 0 || held + length <= shares.max();
            boolean fair = isFair(caller.name(), length, caller.isLocal() ? shares.ofStrangers() : shares.ofKey())
                    && (address.isEmpty() || isFair(address.get(), length, shares.ofAddress()));
            if (!must && (!fits || !fair)) {
                throw new RefusedException(Refusal.of(ErrorCode.QUOTA_EXCEEDED, why(caller, fair)));
            }
            held += length;
            byShare.merge(caller.name(), (long) length, Long::sum);
            address.ifPresent(from -> byShare.merge(from, (long) length, Long::sum));
            writing.add(answer);
        } finally {
            lock.unlock();
        }
    }

    /** One answer is written whatever its length. */
    private boolean isFair(Object share, int length, long most) {
        long own = byShare.getOrDefault(share, 0L);
        return own == 0 || own + length <= most;
    }

    private static String why(Caller caller, boolean fair) {
        if (fair) {
            return "Too many large answers are being read; try again.";
        }
        return caller.isLocal()
                ? "Callers without a key have too many large answers that they do not read; read them, or send a key."
                : "Your key has too many large answers that it does not read; read them, then ask again.";
    }

    private void give(Caller caller, Optional<InetAddress> address, int length, Writing answer) {
        lock.lock();
        try {
            held -= length;
            release(caller.name(), length);
            address.ifPresent(from -> release(from, length));
            writing.remove(answer);
        } finally {
            lock.unlock();
        }
    }

    private void release(Object share, int length) {
        byShare.computeIfPresent(share, (_, bytes) -> bytes > length ? bytes - length : null);
    }

    /** The time is counted by looking, so no clock that somebody sets or stops is asked. */
    private void look() {
        var late = new HashSet<EndPoint>();
        lock.lock();
        try {
            for (var answer : writing) {
                answer.waited = answer.waited.plus(lookEvery);
                if (answer.waited.compareTo(answer.limit) > 0) {
                    late.add(answer.socket);
                }
            }
        } finally {
            lock.unlock();
        }
        for (var socket : late) {
            LOG.info("answer_reader_too_slow peer={}", socket.getRemoteSocketAddress());
            socket.close();
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
