package kr.kisgateway.gateway.job;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Room on the disk for the files that jobs write. Orders need the rest.
 *
 * @param enough whether there is enough; any thread asks, and it costs nothing
 * @param paused receives the id of a job that waits for room, once each time it has to
 * @param over receives it when it goes on, or has ended while it waited
 */
public record JobRoom(BooleanSupplier enough, Consumer<String> paused, Consumer<String> over) {
    /** There is always enough. */
    public static JobRoom unlimited() {
        return new JobRoom(() -> true, _ -> {}, _ -> {});
    }
}
