package kr.kisgateway.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskGuardTest {
    private long free = 1_000;
    private boolean readable = true;
    private final DiskGuard guard = new DiskGuard(this::free, 800);

    private long free() {
        if (!readable) {
            throw new UncheckedIOException(new IOException("the folder is gone"));
        }
        return free;
    }

    private boolean lowAt(long bytes) {
        free = bytes;
        guard.check();
        return guard.refusal().isPresent();
    }

    @Test
    void below_the_limit_orders_are_refused_with_the_next_step() {
        assertThat(lowAt(800)).isFalse();
        assertThat(lowAt(799)).isTrue();
        var refusal = guard.refusal().orElseThrow();
        assertThat(refusal.code()).isEqualTo(ErrorCode.DISK_LOW);
        assertThat(refusal.code().status()).isEqualTo(503);
        assertThat(refusal.code().retryable()).isTrue();
        assertThat(refusal.message()).contains("nothing was recorded", "free disk space", "cancels still pass");
        assertThat(refusal.details()).isEqualTo(Map.of("free_bytes", 799L, "limit_bytes", 800L));
    }

    @Test
    void the_block_lifts_when_there_is_clearly_more_room() {
        assertThat(lowAt(799)).isTrue();
        assertThat(lowAt(899)).isTrue();
        assertThat(lowAt(900)).isFalse();
        assertThat(lowAt(899)).isFalse();
    }

    @Test
    void an_unreadable_disk_leaves_the_state_unchanged() {
        assertThat(lowAt(799)).isTrue();
        readable = false;
        assertThat(lowAt(5_000)).isTrue();
        readable = true;
        assertThat(lowAt(5_000)).isFalse();
    }

    @Test
    void a_limit_of_zero_disables_the_guard() {
        assertThat(new DiskGuard(() -> 0, 0).refusal()).isEmpty();
    }

    @Test
    void a_real_disk_reports_its_free_space(@TempDir Path folder) {
        var tasks = new ManualTaskRunner();
        try (var watching = DiskGuard.start(folder, Long.MAX_VALUE / 2, tasks)) {
            assertThat(watching.freeBytes()).isPositive();
            assertThat(watching.refusal()).isPresent();
            assertThat(tasks.running()).containsExactly("disk-guard");
        }
        assertThat(tasks.running()).isEmpty();
    }

    @Test
    void the_reserve_is_released_on_a_full_disk_and_restored_with_enough_room(@TempDir Path folder) {
        long limit = 4 << 20;
        free = 100 << 20;
        var reserved = new DiskGuard(this::free, limit, DiskReserve.in(folder, limit));
        var file = folder.resolve("disk.reserve");
        assertThat(file).hasSize(1 << 20);
        assertThat(reserved.reserveBytes()).isEqualTo(1 << 20);

        free = limit - 1; // low, but not full: the reserve is for later
        reserved.check();
        assertThat(reserved.refusal()).isPresent();
        assertThat(file).exists();

        free = 4_096;
        reserved.check();
        assertThat(file).doesNotExist();
        assertThat(reserved.reserveBytes()).isZero();

        free = limit + limit / 8; // orders again, but not enough space for a reserve as well
        reserved.check();
        assertThat(reserved.refusal()).isEmpty();
        assertThat(file).doesNotExist();

        free = 100 << 20;
        reserved.check();
        assertThat(file).hasSize(1 << 20);
    }

    @Test
    void a_reserve_of_an_earlier_run_is_reused_and_a_limit_of_zero_has_none(@TempDir Path folder) {
        free = 100 << 20;
        assertThat(new DiskGuard(this::free, 4 << 20, DiskReserve.in(folder, 4 << 20)).reserveBytes())
                .isEqualTo(1 << 20);
        free = 0;
        assertThat(new DiskGuard(this::free, 4 << 20, DiskReserve.in(folder, 4 << 20)).reserveBytes())
                .isZero();
        assertThat(folder.resolve("disk.reserve")).doesNotExist();
        assertThat(DiskReserve.in(folder, 0)).isEmpty();
    }

    @Test
    void bars_and_ticks_are_written_only_above_twice_the_order_limit() {
        free = 1_599;
        guard.check();
        assertThat(guard.historyMinimumBytes()).isEqualTo(1_600);
        assertThat(guard.refusal()).isEmpty();
    }
}
