package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    private Path folder;

    @Test
    void a_removed_lock_file_lets_no_second_gateway_in_while_the_journal_is_open() throws Exception {
        Files.createFile(folder.resolve("journal.db"));
        try (var first = DataFolder.open(folder, DataFolder.User.GATEWAY)) {
            first.lockJournal();
            Files.delete(first.file("gateway.lock"));

            assertThatThrownBy(() -> DataFolder.open(folder, DataFolder.User.GATEWAY))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("Another gateway uses the data folder " + folder);
            assertThatThrownBy(() -> DataFolder.open(folder, DataFolder.User.JOURNAL_COMMAND))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("A gateway uses the data folder " + folder);
        }
        try (var second = DataFolder.open(folder, DataFolder.User.GATEWAY)) {
            second.lockJournal();
            assertThat(second.file("gateway.lock")).exists();
        }
    }

    @Test
    void a_lock_file_that_is_a_link_is_not_followed() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "content");
        Files.createSymbolicLink(folder.resolve("gateway.lock"), victim);

        assertThatThrownBy(() -> DataFolder.open(folder, DataFolder.User.GATEWAY))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot be written");
        assertThat(victim).hasContent("content");
    }
}
