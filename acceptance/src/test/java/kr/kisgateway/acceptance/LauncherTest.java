package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a project of its own: the real {@code kis} and {@code .ci/run}, a Maven of a few lines of shell, and a
 * program that prints the arguments it received.
 */
@Tag("slow")
class LauncherTest {
    private static final String STUB_PROGRAM = """
            package kr.kisgateway.NAME;

            public final class Main {
                public static void main(String[] arguments) throws Exception {
                    System.out.println("pid " + ProcessHandle.current().pid() + " got " + String.join(" ", arguments)
                            + " in " + System.getProperty("user.dir")
                            + " with " + System.getProperty("java.class.path")
                            + " carried " + System.getProperty("kis.arguments"));
                    if (arguments[arguments.length - 1].equals("stay")) {
                        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("stopped gracefully")));
                        System.out.println("staying");
                        new java.util.concurrent.CountDownLatch(1).await();
                    }
                }
            }
            """;

    private static final String STUB_MAVEN = """
            #!/bin/sh
            echo build >>builds
            echo "$@" >arguments
            echo "[INFO] Building gateway: the server 0.1                 [1/1]"
            if [ -f broken ]; then
                echo "[ERROR] Foo.java:[3,1] ';' expected"
                echo "[ERROR] Re-run Maven using the -X switch to enable full debug logging."
                exit 1
            fi
            mkdir -p gateway/target/lib gateway/target/surefire-reports
            cp program.jar gateway/target/gateway-0.1.jar
            cp program.jar gateway/target/lib/other.jar
            mkdir -p cli/target/lib
            cp program.jar cli/target/cli-0.1.jar
            cp program.jar cli/target/lib/small.jar
            [ -f reports ] && cp reports gateway/target/surefire-reports/TEST-a.xml
            [ ! -f reports ] || ! grep -q 'failures="1"' reports
            """;

    @TempDir
    static Path compiled;

    @TempDir
    Path project;

    @BeforeAll
    static void buildStubJars() throws IOException {
        StubJar.write(
                compiled.resolve("program.jar"),
                compiled,
                Map.of(
                        "kr.kisgateway.gateway.Main", STUB_PROGRAM.replace("NAME", "gateway"),
                        "kr.kisgateway.cli.Main", STUB_PROGRAM.replace("NAME", "cli")));
    }

    @BeforeEach
    void createFreshClone() throws IOException {
        var home = Launch.projectHome();
        Files.createDirectories(project.resolve("gateway/src/main/java"));
        Files.createDirectories(project.resolve("cli/src/main/java"));
        Files.createDirectory(project.resolve(".ci"));
        Files.createDirectory(project.resolve(".mvn"));
        Files.copy(home.resolve("kis"), project.resolve("kis"));
        Files.createDirectory(project.resolve("scripts"));
        for (var script : List.of(
                "scripts/kis-develop",
                "scripts/jdk.sh",
                "scripts/start.sh",
                "scripts/train.sh",
                "scripts/dashboard.sh")) {
            Files.copy(home.resolve(script), project.resolve(script));
        }
        Files.copy(home.resolve(".ci/run"), project.resolve(".ci/run"));
        Files.copy(home.resolve("jvm.flags"), project.resolve("jvm.flags"));
        Files.copy(compiled.resolve("program.jar"), project.resolve("program.jar"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        Files.writeString(project.resolve("gateway/pom.xml"), "<project/>");
        Files.writeString(project.resolve("gateway/src/main/java/A.java"), "class A {}");
        Files.writeString(project.resolve("mvnw"), STUB_MAVEN);
        for (var script : List.of("kis", "scripts/kis-develop", "mvnw", ".ci/run")) {
            Files.setPosixFilePermissions(project.resolve(script), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void an_unknown_command_is_named_and_exits_with_code_2() throws Exception {
        var result = kis("rnu");
        assertThat(result.code).isEqualTo(2);
        assertThat(result.err).contains("rnu").contains("./kis help");
        assertThat(project.resolve("builds"))
                .as("a mistyped word starts no build")
                .doesNotExist();

        assertThat(kis("status").code).isZero();
        assertThat(kis("rnu", "quote").out)
                .as("the built commands name the nearest one")
                .contains(" got rnu in ");
        assertThat(kis("--rnu").err).contains("--rnu").contains("./kis help");
    }

    @Test
    void the_help_of_the_launcher_fits_a_terminal_of_eighty_columns() throws Exception {
        assertThat(kis("help").out.lines())
                .hasSizeGreaterThan(40)
                .allSatisfy(line -> assertThat(line.codePoints()
                                .map(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HANGUL ? 2 : 1)
                                .sum())
                        .as(line)
                        .isLessThanOrEqualTo(80));
    }

    @Test
    void bench_and_record_explain_themselves_without_a_build() throws Exception {
        var text = "bench/src/main/resources/kr/kisgateway/bench/help.txt";
        Files.createDirectories(project.resolve(text).getParent());
        Files.copy(Launch.projectHome().resolve(text), project.resolve(text));
        for (var words :
                List.of(List.of("bench", "--help"), List.of("bench", "help"), List.of("bench", "quote", "-h"))) {
            var result = kis(words.toArray(String[]::new));
            assertThat(result.code).as(result.toString()).isZero();
            assertThat(result.out).contains("--rounds N").contains("성능을 측정하고");
        }
        var record = kis("record", "--help");
        assertThat(record.code).isZero();
        assertThat(record.out).contains("./kis record FILE [options of run]").contains("--replay");
        assertThat(project.resolve("builds")).doesNotExist();
    }

    @Test
    void without_a_command_help_is_printed_in_both_languages() throws Exception {
        assertThat(kis().out)
                .contains("./kis run")
                .contains("start the gateway")
                .contains("실행합니다");
        assertThat(kis("--help")).isEqualTo(kis("help"));
    }

    @Test
    void the_first_run_builds_and_the_second_starts_without_building() throws Exception {
        var first = kis("run", "--port", "a b");
        assertThat(first.code).as(first.toString()).isZero();
        assertThat(first.out).contains("got run --port a b");
        assertThat(first.err).contains("building: done");
        assertThat(kis("run")).satisfies(r -> assertThat(r.err).isEmpty());
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void korean_arguments_reach_the_program_in_the_c_locale() throws Exception {
        kis("build");
        var result = finish(command(typed("kill-switch on --reason 급락"), Map.of("LC_ALL", "C"))
                .start());
        assertThat(result.code).as(result.toString()).isZero();
        assertThat(result.out).contains("got kill-switch on --reason 급락").contains("carried null");
    }

    @Test
    void korean_arguments_are_passed_as_digits_when_no_utf8_locale_is_installed() throws Exception {
        kis("build");
        var binFolder = Files.createDirectory(project.resolve("without-locales"));
        var locale = Files.writeString(binFolder.resolve("locale"), "#!/bin/sh\necho ANSI_X3.4-1968\n");
        Files.setPosixFilePermissions(locale, PosixFilePermissions.fromString("rwxr-xr-x"));
        var environment = Map.of("LC_ALL", "C", "PATH", binFolder + ":" + System.getenv("PATH"));
        var result =
                finish(command(typed("kill-switch on --reason 급락"), environment).start());
        assertThat(result.code).as(result.toString()).isZero();
        var digits = HexFormat.of().formatHex("kill-switch\0on\0--reason\0급락\0".getBytes(StandardCharsets.UTF_8));
        assertThat(result.out).contains("carried " + digits);
    }

    @Test
    void a_changed_or_deleted_source_triggers_a_build() throws Exception {
        var source = project.resolve("gateway/src/main/java/A.java");
        kis("build");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
        kis("build");
        assertThat(builds()).isEqualTo(2);
        Files.delete(source);
        Files.setLastModifiedTime(
                source.getParent(), FileTime.from(Instant.now().plusSeconds(2)));
        kis("build");
        assertThat(builds()).isEqualTo(3);
    }

    /** {@code ./kis package} reads the libraries that the last build of each program left. */
    @Test
    void a_build_replaces_the_libraries_of_its_programs_and_leaves_those_of_others() throws Exception {
        var own = Files.createDirectories(project.resolve("gateway/target/lib")).resolve("old.jar");
        var other = Files.createDirectories(project.resolve("bench/target/lib")).resolve("other.jar");
        Files.writeString(own, "");
        Files.writeString(other, "");
        assertThat(kis("run").code).isZero();
        assertThat(own).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void a_failed_build_shows_its_cause_and_its_log_and_starts_nothing() throws Exception {
        Files.createFile(project.resolve("broken"));
        var result = kis("run");
        assertThat(result.code).isEqualTo(1);
        assertThat(result.out).isEmpty();
        assertThat(result.err)
                .contains("Foo.java:[3,1] ';' expected")
                .contains(".kis/build.log")
                .doesNotContain("Re-run");
        Files.delete(project.resolve("broken"));
        assertThat(kis("run").out).contains("got run");
    }

    @Test
    void user_commands_are_built_with_the_gateway_and_have_a_small_class_path() throws Exception {
        kis("build");
        var orders = kis("orders", "list", "--symbol", "005930");
        assertThat(orders.code).as(orders.toString()).isZero();
        assertThat(orders.err).isEmpty();
        assertThat(orders.out)
                .contains("got orders list --symbol 005930")
                .contains(".kis/cli/lib/small.jar")
                .doesNotContain("other.jar");
        for (var commandName : List.of("reconcile", "kill-switch", "limits", "alerts")) {
            assertThat(kis(commandName, "x").out).contains("got " + commandName + " x");
        }
        assertThat(kis("run").out).doesNotContain("small.jar");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void a_user_command_waits_for_a_build_only_when_its_own_sources_changed() throws Exception {
        assertThat(kis("alerts").err).contains("building: done");
        Files.setLastModifiedTime(
                project.resolve("gateway/src/main/java/A.java"),
                FileTime.from(Instant.now().plusSeconds(2)));
        kis("kill-switch", "on");
        assertThat(builds()).isEqualTo(1);
        Files.setLastModifiedTime(
                Files.writeString(project.resolve("cli/src/main/java/B.java"), "class B {}"),
                FileTime.from(Instant.now().plusSeconds(2)));
        kis("kill-switch", "on");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void two_concurrent_runs_build_once_and_both_start() throws Exception {
        var one = start("run");
        var two = start("run");
        assertThat(finish(one).out).contains("got run");
        assertThat(finish(two).out).contains("got run");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void the_lock_of_a_dead_process_does_not_block_other_runs() throws Exception {
        Files.createDirectory(project.resolve(".kis"));
        Files.createSymbolicLink(project.resolve(".kis/lock"), Path.of("999999999"));
        assertThat(kis("run").out).contains("got run");
        assertThat(Files.isSymbolicLink(project.resolve(".kis/lock"))).isFalse();
    }

    @Test
    void the_launcher_is_replaced_by_the_program_so_that_signals_reach_it() throws Exception {
        var process = start("run", "stay");
        var out = process.inputReader(StandardCharsets.UTF_8);
        assertThat(out.readLine()).startsWith("pid " + process.pid() + " got run stay");
        assertThat(out.readLine()).isEqualTo("staying");
        process.toHandle().destroy();
        assertThat(out.readLine()).isEqualTo("stopped gracefully");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_recent_jdk_is_found_beside_an_old_one_and_cached() throws Exception {
        var folders = Files.createDirectory(project.resolve("jdks"));
        fakeJdk(folders.resolve("a17"), "17.0.15");
        Files.createSymbolicLink(folders.resolve("b25"), Path.of(System.getProperty("java.home")));
        var environment = Map.of("JAVA_HOME", folders.resolve("a17").toString(), "KIS_JDK_FOLDERS", folders.toString());
        assertThat(finish(start(environment, "run")).out).contains("got run");
        assertThat(project.resolve(".kis/jdk"))
                .hasContent(folders.resolve("b25").toString());
    }

    @Test
    void a_cached_jdk_that_is_missing_is_searched_for_again() throws Exception {
        var folders = Files.createDirectory(project.resolve("jdks"));
        Files.createSymbolicLink(folders.resolve("b25"), Path.of(System.getProperty("java.home")));
        Files.createDirectory(project.resolve(".kis"));
        Files.writeString(project.resolve(".kis/jdk"), "/gone\n");
        var environment = Map.of("JAVA_HOME", "", "KIS_JDK_FOLDERS", folders.toString());
        assertThat(finish(start(environment, "run")).out).contains("got run");
    }

    @Test
    void without_a_jdk_one_line_explains_how_to_install_one() throws Exception {
        var folders = Files.createDirectory(project.resolve("jdks"));
        fakeJdk(folders.resolve("a17"), "17.0.15");
        var result = finish(start(Map.of("JAVA_HOME", "", "KIS_JDK_FOLDERS", folders.toString()), "run"));
        assertThat(result.code).isEqualTo(1);
        assertThat(result.err.lines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("no JDK 25").contains("JAVA_HOME"));
    }

    @Test
    void a_test_run_prints_only_its_own_counts_and_fails_when_a_test_failed() throws Exception {
        var old = Files.createDirectories(project.resolve("gateway/target/surefire-reports"));
        Files.writeString(old.resolve("TEST-old.xml"), report(9, 9, 0, 0));
        Files.setLastModifiedTime(
                old.resolve("TEST-old.xml"), FileTime.from(Instant.now().minusSeconds(60)));
        Files.writeString(project.resolve("reports"), report(7, 0, 0, 2));
        var good = kis("test");
        assertThat(good.out.lines().toList()).endsWith("5 passed, 0 failed, 2 skipped");
        assertThat(good.code).isZero();

        Files.writeString(project.resolve("reports"), report(7, 1, 1, 2));
        var bad = finish(command(project.resolve(".ci/run"), Map.of()).start());
        assertThat(bad.out.lines().toList()).endsWith("3 passed, 2 failed, 2 skipped", "3 passed, 2 failed");
        assertThat(bad.code).isEqualTo(1);
    }

    @Test
    void install_places_only_the_libraries_where_other_builds_find_them() throws Exception {
        var installed = kis("install");
        assertThat(installed.code).as(installed.err).isZero();
        var arguments = Files.readString(project.resolve("arguments"));
        assertThat(arguments)
                .contains(" install ")
                .contains(".,requirements,market,kis-wire,kis-client")
                .contains("gateway-client");
        assertThat(arguments).doesNotContain("acceptance").doesNotContain("simulation,");
        assertThat(installed.err).contains("kis-client", "gateway-client");
    }

    @Test
    void the_version_comes_from_the_sources_without_a_build() throws Exception {
        Files.writeString(project.resolve("pom.xml"), "<project>\n  <version>7.8.9</version>\n</project>\n");
        for (var option : List.of("--version", "version", "-V")) {
            var answer = kis(option);
            assertThat(answer.code).isZero();
            assertThat(answer.out).startsWith("kis 7.8.9");
        }
        assertThat(project.resolve("builds")).doesNotExist();
    }

    @Test
    void a_quick_and_a_long_test_run_list_their_twenty_slowest_tests_and_a_run_of_all_does_not() throws Exception {
        var cases = IntStream.rangeClosed(1, 30)
                .mapToObj(
                        n -> "<testcase name=\"takes_%d_seconds\" classname=\"kr.kisgateway.SomeTest\" time=\"%d.04\"/>"
                                .formatted(n, n))
                .toList();
        Files.writeString(
                project.resolve("reports"),
                report(30, 0, 0, 0).replace("</testsuite>", String.join("\n", cases) + "\n</testsuite>"));
        for (var run : List.of(kis("test"), kis("test", "--long"))) {
            assertThat(run.out
                            .lines()
                            .filter(line -> line.contains("SomeTest."))
                            .map(String::strip))
                    .hasSize(20)
                    .startsWith("30.0 s  SomeTest.takes_30_seconds")
                    .endsWith("11.0 s  SomeTest.takes_11_seconds");
        }
        assertThat(kis("test", "--all").out).doesNotContain("SomeTest");
    }

    private record Result(int code, String out, String err) {}

    /** A script with a line as a person types it: the locale of this JVM may not carry its letters either. */
    private Path typed(String line) throws IOException {
        var script = Files.writeString(project.resolve("typed"), "#!/bin/sh\nexec ./kis " + line + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Result kis(String... arguments) throws Exception {
        return finish(start(arguments));
    }

    private Process start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        return command(project.resolve("kis"), environment, arguments).start();
    }

    private ProcessBuilder command(Path script, Map<String, String> environment, String... arguments) {
        var builder = new ProcessBuilder(Stream.concat(Stream.of(script.toString()), Stream.of(arguments))
                        .toList())
                .directory(project.toFile());
        var set = new TreeMap<>(Map.of("JAVA_HOME", System.getProperty("java.home"), "KIS_AOT", "off"));
        set.putAll(environment);
        builder.environment().putAll(set);
        return builder;
    }

    private static Result finish(Process process) throws Exception {
        var err = new ByteArrayOutputStream();
        var reader = Thread.ofVirtual().start(() -> {
            try {
                process.getErrorStream().transferTo(err);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        reader.join();
        return new Result(process.exitValue(), out, err.toString(StandardCharsets.UTF_8));
    }

    private long builds() throws IOException {
        return Files.readAllLines(project.resolve("builds")).size();
    }

    private static void fakeJdk(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        for (var tool : List.of("bin/java", "bin/javac")) {
            Files.writeString(home.resolve(tool), "#!/bin/sh\nexit 1\n");
            Files.setPosixFilePermissions(home.resolve(tool), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static String report(int tests, int failures, int errors, int skipped) {
        return "<?xml version=\"1.0\"?>\n<testsuite name=\"a\" time=\"0.5\" tests=\"" + tests + "\" errors=\"" + errors
                + "\" skipped=\"" + skipped + "\" failures=\"" + failures + "\">\n</testsuite>\n";
    }
}
