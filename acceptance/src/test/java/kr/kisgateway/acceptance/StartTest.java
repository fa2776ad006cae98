package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.LocalProgram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cost of a start, so that growth is noticed by a test. Processor time, because it hardly changes on a busy machine, as
 * a multiple of the time of a JDK tool measured beside it, because machines differ.
 */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class StartTest {
    private static final Duration SETTLED = Duration.ofSeconds(10);
    private static final double PROCESSOR_TIME_MAX = 4.8;
    private static final long RESIDENT_MAX_KB = 220 * 1024;
    private static final int STARTS = 3;

    @TempDir
    private Path folder;

    @Test
    void a_start_up_to_the_first_quote_stays_within_its_processor_time_and_memory_limits() throws Exception {
        var multiples = new ArrayList<Double>();
        for (int i = 0; i < STARTS; i++) {
            double tool = toolTicks();
            try (var program = LocalProgram.start(
                            StartCache.asDelivered(Programs.coldGateway(Files.createDirectory(folder.resolve("" + i))))
                                    .withEnvironment("SIMULATOR_PORT", "0"),
                            Programs.START_TIMEOUT);
                    var client = GatewayClient.onPort(program.gatewayPort())) {
                Eventually.await("a quote", Programs.START_TIMEOUT, () -> client.get("/v1/quotes/005930"), Answer::ok);
                double start = ticks(Path.of("/proc/" + program.pid() + "/stat"), 13);
                multiples.add(start / Math.max(tool, toolTicks()));
                assertThat(program.awaitExit(SETTLED)).as("still running").isEmpty();
                Eventually.await(
                        "settled memory, kilobytes",
                        Programs.START_TIMEOUT,
                        () -> residentKb(program.pid()),
                        kb -> kb < RESIDENT_MAX_KB);
            }
        }
        multiples.sort(null); // other work on the machine only adds to it
        assertThat(multiples.getFirst()).as("multiples %s", multiples).isLessThan(PROCESSOR_TIME_MAX);
    }

    /** The time of {@code javap} for three large classes of the JDK, in ticks of the kernel's clock. */
    private static double toolTicks() throws IOException, InterruptedException {
        var self = Path.of("/proc/self/stat");
        double before = ticks(self, 15); // of child processes that have ended
        var tool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "javap").toString(),
                        "-c",
                        "-p",
                        "java.util.HashMap",
                        "java.util.concurrent.ConcurrentHashMap",
                        "java.lang.String"))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
        assertThat(tool.waitFor()).isZero();
        double took = ticks(self, 15) - before;
        assertThat(took).as("ticks of the tool").isPositive();
        return took;
    }

    /** User and system time from {@code stat}: field {@code first}, counted from 0, and the next. */
    private static double ticks(Path stat, int first) throws IOException {
        var text = Files.readString(stat);
        // The name, in brackets, may contain blanks.
        var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[first - 2]) + Long.parseLong(fields[first - 1]);
    }

    /** Memory of a process that is resident. */
    static long residentKb(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
