package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that makes releases, in a repository of its own with a Maven of a few lines of shell. */
@Tag("slow")
class ReleaseTest {
    private static final List<String> LIBRARIES = List.of(
            "market",
            "kis-wire",
            "kis-client",
            "gateway-api",
            "gateway-client",
            "kis-simulator",
            "http-edge",
            "terminal");

    private static final String STUB_MAVEN = """
            #!/bin/sh
            [ ! -f broken ] || { echo "[ERROR] it does not compile"; exit 1; }
            text=built
            [ ! -f drifting ] || text=$(pwd)
            for library in LIBRARIES; do
                mkdir -p $library/target
                echo "$text $library" >$library/target/$library-1.2.0.jar
            done
            for program in gateway cli; do
                mkdir -p $program/target/lib
                cp $program.jar $program/target/$program-1.2.0.jar
                cp cli.jar $program/target/lib/other.jar
            done
            mkdir -p target
            echo '{"bomFormat":"CycloneDX"}' >target/sbom.json
            """.replace("LIBRARIES", String.join(" ", LIBRARIES));

    private static final Map<String, String> GATEWAY = Map.of(
            "kr.kisgateway.gateway.Main", """
            package kr.kisgateway.gateway;

            public final class Main {
                public static void main(String[] arguments) throws Exception {
                    System.out.println("{\\"gateway_port\\":1}");
                    new java.util.concurrent.CountDownLatch(1).await();
                }
            }
            """,
            "kr.kisgateway.gateway.NativeLibraries", """
            package kr.kisgateway.gateway;

            public final class NativeLibraries {
                public static void main(String[] arguments) throws Exception {
                    java.nio.file.Files.createDirectories(java.nio.file.Path.of(arguments[1]));
                }
            }
            """,
            "kr.kisgateway.gateway.StoredJars", """
            package kr.kisgateway.gateway;

            import java.nio.file.*;

            public final class StoredJars {
                public static void main(String[] arguments) throws Exception {
                    try (var jars = Files.newDirectoryStream(Path.of(arguments[0]))) {
                        for (Path jar : jars) {
                            Files.copy(jar, Path.of(arguments[1]).resolve(jar.getFileName()));
                        }
                    }
                }
            }
            """);
    private static final Map<String, String> CLI = Map.of("kr.kisgateway.cli.Main", """
            package kr.kisgateway.cli;

            public final class Main {
                public static void main(String[] arguments) {}
            }
            """);

    @TempDir
    static Path compiled;

    @BeforeAll
    static void compile() throws IOException {
        StubJar.write(compiled.resolve("gateway.jar"), compiled, GATEWAY);
        StubJar.write(compiled.resolve("cli.jar"), compiled, CLI);
    }

    @TempDir
    Path folder;

    private Path project;

    private record Run(int code, String output) {}

    @BeforeEach
    void createRepository() throws Exception {
        project = Files.createDirectory(folder.resolve("project"));
        var home = Launch.projectHome();
        Files.createDirectories(project.resolve("scripts"));
        for (var file : List.of(
                "kis",
                "scripts/kis-release",
                "scripts/kis-package",
                "scripts/debian.sh",
                "scripts/dashboard.sh",
                "scripts/train.sh",
                "scripts/jdk.sh",
                "scripts/start.sh",
                "ops/install.sh",
                "jvm.flags")) {
            Files.createDirectories(project.resolve(file).getParent());
            Files.copy(home.resolve(file), project.resolve(file));
        }
        for (var file : List.of(
                "LICENSE", "NOTICE", "README.md", "README.ko.md", "CONTRIBUTING.md", "SECURITY.md", ".env.example")) {
            write(file, "text\n");
        }
        write("docs/PAGE.md", "text\n");
        Files.createDirectories(project.resolve("clients"));
        write("clients/README.md", "text\n");
        Files.createDirectories(project.resolve("examples"));
        write("examples/README.md", "text\n");
        write("ops/systemd/kis-gateway.service", "ExecStart=/opt/kis-gateway/kis run\n");
        for (var jar : List.of("gateway.jar", "cli.jar")) {
            Files.copy(compiled.resolve(jar), project.resolve(jar));
        }
        write(".gitignore", ".kis/\nrelease/\n");
        write("CHANGELOG.md", "# Changelog\n\n## [1.2.0]\n");
        setVersion("1.2.0");
        for (var library : LIBRARIES) {
            write(library + "/pom.xml", "<project/>\n");
        }
        write("mvnw", STUB_MAVEN);
        for (var program : List.of("kis", "mvnw", "scripts/kis-release", "scripts/kis-package")) {
            Files.setPosixFilePermissions(project.resolve(program), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        git("init", "-q");
        commit();
    }

    private void write(String file, String text) throws IOException {
        var path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void setVersion(String version) throws IOException {
        write("pom.xml", "<project>\n  <version>" + version + "</version>\n</project>\n");
    }

    private Run run(String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var started = builder.start();
        started.getOutputStream().close();
        var output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(started.waitFor(240, TimeUnit.SECONDS)).isTrue();
        return new Run(started.exitValue(), output);
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        var command = Stream.concat(
                        Stream.of("git", "-c", "user.name=test", "-c", "user.email=test@example.com"),
                        Arrays.stream(arguments))
                .toArray(String[]::new);
        var done = run(command);
        assertThat(done.code()).as(done.output()).isZero();
    }

    private void commit() throws IOException, InterruptedException {
        git("add", "-A");
        git("commit", "-q", "-m", "state");
    }

    /** As {@code ./kis test --all} records it when all tests of a commit have passed. */
    private void recordTests() throws IOException, InterruptedException {
        write(".kis/tests-passed", run("git", "rev-parse", "HEAD").output());
    }

    private Run release(String... options) throws IOException, InterruptedException {
        return run(Stream.concat(Stream.of("./kis", "release"), Arrays.stream(options))
                .toArray(String[]::new));
    }

    private void assertRefused(Run run, String reason) {
        assertThat(run.code()).as(run.output()).isEqualTo(1);
        assertThat(run.output()).contains("kis release: ").contains(reason);
        assertThat(project.resolve("release")).doesNotExist();
    }

    @Test
    @Requirement(value = "G-20", clause = "gate")
    void a_commit_whose_tests_have_not_passed_is_refused() throws Exception {
        assertRefused(release(), "./kis test --all has not passed for commit");
        recordTests();
        write("docs/PAGE.md", "changed since\n");
        assertRefused(release(), "there are changes that are not committed");
        commit();
        assertRefused(release(), "./kis test --all has not passed for commit");
    }

    @Test
    void a_version_without_its_changes_and_a_snapshot_are_refused() throws Exception {
        setVersion("1.3.0");
        commit();
        recordTests();
        assertRefused(release(), "CHANGELOG.md has no section [1.3.0]");
        setVersion("1.3.0-SNAPSHOT");
        commit();
        recordTests();
        assertRefused(release(), "version 1.3.0-SNAPSHOT is not to be released");
    }

    @Test
    void builds_that_fail_or_differ_release_nothing() throws Exception {
        write("broken", "");
        commit();
        recordTests();
        assertRefused(release(), "the first build failed");
        git("rm", "-q", "broken");
        write("drifting", "");
        commit();
        recordTests();
        assertRefused(release(), "the two builds differ");
        try (var left = Files.list(project.resolve(".kis"))) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .as("nothing is left behind")
                    .containsExactlyInAnyOrder("tests-passed", "release.log");
        }
    }

    @Test
    void a_release_has_the_distribution_the_libraries_the_materials_and_their_checksums() throws Exception {
        recordTests();
        var released = release();
        assertThat(released.code()).as(released.output()).isZero();
        String archive;
        try (var found = Files.newDirectoryStream(project.resolve("release"), "kis-gateway-1.2.0-*.tar.gz")) {
            archive = found.iterator().next().getFileName().toString();
        }
        try (var files = Files.list(project.resolve("release"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains(
                            archive,
                            "install.sh",
                            "kis-gateway-1.2.0-sbom.json",
                            "kis-trading-gateway-1.2.0.pom",
                            "kis-client-1.2.0.jar",
                            "kis-client-1.2.0.pom",
                            "SHA256SUMS");
        }
        var checked =
                run("sh", "-c", "cd release && sha256sum -c --quiet SHA256SUMS && wc -l <SHA256SUMS && ls | wc -l");
        assertThat(checked.code()).as(checked.output()).isZero();
        var counts = checked.output().strip().split("\\s+");
        assertThat(Integer.parseInt(counts[0]) + 1).as("each file but the sums").isEqualTo(Integer.parseInt(counts[1]));
        var name = archive.replace(".tar.gz", "");
        assertThat(run("tar", "-tzf", "release/" + archive).output())
                .contains(
                        name + "/kis\n",
                        name + "/runtime/bin/java\n",
                        name + "/lib/gateway-1.2.0.jar\n",
                        name + "/lib/cli-1.2.0.jar\n",
                        name + "/lib/gateway.aot\n",
                        name + "/lib/cli.aot\n",
                        name + "/docs/PAGE.md\n");
        assertThat(release().output()).contains("exists already");
    }
}
