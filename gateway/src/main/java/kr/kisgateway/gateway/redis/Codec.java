package kr.kisgateway.gateway.redis;

/**
 * Writes a value as fields and reads it back unchanged.
 *
 * @param <V> value type
 */
interface Codec<V> {
    void write(FieldWriter fields, V value);

    /**
     * The value of the next fields.
     *
     * @throws RuntimeException when a field is invalid; {@link RedisSharedCache} treats it as a miss
     */
    V read(FieldReader fields);

    /**
     * A codec for one place and time; a value written for another place is rejected.
     *
     * @param place key, time and edition that the value belongs to
     */
    default Codec<V> boundTo(String place) {
        return this;
    }
}
