package kr.kisgateway.wire;

import java.util.Optional;
import java.util.function.Supplier;

/** A value made at its first use and kept; making it may take a while, so latecomers wait. */
final class Once<T> {
    private final Supplier<T> make;
    private volatile Optional<T> made = Optional.empty();

    Once(Supplier<T> make) {
        this.make = make;
    }

    T get() {
        return made.orElseGet(this::makeOnce);
    }

    private synchronized T makeOnce() {
        T value = made.orElseGet(make);
        made = Optional.of(value);
        return value;
    }
}
