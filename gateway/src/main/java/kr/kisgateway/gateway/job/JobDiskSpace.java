package kr.kisgateway.gateway.job;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Disk space for the files that jobs write. The rest is reserved for orders.
 *
 * @param hasSpace whether there is enough; cheap, callable from any thread
 * @param onPaused receives the id of a job that waits for space, once per wait
 * @param onResumed receives the id when the job resumes, or ended while it waited
 */
public record JobDiskSpace(BooleanSupplier hasSpace, Consumer<String> onPaused, Consumer<String> onResumed) {
    /** Always enough space. */
    public static JobDiskSpace unlimited() {
        return new JobDiskSpace(() -> true, _ -> {}, _ -> {});
    }
}
