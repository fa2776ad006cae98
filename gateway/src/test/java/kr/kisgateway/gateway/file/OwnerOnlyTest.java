package kr.kisgateway.gateway.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOnlyTest {
    @TempDir
    Path folder;

    @Test
    void a_new_file_is_readable_by_its_owner_only_and_one_that_exists_stays_as_it_is() throws IOException {
        var file = folder.resolve("new");
        OwnerOnly.createFileIfAbsent(file);
        assertThat(permissions(file)).isEqualTo("rw-------");

        var old = Files.writeString(folder.resolve("old"), "kept");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-r--r--"));
        OwnerOnly.createFileIfAbsent(old);
        assertThat(old).hasContent("kept");
        assertThat(permissions(old)).isEqualTo("rw-r--r--");
    }

    @Test
    void a_link_to_a_file_that_does_not_exist_is_refused() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));
        assertThatThrownBy(() -> OwnerOnly.createFileIfAbsent(link)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void a_folder_is_closed_to_others_with_those_created_above_it_and_also_when_it_exists() throws IOException {
        var inner = folder.resolve("outer/inner");
        OwnerOnly.createFolder(inner);
        assertThat(permissions(inner)).isEqualTo("rwx------");
        assertThat(permissions(inner.getParent())).isEqualTo("rwx------");

        Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwxr-xr-x"));
        OwnerOnly.createFolder(inner);
        assertThat(permissions(inner)).isEqualTo("rwx------");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
