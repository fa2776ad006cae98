package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.service.NotifyReceiver;
import kr.kisgateway.gateway.service.SystemdService;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A whole gateway as a service of systemd, whose socket is a real one of the test. */
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class SystemdGatewayTest {
    private static final Duration WATCHDOG = Duration.ofSeconds(2);
    private static final Map<String, String> PORTS =
            Map.of("GATEWAY_PORT", "0", "SIMULATOR_PORT", "0", "KIS_FACE", "false");

    @TempDir
    private Path folder;

    private Settings settings() {
        return switch (SettingsLoader.load(
                List.of(), PORTS, folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)))) {
            case SettingsResult.Loaded(Settings settings) -> settings;
            case SettingsResult.Problems(List<String> sentences) -> throw new AssertionError(sentences);
        };
    }

    @Test
    void a_stuck_order_desk_ends_the_messages_to_the_watchdog() throws Exception {
        var isStuck = new AtomicBoolean();
        var goesOn = new CountDownLatch(1);
        var clock = new SteadyClock(
                () -> {
                    if (isStuck.get() && Thread.currentThread().getName().equals("order-desk")) {
                        await(goesOn);
                    }
                    return Instant.now();
                },
                System::nanoTime);
        try (var systemd = new NotifyReceiver(folder.resolve("notify"));
                var gateway = Wiring.start(settings(), clock, new SecureRandom());
                var service = SystemdService.of(systemd.variables(WATCHDOG), 1).orElseThrow()) {
            var checks = new AtomicInteger();
            var watched = gateway.watched();
            new ServiceModule.Watched(
                            watched.essentials(),
                            () -> {
                                checks.incrementAndGet();
                                return watched.status().get();
                            },
                            watched.tasks(),
                            watched.nanos())
                    .begin(service);
            Await.until(() -> systemd.beats() >= 2);
            assertThat(systemd.messages().get(1))
                    .startsWith("READY=1\nSTATUS=sim at http://127.0.0.1:" + gateway.port() + ", orders ");

            isStuck.set(true);
            Await.until(() -> systemd.messages().contains("STATUS=No sign of life: order desk"));
            long before = systemd.beats();
            int checked = checks.get();
            Await.until(() -> checks.get() >= checked + 3);
            assertThat(systemd.beats()).isEqualTo(before);

            goesOn.countDown();
            Await.until(() -> systemd.beats() > before);
            service.stopping();
            Await.until(() -> systemd.messages().getLast().startsWith("STOPPING=1"));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Process launch(Map<String, String> variables) throws IOException {
        var builder = MainProcess.of(
                        List.of(
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-XX:TieredStopAtLevel=1",
                                "-Xlog:class+load:file=" + folder.resolve("classes.log"),
                                "-Duser.home=" + folder.resolve("home")),
                        "run")
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("output.log").toFile());
        builder.environment().putAll(PORTS);
        builder.environment().putAll(variables);
        return builder.start();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output.log"));
    }

    private void stop(Process process) throws InterruptedException, IOException {
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output()).isTrue();
        assertThat(process.exitValue()).as(output()).isZero();
    }

    @Test
    void the_program_reports_its_start_that_it_serves_that_it_lives_and_that_it_stops() throws Exception {
        try (var systemd = new NotifyReceiver(folder.resolve("notify"))) {
            var process = launch(systemd.variables(WATCHDOG));
            try {
                Await.until(() -> systemd.beats() >= 1 || !process.isAlive());
                assertThat(systemd.messages()).as(output()).first().isEqualTo("STATUS=Starting");
                assertThat(systemd.messages().get(1)).startsWith("READY=1\nSTATUS=sim at http://127.0.0.1:");
                assertThat(output()).contains("\"gateway_port\":");
                stop(process);
            } finally {
                process.destroyForcibly();
            }
            Await.until(() -> systemd.messages().getLast().equals("STOPPING=1\nSTATUS=Stopping"));
        }
    }

    @Test
    @Tag("long")
    void without_systemd_nothing_of_it_is_loaded() throws Exception {
        var variables = new HashMap<String, String>();
        var process = launch(variables);
        try {
            Await.until(() -> output().contains("\"gateway_port\":") || !process.isAlive());
            stop(process);
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(folder.resolve("classes.log")))
                .contains("kr.kisgateway.gateway.Wiring ")
                .doesNotContain("NotifySocket", "service.Vitality");
    }
}
