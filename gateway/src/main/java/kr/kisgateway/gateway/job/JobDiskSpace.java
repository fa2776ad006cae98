package kr.kisgateway.gateway.job;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Room on the disk for the files that jobs write. Orders need the rest.
 *
 * @param hasSpace whether there is enough; any thread asks, and it costs nothing
 * @param onPaused receives the id of a job that waits for room, once each time it has to
 * @param onResumed receives it when it goes on, or has ended while it waited
 */
public record JobDiskSpace(BooleanSupplier hasSpace, Consumer<String> onPaused, Consumer<String> onResumed) {
    /** There is always enough. */
    public static JobDiskSpace unlimited() {
        return new JobDiskSpace(() -> true, _ -> {}, _ -> {});
    }
}
