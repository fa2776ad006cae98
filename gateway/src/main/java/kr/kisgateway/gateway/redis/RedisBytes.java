package kr.kisgateway.gateway.redis;

import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import kr.kisgateway.gateway.cache.SharedBytes;

/** Bytes in Redis under one name, shared by processes on several machines; empty while Redis is unavailable. */
public final class RedisBytes implements SharedBytes {
    /** A token and its fields take two thousand bytes. */
    static final int TEXT_BYTES_MAX = 64 << 10;

    private final RedisLink redis;
    private final String name;

    public RedisBytes(RedisLink redis, String name) {
        this.redis = redis;
        this.name = name;
    }

    @Override
    public Optional<byte[]> read() {
        return redis.text(name, TEXT_BYTES_MAX).flatMap(RedisBytes::bytes);
    }

    private static Optional<byte[]> bytes(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // written by another program
        }
    }

    @Override
    public void write(byte[] bytes, Duration life) {
        redis.execute(commands ->
                commands.set(name, Base64.getEncoder().encodeToString(bytes), SetArgs.Builder.px(life.toMillis())));
    }

    @Override
    public void delete() {
        redis.execute(commands -> commands.del(name));
    }
}
