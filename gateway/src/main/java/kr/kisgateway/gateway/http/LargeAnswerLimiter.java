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
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.task.TaskRunner;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the work of large answers that are being made ({@link AnswerTurns}), and the memory of those that are being
 * written. The server library writes one answer of a connection at a
 * time and reads its next request afterwards, so one connection has at most one answer in memory; this bounds the sum
 * over all connections, and closes those whose reader is too slow. Small answers fit the connection's buffers and are
 * not counted.
 */
final class LargeAnswerLimiter implements AutoCloseable {
    /** Bytes from which an answer is counted. */
    static final int LARGE = 32 * 1_024;
    /** Minimum bytes per second of a reader once the write timeout has passed. */
    private static final int RATE_MIN = 64 * 1_024;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");

    private final Shares shares;
    private final Duration writeTimeout;
    private final Duration checkInterval;
    private final AnswerTurns turns;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Usage> usageByShare = new HashMap<>();
    private final Set<PendingAnswer> pendingAnswers = new HashSet<>();
    private volatile Optional<TaskRunner.Task> task = Optional.empty();
    private long bytesInUse;

    /**
     * Shares of the memory.
     *
     * @param maxBytes bytes of all answers together; one larger answer is written while it is the only one
     * @param perKey bytes of one key
     * @param perAnonymousCallers bytes of all callers without a key; the rest is reserved for callers with one
     * @param perAddress bytes of callers without a key at one address, see {@link ClientNetwork}
     */
    record Shares(long maxBytes, long perKey, long perAnonymousCallers, long perAddress) {
        /**
         * @param keysRequired whether callers without a key are strangers, with access to little beyond the contract
         */
        static Shares of(long max, boolean keysRequired) {
            return keysRequired
                    ? new Shares(max, max / 4, max / 8, max / 16)
                    : new Shares(max, max / 4, max / 4 * 3, max / 4 * 3);
        }
    }

    /** Answers of one share that are being written. */
    private static final class Usage {
        private long bytes;
        private int lastLength;
    }

    /** One answer that is being written. */
    private static final class PendingAnswer {
        private final EndPoint socket;
        private final Duration limit;
        private Duration waited = Duration.ZERO;

        PendingAnswer(EndPoint socket, Duration limit) {
            this.socket = socket;
            this.limit = limit;
        }
    }

    /** @param writeTimeout how long a reader may delay an answer, plus a second for each 64 KiB */
    LargeAnswerLimiter(Shares shares, Duration writeTimeout, Duration checkInterval) {
        this.shares = shares;
        this.writeTimeout = writeTimeout;
        this.checkInterval = checkInterval;
        this.turns = new AnswerTurns(Math.max(2, Runtime.getRuntime().availableProcessors() / 2), writeTimeout);
    }

    /** Starts the check for slow readers. */
    void start(TaskRunner tasks) {
        task = Optional.of(tasks.every("http-answers", checkInterval, this::closeSlowReaders));
    }

    /**
     * Makes an answer that may be large, in the turn of its caller.
     *
     * @throws RefusedException as {@link AnswerTurns#make}; also {@code QUOTA_EXCEEDED} while the caller does not read so
     *     many answers that another one of the last one's length would be refused. Nothing was made
     */
    <T> T make(Context context, Caller caller, Supplier<T> work) {
        var share = addressWithoutKey(context, caller).<Object>map(it -> it).orElse(caller.name());
        return turns.make(share, () -> {
            requireReader(caller, share);
            return work.get();
        });
    }

    private void requireReader(Caller caller, Object share) {
        lock.lock();
        try {
            var used = usageByShare.get(share);
            long maxBytes = caller.isLocal() ? shares.perAddress() : shares.perKey();
            if (used != null && !isWithinShare(share, used.lastLength, maxBytes)) {
                throw new RefusedException(Refusal.of(ErrorCode.QUOTA_EXCEEDED, refusalMessage(caller, false)));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes an answer and returns when the socket accepted it.
     *
     * @throws RefusedException {@code QUOTA_EXCEEDED} when the memory is used up; nothing was written
     */
    void write(Context context, Caller caller, int status, byte[] json, int length) {
        write(context, caller, status, Call.JSON, json, length);
    }

    /** As above, with another type. */
    void write(Context context, Caller caller, int status, String contentType, byte[] json, int length) {
        if (length < LARGE) {
            Call.answer(context, status, contentType, json, length);
            return;
        }
        var socket = ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        var answer = new PendingAnswer(socket, writeTimeout.plusMillis(length * 1_000L / RATE_MIN));
        // The answer to a change is always written: the change has happened.
        boolean mustWrite =
                !context.method().equals(HandlerType.GET) && !context.method().equals(HandlerType.HEAD);
        var address = addressWithoutKey(context, caller);
        reserve(caller, address, length, answer, mustWrite);
        try {
            Call.answer(context, status, contentType, json, length);
        } catch (UncheckedIOException e) {
            if (!socket.isOpen()) {
                LOG.debug("answer_not_read path={}", Call.loggedPath(context), e);
                return;
            }
            throw e;
        } finally {
            releaseAnswer(caller, address, length, answer);
        }
    }

    /** Answers that are being made, or wait for their turn. */
    int pagesRequested() {
        return turns.requests();
    }

    /** The network of a caller without a key. */
    private static Optional<InetAddress> addressWithoutKey(Context context, Caller caller) {
        return caller.isLocal() ? HttpEdge.client(context).map(Connections.Client::network) : Optional.empty();
    }

    /** Bytes of large answers that are being written. */
    long bytesInUse() {
        lock.lock();
        try {
            return bytesInUse;
        } finally {
            lock.unlock();
        }
    }

    private void reserve(
            Caller caller, Optional<InetAddress> address, int length, PendingAnswer answer, boolean mustWrite) {
        lock.lock();
        try {
            boolean fits = bytesInUse == 0 || bytesInUse + length <= shares.maxBytes();
            boolean withinShare = isWithinShare(
                            caller.name(), length, caller.isLocal() ? shares.perAnonymousCallers() : shares.perKey())
                    && (address.isEmpty() || isWithinShare(address.get(), length, shares.perAddress()));
            if (!mustWrite && (!fits || !withinShare)) {
                throw new RefusedException(Refusal.of(ErrorCode.QUOTA_EXCEEDED, refusalMessage(caller, withinShare)));
            }
            bytesInUse += length;
            use(caller.name(), length);
            address.ifPresent(from -> use(from, length));
            pendingAnswers.add(answer);
        } finally {
            lock.unlock();
        }
    }

    /** A single answer is written whatever its length. */
    private boolean isWithinShare(Object share, int length, long maxBytes) {
        var used = usageByShare.get(share);
        return used == null || used.bytes + length <= maxBytes;
    }

    private void use(Object share, int length) {
        var used = usageByShare.computeIfAbsent(share, _ -> new Usage());
        used.bytes += length;
        used.lastLength = length;
    }

    private static String refusalMessage(Caller caller, boolean withinShare) {
        if (withinShare) {
            return "Too many large answers are being read; try again.";
        }
        return caller.isLocal()
                ? "Callers without a key have too many large answers that they do not read; read them, or send a key."
                : "Your key has too many large answers that it does not read; read them, then retry.";
    }

    private void releaseAnswer(Caller caller, Optional<InetAddress> address, int length, PendingAnswer answer) {
        lock.lock();
        try {
            bytesInUse -= length;
            releaseShare(caller.name(), length);
            address.ifPresent(from -> releaseShare(from, length));
            pendingAnswers.remove(answer);
        } finally {
            lock.unlock();
        }
    }

    private void releaseShare(Object share, int length) {
        usageByShare.computeIfPresent(share, (_, used) -> {
            used.bytes -= length;
            return used.bytes > 0 ? used : null;
        });
    }

    /** The time is counted in checks, so no clock that can be set or stopped is involved. */
    private void closeSlowReaders() {
        var slowReaders = new HashSet<EndPoint>();
        lock.lock();
        try {
            for (var answer : pendingAnswers) {
                answer.waited = answer.waited.plus(checkInterval);
                if (answer.waited.compareTo(answer.limit) > 0) {
                    slowReaders.add(answer.socket);
                }
            }
        } finally {
            lock.unlock();
        }
        for (var socket : slowReaders) {
            LOG.info("answer_reader_too_slow peer={}", socket.getRemoteSocketAddress());
            socket.close();
        }
    }

    @Override
    public void close() {
        task.ifPresent(TaskRunner.Task::close);
    }
}
