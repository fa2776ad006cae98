package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.Distribution.run;
import static kr.kisgateway.acceptance.Distribution.start;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.acceptance.Distribution.Run;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as {@code ./kis package} makes it of the built modules, on a path without Java. */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class DistributionTest {
    private static final Path HOME = Launch.projectHome();
    private static final long ARCHIVE_BYTES_MAX = 120_000_000;
    private static final long RESIDENT_KB_MAX = 200 * 1024;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Path folder;
    private Path tools;
    private Path files;
    private Path archive;
    private Path debianPackage;
    private Path program;

    @BeforeAll
    void make(@TempDir Path temporary) throws Exception {
        folder = temporary;
        tools = Distribution.toolsIn(folder);
        var made = Distribution.made();
        archive = made.archive();
        debianPackage = made.debianPackage();
        files = Files.createDirectories(folder.resolve("files"));
        for (var file : List.of("SHA256SUMS", "install.sh")) {
            Files.copy(made.files().resolve(file), files.resolve(file));
        }
        Files.createSymbolicLink(files.resolve(archive.getFileName()), archive);
        var installed = install("home");
        assertThat(installed.code()).as(installed.output()).isZero();
        program = folder.resolve("home/.local/bin/kis");
    }

    private Run install(String home, String... options) throws Exception {
        return Distribution.install(files, tools, folder.resolve(home), options);
    }

    private Run kis(Path in, Map<String, String> more, String... arguments) throws Exception {
        return run(
                in,
                LIMIT,
                variables(in, more),
                Stream.concat(Stream.of(program.toString()), Arrays.stream(arguments))
                        .toArray(String[]::new));
    }

    private Map<String, String> variables(Path home, Map<String, String> more) {
        var variables = new HashMap<>(
                Map.of("PATH", tools.toString(), "HOME", home.toString(), "KIS_FACE_PORT", "0", "SIMULATOR_PORT", "0"));
        variables.putAll(more);
        return variables;
    }

    @Test
    void the_archive_is_small_and_has_what_a_user_needs() throws Exception {
        assertThat(Files.size(archive)).isLessThan(ARCHIVE_BYTES_MAX);
        var place = program.toRealPath().getParent();
        assertThat(List.of(
                        "runtime/bin/java",
                        "lib/gateway.aot",
                        "lib/cli.aot",
                        "lib/native/libduckdb_java.so",
                        "docs/CLI.md",
                        ".env.example",
                        "ops/systemd/kis-gateway.service",
                        "clients/python/pyproject.toml",
                        "LICENSE"))
                .allSatisfy(file -> assertThat(place.resolve(file)).exists());
        assertThat(place.resolve("runtime/bin/javac")).doesNotExist();
        try (var all = Files.walk(place)) {
            assertThat(all.filter(file -> Files.isRegularFile(file)
                            && file.toString().endsWith(".md")
                            && read(file).contains(HOME + "/")))
                    .as("paths of this machine")
                    .isEmpty();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void it_runs_without_a_jdk_and_a_command_in_the_same_folder_finds_it() throws Exception {
        var home = Files.createDirectories(folder.resolve("user"));
        var log = home.resolve("log");
        var cacheOfGateway = home.resolve("gateway-cache.log");
        var cacheOfCommand = home.resolve("command-cache.log");
        var variables =
                variables(home, Map.of("JAVA_TOOL_OPTIONS", onlyWithCache(cacheOfGateway), "GATEWAY_PORT", "0"));
        var gateway = start(home, variables, log, program.toString(), "run");
        try {
            Eventually.await("an answer", LIMIT, () -> health(home, gateway, log), code -> code == 0);
            var quote =
                    kis(home, Map.of("JAVA_TOOL_OPTIONS", onlyWithCache(cacheOfCommand)), "quote", "005930", "--csv");
            assertThat(quote.code()).as(quote.output()).isZero();
            assertThat(quote.output()).contains("삼성전자");
            var bought = kis(home, Map.of(), "buy", "005930", "1", "--yes");
            assertThat(bought.code()).as(bought.output()).isZero();
            assertThat(gateway.waitFor(8, TimeUnit.SECONDS)).as("still running").isFalse();
            Eventually.await(
                    "settled memory, kilobytes",
                    LIMIT,
                    () -> StartTest.residentKb(gateway.pid()),
                    kb -> kb < RESIDENT_KB_MAX);
        } finally {
            gateway.destroy();
            assertThat(gateway.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(home.resolve("data/sim/api.address")).doesNotExist();
        // JDK 25 would run instructions of the processor that made the cache on any other.
        assertThat(List.of(cacheOfGateway, cacheOfCommand))
                .allSatisfy(jvmLog ->
                        assertThat(read(jvmLog)).contains("Opened AOT cache").doesNotContain("AOT code entries"));
    }

    /** The JVM ends at once when its start cache does not fit, and writes what it has read of it. */
    private static String onlyWithCache(Path jvmLog) {
        return "-XX:AOTMode=on -Xlog:aot*=info:file=" + jvmLog;
    }

    private int health(Path home, Process gateway, Path log) {
        try {
            assertThat(gateway.isAlive()).as(() -> read(log)).isTrue();
            return kis(home, Map.of(), "health", "--ready", "--quiet").code();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_needs_the_sources_is_refused_and_the_version_is_that_of_the_sources() throws Exception {
        for (var command : List.of("test", "bench", "release", "package", "openapi", "simulate")) {
            var refused = kis(folder, Map.of(), command);
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.output()).contains("'" + command + "' needs the sources");
        }
        assertThat(kis(folder, Map.of(), "--version").output()).startsWith("kis 0.");
    }

    @Test
    void a_file_that_does_not_have_its_checksum_is_not_installed_and_leaves_the_one_before() throws Exception {
        var sums = files.resolve("SHA256SUMS");
        var good = Files.readString(sums);
        try {
            Files.writeString(sums, "0".repeat(64) + good.substring(64));
            var refused = install("home");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.output()).contains("does not have the checksum");
            assertThat(program).as("the installation before").exists();
            assertThat(install("another-home").code()).isEqualTo(1);
            assertThat(folder.resolve("another-home/.local")).doesNotExist();
            Files.writeString(sums, good.replace("linux", "plan9"));
            assertThat(install("another-home").output()).contains("no distribution for linux");
        } finally {
            Files.writeString(sums, good);
        }
        assertThat(install("another-home", "--from", "http://example.com").output())
                .contains("only https://");
    }

    @Test
    void an_installation_that_is_stopped_while_it_replaces_the_one_before_leaves_that_one() throws Exception {
        assertThat(install("third-home").code()).isZero();
        var link = folder.resolve("third-home/.local/bin/kis");
        var stopping = Distribution.toolsIn(folder.resolve("stopping"));
        Files.delete(stopping.resolve("mv"));
        // The first rename sets the installation aside, the second would put the new one in its place.
        Files.writeString(
                stopping.resolve("mv"),
                "#!/bin/sh\ncase $1 in *.part/*) kill -TERM $PPID; exit 1 ;; esac\nexec /bin/mv \"$@\"\n");
        Files.setPosixFilePermissions(stopping.resolve("mv"), PosixFilePermissions.fromString("rwx------"));
        var stopped = Distribution.install(files, stopping, folder.resolve("third-home"));
        assertThat(stopped.code()).isNotZero();
        assertThat(link).as("the installation before").exists();
        assertThat(install("third-home").code()).isZero();
        assertThat(link).exists();
    }

    @Test
    void an_installation_into_relative_folders_works_and_one_whose_link_is_a_folder_is_refused() throws Exception {
        var relative = install("home", "--to", "rel/to", "--bin", "rel/bin");
        assertThat(relative.code()).as(relative.output()).isZero();
        assertThat(files.resolve("rel/bin/kis")).exists();
        Files.createDirectories(folder.resolve("taken/kis"));
        var refused = install("home", "--bin", folder.resolve("taken").toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.output()).contains("is a folder");
    }

    @Test
    void an_image_starts_with_a_certificate_that_it_makes_and_is_healthy_while_it_answers() throws Exception {
        var dockerfile = Files.readString(HOME.resolve("ops/docker/Dockerfile"));
        assertThat(dockerfile).contains("USER 10001:10001");
        var place = program.toRealPath().getParent();
        var entry = place.resolve(steps(dockerfile, "ENTRYPOINT \\[\"/opt/kis-gateway/([^\"]+)\"\\]"));
        var healthy = place.resolve(steps(dockerfile, "CMD \\[\"/opt/kis-gateway/([^\"]+)\"\\]"));
        var volume = Files.createDirectories(folder.resolve("volume"));
        var settings = new HashMap<String, String>();
        for (var pair : steps(dockerfile, "\nENV ([^\n]+)").split(" ")) {
            settings.put(pair.split("=")[0], pair.split("=")[1]);
        }
        settings.put("HOME", volume.toString());
        settings.put("GATEWAY_PORT", String.valueOf(FreePort.find()));
        settings.put("KIS_GATEWAY_NAMES", "localhost,127.0.0.1,gateway");
        var variables = variables(volume, settings);
        var log = volume.resolve("log");
        var gateway = start(volume, variables, log, entry.toString());
        try {
            Eventually.await("health", LIMIT, () -> code(volume, variables, healthy), code -> code == 0);
            assertThat(volume.resolve("tls/key.pem")).exists();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(volume.resolve("tls/key.pem"))))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(volume.resolve("certificate/cert.pem")))
                    .contains("BEGIN CERTIFICATE")
                    .doesNotContain("PRIVATE");
            assertThat(Files.readString(log)).contains("every call needs one").doesNotContain("Warning");
        } finally {
            gateway.destroyForcibly();
            assertThat(gateway.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(code(volume, variables, healthy)).as("without a gateway").isNotZero();
    }

    private int code(Path in, Map<String, String> variables, Path command) {
        try {
            return run(in, LIMIT, variables, command.toString()).code();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String steps(String dockerfile, String pattern) {
        var matcher = Pattern.compile(pattern).matcher(dockerfile);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    @Test
    void the_image_copies_and_runs_only_what_there_is() throws Exception {
        var dockerfile = Files.readString(HOME.resolve("ops/docker/Dockerfile"));
        var instructions = dockerfile
                .lines()
                .filter(line -> line.matches("[A-Z]+ .*"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .collect(Collectors.toList());
        assertThat(instructions).contains("FROM", "ADD", "COPY", "USER", "HEALTHCHECK", "ENTRYPOINT");
        assertThat(instructions.lastIndexOf("USER"))
                .as("nothing is installed as root after the user is set")
                .isGreaterThan(instructions.lastIndexOf("RUN"));
        var names = run(folder, LIMIT, Map.of("PATH", "/usr/bin:/bin"), "tar", "-tzf", archive.toString())
                .output();
        assertThat(names.lines().map(line -> line.replaceFirst("/.*", "")).distinct())
                .as("kis-gateway-* is one folder")
                .singleElement()
                .isEqualTo(archive.getFileName().toString().replace(".tar.gz", ""));
        for (var name : List.of("compose.yaml", "compose.cluster.yaml")) {
            var compose = Files.readString(HOME.resolve("ops/docker").resolve(name));
            for (var mount : Pattern.compile("- (\\.\\.?/[^:]+):")
                    .matcher(compose)
                    .results()
                    .toList()) {
                assertThat(HOME.resolve("ops/docker").resolve(mount.group(1))).exists();
            }
            assertThat(Pattern.compile("[\\s\"][a-zA-Z]:/").matcher(compose).find())
                    .as("a volume of one letter, which Docker takes for a drive, in " + name)
                    .isFalse();
        }
    }

    @Test
    void the_debian_package_has_the_program_a_unit_that_starts_it_and_asks_no_jdk() throws Exception {
        var deb = debianPackage.toString();
        var fields = run(folder, LIMIT, Map.of("PATH", "/usr/bin:/bin"), "dpkg-deb", "--field", deb)
                .output();
        assertThat(fields).contains("Package: kis-gateway", "Architecture: ").doesNotContain("jdk", "jre");
        var unpacked = folder.resolve("unpacked");
        var done = run(folder, LIMIT, Map.of("PATH", "/usr/bin:/bin"), "dpkg-deb", "-x", deb, unpacked.toString());
        assertThat(done.code()).as(done.output()).isZero();
        var unit = Files.readString(unpacked.resolve("usr/lib/systemd/system/kis-gateway.service"));
        var started = Pattern.compile("ExecStart=(/\\S+) run").matcher(unit);
        assertThat(started.find()).isTrue();
        assertThat(unpacked.resolve(started.group(1).substring(1))).isExecutable();
        assertThat(unit).doesNotContain("/opt/");
        var version = run(
                folder,
                LIMIT,
                Map.of("PATH", tools.toString(), "HOME", folder.toString()),
                unpacked.resolve("usr/bin/kis").toString(),
                "--version");
        assertThat(version.output()).startsWith("kis 0.");
    }
}
