package kr.kisgateway.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalProgramTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path home;

    @BeforeEach
    void a_home_with_one_jar_and_flags() throws IOException {
        Files.createDirectory(home.resolve("lib"));
        var name = TinyProgram.class.getName().replace('.', '/') + ".class";
        try (var jar = new JarOutputStream(Files.newOutputStream(home.resolve("lib/tiny.jar")));
                var bytes = TinyProgram.class.getClassLoader().getResourceAsStream(name)) {
            jar.putNextEntry(new JarEntry(name));
            bytes.transferTo(jar);
        }
        Files.writeString(home.resolve("jvm.flags"), """
                # a comment
                [all]
                -Dstdout.encoding=UTF-8
                [gateway]
                -XX:+UseSerialGC
                -Xmx48m
                [simulator]
                -XX:ThisFlagDoesNotExist
                """);
    }

    @Test
    void a_program_is_ready_after_its_json_line_and_its_other_output_is_retained() {
        try (var program = LocalProgram.start(tiny("run").withEnvironment("KIS_HTS_ID", "mine"), LIMIT)) {
            assertThat(program.gatewayPort()).isEqualTo(4711);
            assertThat(program.dataDirectory()).isEqualTo(Path.of("/tmp/x"));
            assertThat(program.ready().path("pid").longValue()).isEqualTo(program.pid());
            assertThat(program.output()).contains("a line on the error stream").anyMatch(l -> l.endsWith("삼성전자"));
            assertThatThrownBy(program::simulatorPort).hasMessageContaining("named no simulator_port");
        }
    }

    @Test
    void the_jvm_gets_the_flags_of_its_own_section_only() {
        try (var program = LocalProgram.start(tiny("run"), LIMIT)) {
            var line = program.awaitLine("its heap", l -> l.startsWith("setting"), LIMIT);
            var heap = Integer.parseInt(line.replaceAll(".* heap (\\d+) .*", "$1"));
            assertThat(heap).isBetween(40, 48);
        }
    }

    @Test
    void an_installed_program_finds_the_native_libraries_beside_its_folder() throws IOException {
        var installed = home.resolve("app");
        Files.createDirectory(installed);
        Files.move(home.resolve("lib"), installed.resolve("lib"));
        Files.move(home.resolve("jvm.flags"), installed.resolve("jvm.flags"));
        assertThat(Launch.gateway(installed, home).command()).noneMatch(flag -> flag.contains("library.path"));

        var libraries = Files.createDirectory(home.resolve("native"));

        assertThat(Launch.gateway(installed, home).command())
                .contains("-Djava.library.path=" + libraries, "-Dorg.sqlite.lib.path=" + libraries);
    }

    @Test
    void settings_of_the_shell_that_runs_the_tests_do_not_leak_into_the_program() {
        var inherited = new HashMap<String, String>();
        inherited.put("KIS_APP_SECRET", "real");
        inherited.put("GATEWAY_DATA_DIR", "/home/me/data");
        inherited.put("PATH", "/bin");
        tiny("run").withEnvironment("KIS_ENV", "sim").applyEnvironment(inherited);
        assertThat(inherited).containsOnlyKeys("PATH", "KIS_ENV");
    }

    @Test
    void a_stop_runs_the_shutdown_and_returns_the_exit_code() {
        try (var program = LocalProgram.start(tiny("run"), LIMIT)) {
            assertThat(program.stop(LIMIT)).hasValue(0);
            assertThat(program.output()).contains("stopped gracefully");
        }
    }

    @Test
    void a_kill_runs_no_shutdown() {
        try (var program = LocalProgram.start(tiny("run"), LIMIT)) {
            program.kill();
            assertThat(program.alive()).isFalse();
            assertThat(program.output()).doesNotContain("stopped gracefully");
        }
    }

    @Test
    void a_program_that_ends_instead_of_starting_fails_with_what_it_printed() {
        assertThatThrownBy(() -> LocalProgram.start(tiny("refuse"), LIMIT))
                .isInstanceOf(ProgramException.class)
                .hasMessageContaining("exit code 2")
                .hasMessageContaining("KIS_ENV=live is not possible yet");
    }

    @Test
    void a_program_that_never_reports_ready_is_killed_at_the_limit() {
        var before = ProcessHandle.current().children().count();
        assertThatThrownBy(() -> LocalProgram.start(tiny("silent"), Duration.ofSeconds(2)))
                .hasMessageContaining("not ready within PT2S");
        assertThat(ProcessHandle.current().children().count()).isEqualTo(before);
    }

    @Test
    void a_home_that_was_never_built_is_refused_with_the_build_command() {
        var empty = Launch.of(home.resolve("nowhere"), "gateway", "x.Main", home);
        assertThatThrownBy(empty::command).hasMessageContaining("jvm.flags");
        assertThatThrownBy(() -> {
                    Files.delete(home.resolve("lib/tiny.jar"));
                    tiny("run").command();
                })
                .hasMessageContaining("./kis build");
    }

    private Launch tiny(String argument) {
        return Launch.of(home, "gateway", TinyProgram.class.getName(), home).withArguments(argument);
    }
}
