package kr.kisgateway.gateway.redis;

/**
 * How a value is written as fields and read again, exactly as it was.
 *
 * @param <V> what is written
 */
interface Codec<V> {
    void write(FieldWriter fields, V value);

    /**
     * The value of the next fields.
     *
     * @throws RuntimeException when a field holds what it cannot hold; {@link RedisSharedCache} treats it as a miss
     */
    V read(FieldReader fields);

    /**
     * The same for the value of one place and time, where what is written for one must not be read as that of another.
     *
     * @param place the key, the moment and the edition that the value belongs to
     */
    default Codec<V> boundTo(String place) {
        return this;
    }
}
