package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged file of accounts ends the start with instructions, and stays unchanged. */
@Tag("slow")
class DamagedFileTest {
    private static final String ADVICE = "Restore it from a backup, or begin with empty accounts";
    private static final int PAGE = 4_096;

    @TempDir
    Path folder;

    @Test
    void a_file_that_is_no_database_ends_the_start_with_advice_and_is_not_touched() throws Exception {
        Path file = folder.resolve("simulator.db");
        byte[] foreign = "no database ".repeat(2_000).getBytes(StandardCharsets.US_ASCII);
        Files.write(file, foreign);

        assertThatThrownBy(() -> KisSimulator.start(SimulatorConfig.defaults(file)))
                .cause()
                .hasMessageContaining("the simulator's file " + file + " is damaged")
                .hasMessageContaining(ADVICE)
                .hasMessageContaining("move simulator.db and the simulator.db-* beside it away")
                .hasMessageContaining("--reset");
        assertThat(Files.readAllBytes(file)).isEqualTo(foreign);
    }

    @Test
    void a_file_whose_later_pages_are_damaged_ends_the_start_with_advice_too() throws Exception {
        Path file = folder.resolve("simulator.db");
        try (KisSimulator simulator = KisSimulator.start(SimulatorConfig.defaults(file))) {
            new RawClient(simulator, "PSDAMAGED00000000000000000000000001").login();
        }
        overwriteFrom(file, PAGE);

        assertThatThrownBy(() -> KisSimulator.start(SimulatorConfig.defaults(file)))
                .cause()
                .hasMessageContaining("is damaged")
                .hasMessageContaining(ADVICE);
    }

    private static void overwriteFrom(Path file, int offset) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer garbage = ByteBuffer.wrap(new byte[(int) channel.size() - offset]);
            while (garbage.hasRemaining()) {
                garbage.put((byte) 0xA5);
            }
            channel.write(garbage.flip(), offset);
        }
    }

    @Test
    void the_program_reports_it_in_one_line_and_begins_with_empty_accounts_after_reset() throws Exception {
        Files.writeString(folder.resolve("simulator.db"), "no database ".repeat(2_000));

        Process damaged = program();
        String printed = new String(damaged.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(damaged.waitFor()).isEqualTo(2);
        assertThat(printed.lines().filter(line -> line.startsWith("simulator: ")))
                .singleElement()
                .asString()
                .startsWith("simulator: the simulator's file ")
                .contains(ADVICE);

        Process reset = program("--reset");
        try (var out = reset.inputReader()) {
            assertThat(out.readLine()).contains("simulator_port");
            reset.destroy();
            assertThat(reset.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            reset.destroyForcibly();
        }
    }

    private Process program(String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "kr.kisgateway.simulator.SimulatorMain",
                "--data-dir",
                folder.toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).start();
    }
}
