package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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
    void a_journal_that_was_closed_and_opened_again_is_locked_for_other_processes() throws Exception {
        Path data = Files.createDirectory(folder.resolve("sim"));
        Path journal = Files.createFile(data.resolve("journal.db"));
        try (var first = DataFolder.open(data, DataFolder.User.GATEWAY)) {
            first.lockJournal();
            Files.delete(first.file("gateway.lock"));
            assertThat(initJournal()).contains("A gateway uses the data folder");
            FileChannel.open(journal, StandardOpenOption.READ).close(); // as SQLite does: the system drops every lock
            Files.deleteIfExists(first.file("gateway.lock"));

            first.lockJournal();

            assertThat(initJournal()).contains("A gateway uses the data folder");
        }
    }

    /** What another process prints that needs the folder for itself. */
    private String initJournal() throws Exception {
        var builder = MainProcess.of(
                List.of("--enable-native-access=ALL-UNNAMED"), "journal", "init", "--data-dir=" + folder);
        MainProcess.removeSettings(builder);
        Process process = builder.directory(folder.toFile()).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed.replaceAll("\\s+", " ");
    }

    @Test
    void a_restore_that_ended_before_its_folder_was_in_place_lets_no_gateway_start_without_it() throws Exception {
        Path data = folder.resolve("sim");
        Path restoring = Files.createDirectory(folder.resolve(".sim.restoring"));
        assertThatThrownBy(() -> DataFolder.open(data, DataFolder.User.GATEWAY))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("A restore of " + data + " has not ended")
                .hasMessageContaining("./kis backup restore FILE");
        assertThat(data).doesNotExist();
        Files.delete(restoring);
        DataFolder.open(data, DataFolder.User.GATEWAY).close();
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
