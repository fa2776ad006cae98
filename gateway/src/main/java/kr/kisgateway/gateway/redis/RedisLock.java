package kr.kisgateway.gateway.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kr.kisgateway.gateway.redis.RedisLink.RedisUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock that processes on several machines share. It ends by itself after {@link #LEASE}, so a holder that dies stops
 * nobody; only who holds it lets go of it.
 */
public final class RedisLock {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.redis");
    /** How long it is held at most, and how long it is waited for. */
    static final Duration LEASE = Duration.ofSeconds(10);

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(50);
    private static final String RELEASE_SCRIPT =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    private final RedisLink redis;
    private final String name;
    private final Supplier<String> nonce;
    private final InstantSource clock;

    /** @param nonce texts of which no two are alike */
    public RedisLock(RedisLink redis, String name, Supplier<String> nonce, InstantSource clock) {
        this.redis = redis;
        this.name = name;
        this.nonce = nonce;
        this.clock = clock;
    }

    /**
     * Runs {@code work} while nobody else runs theirs.
     *
     * @return what it returned; empty when somebody else held the lock all the while
     * @throws IOException when Redis cannot be reached
     */
    public <T> Optional<T> runLocked(Supplier<T> work) throws IOException {
        String ownerToken = nonce.get();
        try {
            if (!acquire(ownerToken)) {
                return Optional.empty();
            }
        } catch (RedisUnavailableException e) {
            throw new IOException("Redis is away: " + e.getMessage());
        }
        try {
            return Optional.of(work.get());
        } finally {
            long released = redis.execute(commands -> commands.<Long>eval(
                            RELEASE_SCRIPT, ScriptOutputType.INTEGER, new String[] {name}, ownerToken))
                    .orElse(0L);
            if (released == 0) {
                LOG.warn("redis_lock_lapsed name={}", name);
            }
        }
    }

    private boolean acquire(String ownerToken) throws RedisUnavailableException {
        Instant until = clock.instant().plus(LEASE);
        while (true) {
            var reply = redis.executeOrFail(commands ->
                    commands.set(name, ownerToken, SetArgs.Builder.nx().px(LEASE.toMillis())));
            if ("OK".equals(reply)) {
                return true;
            }
            if (!clock.instant().isBefore(until)) {
                return false;
            }
            try {
                // Redis tells nobody when a key is gone, unless every server is set up to.
                boolean interruptedEarly =
                        new CountDownLatch(1).await(RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                assert !interruptedEarly;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
