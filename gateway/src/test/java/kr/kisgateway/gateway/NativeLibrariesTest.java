package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drivers' libraries as the launcher's build unpacks them, and a program that starts with them. */
@Tag("slow")
class NativeLibrariesTest {
    @TempDir
    Path folder;

    /** The program: uses both databases. */
    static final class UsesBoth {
        public static void main(String[] args) throws Exception {
            for (String url : List.of("jdbc:sqlite::memory:", "jdbc:duckdb:")) {
                try (var connection = DriverManager.getConnection(url);
                        var statement = connection.createStatement();
                        var row = statement.executeQuery("SELECT 42")) {
                    System.out.println(url + " " + row.next() + " " + row.getInt(1));
                }
            }
        }
    }

    private static Path driver(String prefix) {
        return Arrays.stream(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                .map(Path::of)
                .filter(file -> file.getFileName().toString().startsWith(prefix))
                .findFirst()
                .orElseThrow();
    }

    private List<String> names(Path in) throws Exception {
        try (var files = Files.list(in)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void a_process_with_the_unpacked_libraries_uses_both_databases_and_leaves_no_temporary_files() throws Exception {
        Path lib = Files.createDirectories(folder.resolve("lib"));
        Path libraries = folder.resolve("native");
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        for (String prefix : List.of("sqlite-jdbc-", "duckdb_jdbc-")) {
            Path jar = driver(prefix);
            Files.copy(jar, lib.resolve(jar.getFileName()));
        }
        NativeLibraries.main(new String[] {lib.toString(), libraries.toString()});
        assertThat(names(libraries))
                .containsExactly(System.mapLibraryName("duckdb_java"), System.mapLibraryName("sqlitejdbc"));
        Path stripped = lib.resolve(driver("duckdb_jdbc-").getFileName());
        try (var jar = new JarFile(stripped.toFile())) {
            assertThat(jar.stream().map(entry -> entry.getName())).noneMatch(name -> name.startsWith("libduckdb"));
        }

        String others = String.join(
                System.getProperty("path.separator"),
                Arrays.stream(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                        .filter(entry -> !entry.contains("duckdb_jdbc-") && !entry.contains("sqlite-jdbc-"))
                        .toList());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:-UsePerfData",
                        "-Djava.io.tmpdir=" + temporary,
                        "-Dorg.sqlite.lib.path=" + libraries,
                        "-Djava.library.path=" + libraries,
                        "-cp",
                        lib + "/*" + System.getProperty("path.separator") + others,
                        UsesBoth.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("out"), StandardCharsets.UTF_8)
                        .lines())
                .contains("jdbc:sqlite::memory: true 42", "jdbc:duckdb: true 42");
        assertThat(names(temporary)).isEmpty();

        // A second build: unpacked libraries stay, though the jar no longer contains them.
        NativeLibraries.main(new String[] {lib.toString(), libraries.toString()});
        assertThat(names(libraries))
                .containsExactly(System.mapLibraryName("duckdb_java"), System.mapLibraryName("sqlitejdbc"));
    }
}
