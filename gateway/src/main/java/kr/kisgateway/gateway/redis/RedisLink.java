package kr.kisgateway.gateway.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import kr.kisgateway.client.Secret;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to Redis. A command has a timeout; after a failed one no command is sent for a while, so a hanging Redis
 * costs a caller once and not at every quote. Replies that cannot be those of the commands ({@link ReplyGuard}), and several
 * errors in a row, end the connection; a later command opens a new one.
 */
public final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.redis");
    /** More than Redis needs on a busy machine, less than a call to KIS takes. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(100);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration BACKOFF = Duration.ofSeconds(5);
    /** The longest text requested, and what the protocol adds to it. */
    static final int REPLY_BYTES_MAX = RedisSharedCache.VALUE_BYTES_MAX + 4_096;

    /** Errors in a row after which the connection is replaced: it may be out of step, or lead to a server that takes no writes. */
    private static final int ERRORS_MAX = 3;

    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(2);

    private final RedisURI uri;
    private final Duration timeout;
    private final ClientResources resources;
    private final RedisClient client;
    private final InstantSource clock;
    private final ReentrantLock connecting = new ReentrantLock();
    private final RedisCounters counters = new RedisCounters();
    private final AtomicInteger consecutiveErrors = new AtomicInteger();
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile Instant backoffUntil = Instant.MIN;
    private volatile boolean closed;

    /**
     * @param url as {@code redis://user:password@host:6379/0}, or {@code rediss:}
     * @param timeout of one command
     */
    public RedisLink(Secret url, Duration timeout, InstantSource clock) {
        this.timeout = timeout;
        this.uri = RedisURI.create(url.reveal());
        uri.setTimeout(CONNECT_TIMEOUT);
        this.clock = clock;
        this.resources = ClientResources.builder()
                .nettyCustomizer(new NettyCustomizer() {
                    @Override
                    public void afterChannelInitialized(Channel channel) {
                        ReplyGuard.install(channel, REPLY_BYTES_MAX, RedisLink.this::dropConnection);
                    }
                })
                .build();
        this.client = RedisClient.create(resources, uri);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(true)
                // A command without a connection fails at once instead of waiting in memory.
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(
                        SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).build())
                .timeoutOptions(TimeoutOptions.enabled(CONNECT_TIMEOUT))
                .build());
    }

    /** The answer to {@code command}; empty when it is null, or Redis is unavailable. */
    <T> Optional<T> execute(Function<RedisAsyncCommands<String, String>, java.util.concurrent.Future<T>> command) {
        try {
            return Optional.ofNullable(executeOrFail(command));
        } catch (RedisUnavailableException e) {
            return Optional.empty();
        }
    }

    /** As {@link #execute}, but a null answer differs from a failure. */
    <T> @Nullable T executeOrFail(Function<RedisAsyncCommands<String, String>, java.util.concurrent.Future<T>> command)
            throws RedisUnavailableException {
        if (closed) {
            throw new RedisUnavailableException("the gateway is stopping");
        }
        if (clock.instant().isBefore(backoffUntil)) {
            throw new RedisUnavailableException("it did not answer recently");
        }
        try {
            var reply = command.apply(ensureConnected().async()).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            consecutiveErrors.set(0);
            return reply;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("interrupted");
        } catch (RedisException | ExecutionException | TimeoutException | IllegalStateException e) {
            if (isOfAnotherType(e)) {
                // Redis is available; another program uses the key for something else.
                LOG.warn("redis_key_type_mismatch");
                return null;
            }
            if (isError(e) && consecutiveErrors.incrementAndGet() >= ERRORS_MAX) {
                dropConnection("errors");
                throw new RedisUnavailableException(causeName(e));
            }
            counters.failures.increment();
            backoffUntil = clock.instant().plus(BACKOFF);
            // Neither the address nor the command: both may contain secrets.
            LOG.warn(
                    "redis_unavailable pause_sec={} cause=\"{}\"",
                    BACKOFF.toSeconds(),
                    loginRefusal(e).orElseGet(() -> causeName(e)));
            throw new RedisUnavailableException(causeName(e));
        }
    }

    /**
     * The text under {@code name}; empty when there is none, when it is longer than {@code bytesMax}, when the key is of
     * another type, or when Redis is unavailable. At most {@code bytesMax} bytes of a text and one more are transferred.
     */
    Optional<String> text(String name, int bytesMax) {
        return execute(commands -> commands.getrange(name, 0, bytesMax)).flatMap(text -> bounded(text, bytesMax));
    }

    /** Two texts in one round trip, the second read after the first; an absent one is empty. */
    Optional<Two> texts(String first, int firstMax, String second, int secondMax) {
        return execute(commands -> commands.getrange(first, 0, firstMax)
                        .thenCombine(commands.getrange(second, 0, secondMax), Two::of)
                        .toCompletableFuture())
                .filter(two -> bounded(two.first(), firstMax).isPresent()
                        && (two.second().isEmpty()
                                || bounded(two.second(), secondMax).isPresent()));
    }

    record Two(String first, String second) {
        /** A server that is no Redis may answer that there is no text, where Redis answers with an empty one. */
        static Two of(@Nullable String first, @Nullable String second) {
            return new Two(Objects.requireNonNullElse(first, ""), Objects.requireNonNullElse(second, ""));
        }
    }

    private static Optional<String> bounded(String text, int bytesMax) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
            LOG.warn("redis_value_too_long bytes_max={}", bytesMax);
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private static boolean isOfAnotherType(Exception e) {
        return e instanceof ExecutionException
                && e.getCause() instanceof RedisCommandExecutionException refused
                && String.valueOf(refused.getMessage()).startsWith("WRONGTYPE");
    }

    /** Whether the reply is an error, or of a type that no reply to the command has, which no exception of Redis' own reports. */
    private static boolean isError(Exception e) {
        return e instanceof ExecutionException
                && (e.getCause() instanceof RedisCommandExecutionException
                        || !(e.getCause() instanceof RedisException));
    }

    /** Drops a connection whose replies may not belong to the commands. */
    private void dropConnection(String cause) {
        counters.failures.increment();
        consecutiveErrors.set(0);
        backoffUntil = clock.instant().plus(BACKOFF);
        var dropped = connection;
        connection = null;
        if (dropped != null) {
            // Not here: the channel's own thread must not wait for its end.
            Thread.ofVirtual().name("redis-drop").start(dropped::close);
        }
        LOG.warn("redis_out_of_step pause_sec={} cause={}", BACKOFF.toSeconds(), cause);
    }

    private static String causeName(Exception e) {
        var cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return cause.getClass().getSimpleName();
    }

    /** What is wrong with the login, in words of its own: those of the server may repeat it. */
    private static Optional<String> loginRefusal(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException refused) {
                String reply = String.valueOf(refused.getMessage());
                if (reply.startsWith("WRONGPASS") || reply.startsWith("ERR invalid password")) {
                    return Optional.of("Redis refuses the password of REDIS_URL");
                }
                if (reply.startsWith("NOAUTH")) {
                    return Optional.of("Redis requires a password and REDIS_URL has none");
                }
            }
        }
        return Optional.empty();
    }

    /** What is counted of this connection and the caches that use it. */
    public RedisCounters counters() {
        return counters;
    }

    /** Call under the lock. */
    private StatefulRedisConnection<String, String> connect() {
        try {
            return client.connect();
        } catch (RedisException e) {
            backoffUntil = clock.instant().plus(BACKOFF);
            throw e;
        }
    }

    private StatefulRedisConnection<String, String> ensureConnected() throws RedisUnavailableException {
        var current = connection;
        if (current != null) {
            return current;
        }
        connecting.lock();
        try {
            var created = connection;
            if (created == null) {
                if (clock.instant().isBefore(backoffUntil)) {
                    // Another caller has just failed: those who waited for it must not each wait for a connection.
                    throw new RedisUnavailableException("it did not answer recently");
                }
                created = connect();
                connection = created;
                LOG.info("redis_connected tls={} database={}", uri.isSsl(), uri.getDatabase());
            }
            return created;
        } finally {
            connecting.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        var current = connection;
        if (current != null) {
            current.close();
        }
        client.shutdown(Duration.ZERO, SHUTDOWN_TIMEOUT);
        resources
                .shutdown(0, SHUTDOWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
    }

    /** Redis did not answer. */
    static final class RedisUnavailableException extends Exception {
        private static final long serialVersionUID = 1L;

        RedisUnavailableException(String message) {
            super(message, null, false, false);
        }
    }
}
