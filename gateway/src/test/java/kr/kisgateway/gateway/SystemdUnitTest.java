package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit file of {@code ops/systemd}. */
class SystemdUnitTest {
    private static final Path UNIT = Path.of("../ops/systemd/kis-gateway.service");
    private static final Path VERIFIER = Path.of("/usr/bin/systemd-analyze");

    @TempDir
    private Path folder;

    @Test
    void it_waits_for_readiness_and_ends_a_stuck_gateway_without_a_core_dump() throws Exception {
        Map<String, String> settings = new TreeMap<>();
        Files.readAllLines(UNIT).stream()
                .filter(line -> line.matches("[A-Z][A-Za-z]+=.*"))
                .map(line -> line.split("=", 2))
                .forEach(pair -> settings.put(pair[0], pair[1]));
        assertThat(settings)
                .containsEntry("Type", "notify")
                .containsEntry("WatchdogSec", "60s")
                .containsEntry("WatchdogSignal", "SIGKILL")
                .containsEntry("LimitCORE", "0")
                .containsEntry("RestartPreventExitStatus", String.valueOf(CommandEnvironment.USAGE))
                .containsEntry("UMask", "0077");
        assertThat(settings.get("ExecStart")).endsWith("/kis run");
        assertThat(settings.get("RestrictAddressFamilies")).contains("AF_UNIX");
    }

    @Test
    void systemd_understands_every_line() throws Exception {
        assumeTrue(Files.isExecutable(VERIFIER), "systemd is not installed");
        Path copy = folder.resolve("kis-gateway.service");
        Files.writeString(copy, Files.readString(UNIT).replaceAll("(?m)^ExecStart=.*$", "ExecStart=/bin/true run"));
        var verifier = new ProcessBuilder(VERIFIER.toString(), "verify", "--man=no", copy.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("verified.log").toFile())
                .start();
        assertThat(verifier.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("verified.log"))).isEmpty();
        assertThat(verifier.exitValue()).isZero();
    }
}
