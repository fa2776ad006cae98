package kr.kisgateway.wire;

import java.util.Optional;
import java.util.function.Supplier;

/** A value made at its first use and kept; making it may take a while, so latecomers wait. */
final class Lazy<T> {
    private final Supplier<T> factory;
    private volatile Optional<T> cached = Optional.empty();

    Lazy(Supplier<T> factory) {
        this.factory = factory;
    }

    T get() {
        return cached.orElseGet(this::createOnce);
    }

    private synchronized T createOnce() {
        T value = cached.orElseGet(factory);
        cached = Optional.of(value);
        return value;
    }
}
