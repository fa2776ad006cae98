package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import kr.kisgateway.gatewayclient.LocalProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must never happen where real money is. */
class LiveTest {
    @TempDir
    Path folder;

    @Test
    void live_is_refused_before_any_class_of_the_simulator_is_loaded() {
        var log = folder.resolve("classes.log");
        var launch = Programs.coldGateway(folder)
                .withEnvironment("KIS_ENV", "live")
                .withEnvironment("KIS_APP_KEY", "PSabcdefghijklmnopqrstuvwxyz01234567")
                .withEnvironment("KIS_APP_SECRET", "x".repeat(180))
                .withEnvironment("KIS_ACCOUNT_NO", "12345678-01")
                .withEnvironment("KIS_LIVE_TRADING", "true")
                .withJvmFlags("-Xlog:class+load:file=" + log);
        try (var program = LocalProgram.startWithoutWaiting(launch)) {
            assertThat(program.awaitExit(Programs.START)).hasValue(2);
            assertThat(program.output())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("live"));
        }
        var loaded = Programs.read(log);
        assertThat(loaded).contains("kr.kisgateway.gateway.Main");
        assertThat(loaded.lines().filter(line -> line.contains("kr.kisgateway.simulator")))
                .isEmpty();
    }
}
