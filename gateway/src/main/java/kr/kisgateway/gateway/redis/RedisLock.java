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
import kr.kisgateway.gateway.cache.SharedLock;
import kr.kisgateway.gateway.redis.RedisLink.RedisUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock shared by processes on several machines. It expires after {@link #LEASE}, so a holder that dies blocks no other
 * process; only its holder releases it.
 */
public final class RedisLock implements SharedLock {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.redis");
    /** Maximum time of holding it, and of waiting for it. */
    static final Duration LEASE = Duration.ofSeconds(10);

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(50);
    private static final String RELEASE_SCRIPT =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    private final RedisLink redis;
    private final String name;
    private final Supplier<String> nonce;
    private final InstantSource clock;

    /** @param nonce unique texts */
    public RedisLock(RedisLink redis, String name, Supplier<String> nonce, InstantSource clock) {
        this.redis = redis;
        this.name = name;
        this.nonce = nonce;
        this.clock = clock;
    }

    /** @throws IOException also when Redis refuses a lock that no process holds */
    @Override
    public <T> Optional<T> runLocked(Supplier<T> work) throws IOException {
        String ownerToken = nonce.get();
        try {
            if (!acquire(ownerToken)) {
                return Optional.empty();
            }
        } catch (RedisUnavailableException e) {
            throw new IOException("Redis is unavailable: " + e.getMessage());
        }
        try {
            return Optional.of(work.get());
        } finally {
            long released = redis.execute(commands -> commands.<Long>eval(
                            RELEASE_SCRIPT, ScriptOutputType.INTEGER, new String[] {name}, ownerToken))
                    .orElse(0L);
            if (released == 0) {
                LOG.warn("redis_lock_expired name={}", name);
            }
        }
    }

    private boolean acquire(String ownerToken) throws RedisUnavailableException {
        Instant until = clock.instant().plus(LEASE);
        while (true) {
            if (isSet(ownerToken)) {
                return true;
            }
            if (!clock.instant().isBefore(until)) {
                return isFreeAtLast(ownerToken);
            }
            try {
                // Redis sends no notice of a deleted key, unless every server is configured for it.
                boolean interruptedEarly =
                        new CountDownLatch(1).await(RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                assert !interruptedEarly;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    private boolean isSet(String ownerToken) throws RedisUnavailableException {
        return "OK"
                .equals(redis.executeOrFail(commands ->
                        commands.set(name, ownerToken, SetArgs.Builder.nx().px(LEASE.toMillis()))));
    }

    /**
     * The last attempt, after a wait as long as the lock lives.
     *
     * @throws RedisUnavailableException when the lock is refused although no process holds it: such a server locks nothing
     */
    private boolean isFreeAtLast(String ownerToken) throws RedisUnavailableException {
        if (redis.executeOrFail(commands -> commands.get(name)) != null) {
            return false;
        }
        if (isSet(ownerToken)) {
            return true;
        }
        throw new RedisUnavailableException("it refuses a lock that no process holds");
    }
}
