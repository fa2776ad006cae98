package kr.kisgateway.gateway.meter;

import java.util.function.Consumer;

/** The meters of one part. */
public final class BoundMeters {
    private BoundMeters() {}

    /** @param bindTo registers the meters of the part */
    public static Meters of(Consumer<Meters> bindTo) {
        var meters = Meters.inMemory();
        bindTo.accept(meters);
        return meters;
    }
}
