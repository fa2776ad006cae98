package kr.kisgateway.client.token;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.TokenLock;
import kr.kisgateway.client.core.Timer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes the decisions of {@link TokenCore}: reads and writes the store, calls KIS, wakes the waiting callers. */
public final class TokenManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("kis.token");

    private static final Answer CLOSED =
            new Answer.Unavailable(KisFailure.Kind.CLOSED.name(), "the client was closed", Duration.ZERO);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    /** The result for a caller. */
    public sealed interface Answer {
        record Available(TokenCore.Token token) implements Answer {}

        record Unavailable(String code, String message, Duration retryAfter) implements Answer {}
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final TokenCore core;
    private final TokenFile file;
    private final Optional<TokenLock> sharedLock;
    private final TokenLock localLock;
    private final Supplier<TokenCore.Input> issue;
    private final InstantSource clock;
    private final Timer timer;
    private final Consumer<KisEvent> events;
    private final Map<Long, CompletableFuture<Answer>> waiting = new HashMap<>();
    private Optional<Thread> fetching = Optional.empty();
    private boolean closed;
    private long lastId;
    private Timer.Handle alarm = () -> {};

    /**
     * @param sharedLock the lock shared by processes on several machines, where there is one
     * @param localLock the lock of this machine
     * @param issue requests a token from KIS, blocking
     */
    public TokenManager(
            TokenCore core,
            TokenFile file,
            Optional<TokenLock> sharedLock,
            TokenLock localLock,
            Supplier<TokenCore.Input> issue,
            InstantSource clock,
            Timer timer,
            Consumer<KisEvent> events) {
        this.core = core;
        this.file = file;
        this.sharedLock = sharedLock;
        this.localLock = localLock;
        this.issue = issue;
        this.clock = clock;
        this.timer = timer;
        this.events = events;
    }

    public void start() {
        run(new TokenCore.Input.Start());
    }

    /** The current token, without waiting; requests one in the background when there is none. */
    public Optional<TokenCore.Token> current() {
        lock.lock();
        try {
            return core.current(clock.instant());
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a token. */
    public Answer awaitToken(Instant deadline) {
        var answer = new CompletableFuture<Answer>();
        long id;
        lock.lock();
        try {
            if (closed) {
                return CLOSED;
            }
            id = ++lastId;
            waiting.put(id, answer);
        } finally {
            lock.unlock();
        }
        run(new TokenCore.Input.RequestToken(id, deadline));
        try {
            return answer.get(Timer.waitSeconds(clock.instant(), deadline), TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return withdraw(id, "the caller was interrupted");
        } catch (TimeoutException _) {
            // The core answers by the deadline; after the client is closed nothing wakes this thread.
            return withdraw(id, "no answer in time");
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Answer withdraw(long id, String why) {
        run(new TokenCore.Input.Withdraw(id));
        lock.lock();
        try {
            waiting.remove(id);
        } finally {
            lock.unlock();
        }
        return new Answer.Unavailable("TOKEN_UNAVAILABLE", why, Duration.ZERO);
    }

    /** KIS rejected {@code value} as a token. */
    public void reportRejected(Secret value, String code) {
        run(new TokenCore.Input.Rejected(value, code));
    }

    private void run(TokenCore.Input input) {
        List<Runnable> afterwards = new ArrayList<>();
        lock.lock();
        try {
            for (TokenCore.Effect effect : core.on(input, clock.instant()).effects()) {
                applyEffect(effect, afterwards);
            }
        } finally {
            lock.unlock();
        }
        afterwards.forEach(Runnable::run);
    }

    private void applyEffect(TokenCore.Effect effect, List<Runnable> afterwards) {
        switch (effect) {
            case TokenCore.Effect.Serve(long id, TokenCore.Token token) ->
                answer(id, new Answer.Available(token), afterwards);
            case TokenCore.Effect.Refuse(long id, String code, String message, Duration retryAfter) ->
                answer(id, new Answer.Unavailable(code, message, retryAfter), afterwards);
            case TokenCore.Effect.Obtain obtain -> fetch(() -> run(obtain(obtain)));
            case TokenCore.Effect.PublishEvent(KisEvent event) -> afterwards.add(() -> events.accept(event));
            case TokenCore.Effect.ArmTimer(Instant at) -> {
                alarm.cancel();
                alarm = timer.at(at, () -> run(new TokenCore.Input.Tick()));
            }
        }
    }

    /** Under the lock; the work starts when the lock is free again. */
    private void fetch(Runnable work) {
        if (!closed) {
            fetching = Optional.of(Thread.ofVirtual().name("kis-token").start(work));
        }
    }

    /** Starts no further fetch, and returns when the last one is over: nothing is written after that. */
    @Override
    public void close() {
        Optional<Thread> last;
        List<CompletableFuture<Answer>> left;
        lock.lock();
        try {
            closed = true;
            last = fetching;
            left = List.copyOf(waiting.values());
            waiting.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(it -> it.complete(CLOSED));
        last.ifPresent(thread -> {
            try {
                if (!thread.join(CLOSE_TIMEOUT)) {
                    LOG.warn("token_fetch_still_running");
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void answer(long id, Answer answer, List<Runnable> afterwards) {
        CompletableFuture<Answer> waiter = waiting.remove(id);
        if (waiter != null) {
            afterwards.add(() -> waiter.complete(answer));
        }
    }

    /** Under the lock shared by several machines; where that is unreachable, under this machine's. */
    private TokenCore.Input obtain(TokenCore.Effect.Obtain request) {
        try {
            if (sharedLock.isPresent()) {
                return obtain(request, sharedLock.get());
            }
        } catch (IOException unreachable) {
            // KIS repeats a token for six hours, so two machines that request at once get the same one: at worst the
            // owner gets one more message and waits a minute. Without a token nothing could be traded at all.
            LOG.warn("token_lock_unreachable instead=file cause={}", unreachable.getMessage());
        }
        try {
            return obtain(request, localLock);
        } catch (IOException trouble) {
            return new TokenCore.Input.Failed(
                    TokenCore.Failure.NOT_SENT,
                    "TOKEN_STORE",
                    "the token's folder cannot be written: "
                            + trouble.getClass().getSimpleName());
        }
    }

    private TokenCore.Input obtain(TokenCore.Effect.Obtain request, TokenLock lock) throws IOException {
        try {
            return lock.runLocked(() -> fetch(request))
                    .orElseGet(() -> stored(request.excluded())
                            .orElse(new TokenCore.Input.Failed(
                                    TokenCore.Failure.NOT_SENT,
                                    "TOKEN_LOCKED",
                                    "another process holds the token lock")));
        } catch (RuntimeException bug) {
            // Without an input the core would wait for this fetch forever.
            LOG.error("token_fetch_failed cause={}", bug.getClass().getName());
            return new TokenCore.Input.Failed(TokenCore.Failure.LOST, "TOKEN_FETCH", "internal error");
        }
    }

    private TokenCore.Input fetch(TokenCore.Effect.Obtain request) {
        Optional<TokenCore.Input> found = stored(request.excluded());
        if (found.isPresent()) {
            return found.get();
        }
        Optional<TokenCore.Token> before = file.read();
        if (request.excludedIsRejected() && request.excluded().equals(before.map(TokenCore.Token::value))) {
            file.delete(); // The next start would only be rejected with it again.
        }
        if (!request.mayIssue()) {
            return new TokenCore.Input.Failed(TokenCore.Failure.NOT_STORED, "", "");
        }
        TokenCore.Input answer = issue.get();
        if (!(answer instanceof TokenCore.Input.Obtained(TokenCore.Token issued, boolean _))) {
            return answer;
        }
        TokenCore.Token token = before.filter(it -> it.value().equals(issued.value()))
                // KIS issued the same one again: its age is unchanged.
                .map(it -> new TokenCore.Token(issued.value(), it.issuedAt(), issued.expiresAt()))
                .orElse(issued);
        file.write(token);
        return new TokenCore.Input.Obtained(token, false);
    }

    private Optional<TokenCore.Input> stored(Optional<Secret> excluded) {
        return file.read()
                .filter(token -> !excluded.equals(Optional.of(token.value())))
                .filter(token -> clock.instant().isBefore(token.expiresAt()))
                .map(token -> {
                    file.share(token);
                    return new TokenCore.Input.Obtained(token, true);
                });
    }
}
