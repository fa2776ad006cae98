package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a data folder: the table of docs/LIMITS.md says of each how large it may become and how long it stays. */
@Tag("slow")
class FilesTest {
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** What a busy gateway must have written, so that the comparison is not of an empty folder. */
    private static final List<String> WRITTEN = List.of(
            "journal.db",
            "audit.db",
            "access.db",
            "notifications.db",
            "jobs.db",
            "webhooks.json",
            "recordings.json",
            "history/trade/",
            "history/daily/",
            "log/security.log");

    @TempDir
    Path folder;

    @Test
    void each_file_of_a_data_folder_has_a_size_and_an_age_in_the_documentation() throws Exception {
        var names = documentedNames();
        var launch = Programs.gateway(folder)
                .withEnvironment("GATEWAY_AUTH", "off")
                .withEnvironment("BACKUP_FOLDER", folder.resolve("backups").toString());
        var key = Programs.key(folder, "create", "desk", "--role", "admin");
        Path data;
        try (var gateway = Running.start(launch);
                var desk = gateway.client().withKey(key)) {
            data = gateway.program().dataDirectory();
            use(gateway, desk);
            awaitWritten(data);
            assertDocumented(data, names);
        }
        assertDocumented(data, names);
        // A second start finds what the first one left.
        try (var _ = Running.start(launch)) {
            assertDocumented(data, names);
        }
    }

    private static void use(Running gateway, GatewayClient desk) {
        var order = gateway.placed("files", "005930", "BUY", 1, Optional.empty());
        gateway.awaitStatus(order, "FILLED");
        require(
                desk,
                "/v1/webhooks",
                "{\"name\":\"alarm\",\"key\":\"desk\",\"id\":\"{/id}\",\"time\":\"{/time}\",\"order\":{\"account_id\":\"A1\",\"symbol\":\"{/ticker}\",\"side\":\"BUY\",\"qty\":\"1\",\"order_type\":\"MARKET\"}}");
        require(desk, "/v1/history/recordings", "{\"symbols\":[\"005930\"],\"channels\":[\"trades\"]}");
        require(
                desk,
                "/v1/history/backfill",
                "{\"symbols\":[\"005930\"],\"period\":\"D\",\"from\":\"2026-09-01\",\"to\":\"2026-09-10\"}");
    }

    private static void require(GatewayClient client, String path, String body) {
        var answer = client.post(path, body, "files" + path.replace('/', '-'));
        assertThat(answer.ok()).as("%s", answer).isTrue();
    }

    private static void awaitWritten(Path data) {
        Eventually.await(
                "files of all kinds",
                Duration.ofMinutes(1),
                () -> files(data),
                files -> WRITTEN.stream().allMatch(name -> files.stream().anyMatch(file -> file.startsWith(name))));
    }

    private static void assertDocumented(Path data, List<PathMatcher> names) {
        assertThat(files(data))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(names)
                        .as("%s is in the table of docs/LIMITS.md", file)
                        .anyMatch(name -> name.matches(Path.of(file))));
    }

    /** Each file by its path in the data folder; one that gets its name meanwhile may be missing. */
    private static List<String> files(Path data) {
        var files = new ArrayList<String>();
        try {
            Files.walkFileTree(data, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(data.relativize(file).toString());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) return FileVisitResult.CONTINUE;
                    throw failure;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static List<PathMatcher> documentedNames() throws IOException {
        var text = Files.readString(Launch.projectHome().resolve("docs/LIMITS.md"));
        var section = text.substring(text.indexOf("## Files"), text.indexOf("## Towards KIS"));
        var names = section.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(1, line.indexOf('|', 1)))
                .flatMap(cell -> NAME.matcher(cell).results())
                .map(match -> FileSystems.getDefault().getPathMatcher("glob:" + match.group(1)))
                .toList();
        assertThat(names).hasSizeGreaterThan(20);
        return names;
    }
}
