package kr.kisgateway.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFolderTest {
    private static final long MINIMUM = 100;

    @TempDir
    Path folder;

    @Test
    void of_two_gateways_that_share_a_folder_one_writes_until_it_lets_go() {
        try (var first = shared("a", () -> MINIMUM);
                var second = shared("b", () -> MINIMUM)) {
            assertThat(first.becomeWriter()).isTrue();
            assertThat(first.becomeWriter()).isTrue();
            assertThat(second.becomeWriter()).isFalse();
            assertThat(first.obstacle()).isEmpty();
            assertThat(second.obstacle().map(Refusal::code)).contains(ErrorCode.HISTORY_UNAVAILABLE);
            assertThat(second.obstacle().map(Refusal::message).orElseThrow()).contains("Another gateway still writes");
            first.close();
            assertThat(second.becomeWriter()).isTrue();
            assertThat(second.obstacle()).isEmpty();
            assertThat(first.obstacle().map(Refusal::code)).contains(ErrorCode.HISTORY_UNAVAILABLE);
            assertThat(first.becomeWriter()).isFalse();
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
    void a_folder_that_is_not_mounted_cannot_be_written_until_it_is() throws IOException {
        var place = folder.resolve("mount");
        try (var history = HistoryFolder.shared(place.resolve("sim"), folder.resolve("data"), () -> MINIMUM, MINIMUM)) {
            assertThat(history.becomeWriter()).isFalse();
            assertThat(history.obstacle().map(Refusal::message).orElseThrow()).contains("mount it");
            Files.createDirectory(place);
            assertThat(history.becomeWriter()).isTrue();
        }
    }

    @Test
    void too_little_or_unknown_space_is_an_obstacle() {
        try (var full = HistoryFolder.own(folder, () -> MINIMUM - 1, MINIMUM);
                var unknown = HistoryFolder.own(
                        folder,
                        () -> {
                            throw new UncheckedIOException(new IOException("stale file handle"));
                        },
                        MINIMUM)) {
            assertThat(full.becomeWriter()).isTrue();
            assertThat(full.obstacle().map(Refusal::code)).contains(ErrorCode.DISK_LOW);
            assertThat(unknown.obstacle().map(Refusal::code)).contains(ErrorCode.HISTORY_UNAVAILABLE);
            assertThat(unknown.obstacle().map(Refusal::message).orElseThrow()).contains("stale file handle");
        }
    }

    private HistoryFolder shared(String node, LongSupplier free) {
        return HistoryFolder.shared(folder.resolve("shared"), folder.resolve(node), free, MINIMUM);
    }
}
