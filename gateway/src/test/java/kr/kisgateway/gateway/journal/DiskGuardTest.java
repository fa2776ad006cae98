package kr.kisgateway.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import kr.kisgateway.gateway.error.ErrorCode;
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
        guard.look();
        return guard.refusal().isPresent();
    }

    @Test
    void below_the_limit_no_order_is_taken_and_the_refusal_says_what_to_do() {
        assertThat(lowAt(800)).isFalse();
        assertThat(lowAt(799)).isTrue();
        var refusal = guard.refusal().orElseThrow();
        assertThat(refusal.code()).isEqualTo(ErrorCode.DISK_LOW);
        assertThat(refusal.code().status()).isEqualTo(503);
        assertThat(refusal.code().retryable()).isTrue();
        assertThat(refusal.message()).contains("nothing was recorded", "free some room", "cancels still pass");
        assertThat(refusal.details()).isEqualTo(Map.of("free_bytes", 799L, "limit_bytes", 800L));
    }

    @Test
    void it_lifts_itself_when_there_is_clearly_more_room() {
        assertThat(lowAt(799)).isTrue();
        assertThat(lowAt(899)).isTrue();
        assertThat(lowAt(900)).isFalse();
        assertThat(lowAt(899)).isFalse();
    }

    @Test
    void what_cannot_be_seen_stays_as_it_was() {
        assertThat(lowAt(799)).isTrue();
        readable = false;
        assertThat(lowAt(5_000)).isTrue();
        readable = true;
        assertThat(lowAt(5_000)).isFalse();
    }

    @Test
    void a_limit_of_zero_never_minds() {
        assertThat(new DiskGuard(() -> 0, 0).refusal()).isEmpty();
    }

    @Test
    void a_real_disk_has_a_figure(@TempDir Path folder) {
        try (var watching = DiskGuard.watching(folder, Long.MAX_VALUE / 2)) {
            assertThat(watching.freeBytes()).isPositive();
            assertThat(watching.refusal()).isPresent();
        }
    }

    @Test
    void the_reserve_is_released_on_a_full_disk_and_set_aside_again_with_plenty(@TempDir Path folder) {
        long limit = 4 << 20;
        free = 100 << 20;
        var reserved = new DiskGuard(this::free, limit, DiskReserve.in(folder, limit));
        var file = folder.resolve("disk.reserve");
        assertThat(file).hasSize(1 << 20);
        assertThat(reserved.reserveBytes()).isEqualTo(1 << 20);

        free = limit - 1; // low, but not full: the reserve is for later
        reserved.look();
        assertThat(reserved.refusal()).isPresent();
        assertThat(file).exists();

        free = 4_096;
        reserved.look();
        assertThat(file).doesNotExist();
        assertThat(reserved.reserveBytes()).isZero();

        free = limit + limit / 8; // orders again, but not enough for a reserve beside them
        reserved.look();
        assertThat(reserved.refusal()).isEmpty();
        assertThat(file).doesNotExist();

        free = 100 << 20;
        reserved.look();
        assertThat(file).hasSize(1 << 20);
    }

    @Test
    void a_reserve_of_a_run_before_is_used_and_a_limit_of_zero_has_none(@TempDir Path folder) {
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
    void bars_and_ticks_are_written_only_while_there_is_twice_the_room_that_orders_need() {
        free = 1_600;
        guard.look();
        assertThat(guard.hasRoomForHistory()).isTrue();
        free = 1_599;
        guard.look();
        assertThat(guard.hasRoomForHistory()).isFalse();
        assertThat(guard.refusal()).isEmpty();
    }
}
