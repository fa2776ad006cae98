package kr.kisgateway.wire;

import java.util.Optional;
import java.util.function.Supplier;

/** A value computed at its first use and cached; computing may take a while, concurrent callers wait. */
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
