package kr.kisgateway.gateway.job;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kr.kisgateway.gateway.error.Refusal;

/**
 * Whether jobs may write their files now: with enough space on the disk, of which the rest is reserved for orders.
 *
 * @param obstacle why they may not; empty when they may. Cheap, callable from any thread
 * @param onPaused receives the id of a job that waits, and why, once per wait
 * @param onResumed receives the id when the job resumes, or ended while it waited
 */
public record JobFileAccess(
        Supplier<Optional<Refusal>> obstacle, BiConsumer<String, Refusal> onPaused, Consumer<String> onResumed) {
    /** Always. */
    public static JobFileAccess unlimited() {
        return new JobFileAccess(Optional::empty, (_, _) -> {}, _ -> {});
    }
}
