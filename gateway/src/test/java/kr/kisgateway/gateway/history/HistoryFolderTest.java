package kr.kisgateway.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFolderTest {
    private static final long MINIMUM = 100;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T01:00:00Z"));

    @TempDir
    Path folder;

    @Test
    void of_two_gateways_that_share_a_folder_one_writes_until_it_lets_go() {
        try (var first = shared("a", () -> MINIMUM);
                var second = shared("b", () -> MINIMUM)) {
            assertThat(first.check()).isTrue();
            assertThat(second.check()).isFalse();
            assertThat(first.check()).isTrue();
            assertThat(message(second)).contains("Another gateway still writes");
            first.close();
            assertThat(first.check()).isFalse();
            assertThat(second.check()).isTrue();
        }
    }

    @Test
    void the_writer_refuses_changes_until_the_folder_is_prepared_and_after_its_close() {
        try (var history = shared("a", () -> MINIMUM)) {
            assertThat(code(history)).isEqualTo(ErrorCode.HISTORY_UNAVAILABLE);
            history.check();
            assertThat(code(history)).isEqualTo(ErrorCode.HISTORY_UNAVAILABLE);
            history.ready();
            assertThat(history.obstacle()).isEmpty();
            history.close();
            assertThat(code(history)).isEqualTo(ErrorCode.HISTORY_UNAVAILABLE);
        }
    }

    @Test
    void storage_that_does_not_answer_a_check_is_an_obstacle_until_it_does() {
        try (var history = shared("a", () -> MINIMUM)) {
            history.check();
            history.ready();
            now.set(now.get().plus(Duration.ofSeconds(11)));
            assertThat(message(history)).contains("does not answer");
            history.check();
            assertThat(history.obstacle()).isEmpty();
        }
    }

    @Test
    void gateways_that_share_a_folder_share_what_is_unfinished_and_no_overflow_of_queries() {
        try (var first = shared("a", () -> MINIMUM);
                var second = shared("b", () -> MINIMUM)) {
            assertThat(second.folder()).isEqualTo(first.folder());
            assertThat(second.work()).isEqualTo(first.work());
            assertThat(second.file("recordings.json")).isEqualTo(first.file("recordings.json"));
            assertThat(second.spill()).isNotEqualTo(first.spill());
        }
    }

    @Test
    void a_folder_that_is_not_mounted_cannot_be_written_until_it_is_and_is_then_its_owners_alone() throws IOException {
        var place = folder.resolve("mount");
        try (var history =
                HistoryFolder.shared(place.resolve("sim"), folder.resolve("data"), () -> MINIMUM, MINIMUM, now::get)) {
            assertThat(history.check()).isFalse();
            assertThat(message(history)).contains("cannot be written", "Mount it");
            Files.createDirectory(place);
            assertThat(history.check()).isTrue();
            assertThat(permissions(place.resolve("sim"))).isEqualTo("rwx------");
            assertThat(permissions(place.resolve("sim/writer.lock"))).isEqualTo("rw-------");
        }
    }

    @Test
    void too_little_or_unknown_space_is_an_obstacle() {
        LongSupplier unknown = () -> {
            throw new UncheckedIOException(new IOException("stale file handle"));
        };
        try (var full = HistoryFolder.own(folder, () -> MINIMUM - 1, MINIMUM);
                var away = shared("a", unknown);
                var low = HistoryFolder.shared(
                        folder.resolve("other"), folder.resolve("b"), () -> MINIMUM - 1, MINIMUM, now::get)) {
            assertThat(code(full)).isEqualTo(ErrorCode.DISK_LOW);
            assertThat(away.check()).isTrue();
            away.ready();
            assertThat(message(away)).contains("stale file handle");
            low.check();
            low.ready();
            assertThat(code(low)).isEqualTo(ErrorCode.DISK_LOW);
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static ErrorCode code(HistoryFolder history) {
        return history.obstacle().map(Refusal::code).orElseThrow();
    }

    private static String message(HistoryFolder history) {
        return history.obstacle().map(Refusal::message).orElseThrow();
    }

    private HistoryFolder shared(String node, LongSupplier free) {
        return HistoryFolder.shared(folder.resolve("shared"), folder.resolve(node), free, MINIMUM, now::get);
    }
}
