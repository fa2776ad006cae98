package kr.kisgateway.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.gateway.Await;
import kr.kisgateway.gateway.task.Heartbeat;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class SystemdServiceTest {
    private static final long PID = 4711;
    private static final Duration WATCHDOG = Duration.ofSeconds(20);
    private static final String MARK = "MARK";

    @TempDir
    private Path folder;

    private final ManualTaskRunner tasks = new ManualTaskRunner();
    private final AtomicLong nanos = new AtomicLong();
    private final Heartbeat desk = new Heartbeat();
    private final AtomicBoolean answers = new AtomicBoolean(true);
    private final AtomicReference<String> status = new AtomicReference<>("sim at http://127.0.0.1:8890");

    private SystemdService ready(Map<String, String> variables) {
        var service = SystemdService.of(variables, PID).orElseThrow();
        service.ready(
                List.of(new Essential.Loop("order desk", desk), new Essential.Answer("HTTP answer", answers::get)),
                status::get,
                tasks,
                nanos::get);
        return service;
    }

    /** Half an interval passes, in which the desk turns or not. */
    private void pass(boolean turns) {
        if (turns) {
            desk.beat();
        }
        nanos.addAndGet(WATCHDOG.toNanos() / 2);
        tasks.advance(WATCHDOG.dividedBy(2));
    }

    /** All messages that were sent before: a later datagram arrives after the earlier ones. */
    private static List<String> arrived(NotifyReceiver systemd) throws Exception {
        long before = marks(systemd);
        try (var mark = NotifySocket.open(systemd.variables(WATCHDOG).get("NOTIFY_SOCKET"))) {
            mark.send(MARK, true);
        }
        Await.until(() -> marks(systemd) > before);
        return systemd.messages().stream().filter(it -> !it.equals(MARK)).toList();
    }

    private static long marks(NotifyReceiver systemd) {
        return systemd.messages().stream().filter(MARK::equals).count();
    }

    private static long beats(NotifyReceiver systemd) throws Exception {
        return arrived(systemd).stream().filter("WATCHDOG=1"::equals).count();
    }

    @Test
    void start_readiness_watchdog_and_stop_are_reported_in_this_order() throws Exception {
        try (var systemd = new NotifyReceiver(folder.resolve("notify"))) {
            try (var service = ready(systemd.variables(WATCHDOG))) {
                pass(true);
                pass(true);
                status.set("sim, orders\nRECONCILING");
                pass(true);
                service.stopping();
                pass(true);
            }
            assertThat(arrived(systemd))
                    .containsExactly(
                            "STATUS=Starting",
                            "READY=1\nSTATUS=sim at http://127.0.0.1:8890",
                            "WATCHDOG=1",
                            "WATCHDOG=1",
                            "STATUS=sim, orders RECONCILING",
                            "WATCHDOG=1",
                            "STOPPING=1\nSTATUS=Stopping");
        }
    }

    @Test
    void the_watchdog_gets_no_message_while_a_loop_stands_still_or_the_port_does_not_answer() throws Exception {
        try (var systemd = new NotifyReceiver(folder.resolve("notify"))) {
            try (var service = ready(systemd.variables(WATCHDOG))) {
                pass(true);
                assertThat(beats(systemd)).isEqualTo(1);
                pass(false);
                pass(false);
                assertThat(beats(systemd))
                        .as("silent for an interval, and no longer")
                        .isEqualTo(3);
                pass(false);
                pass(false);
                assertThat(arrived(systemd)).endsWith("STATUS=No sign of life: order desk");
                assertThat(beats(systemd)).isEqualTo(3);
                pass(true);
                assertThat(beats(systemd)).as("it turns again").isEqualTo(4);
                answers.set(false);
                pass(true);
                pass(true);
                pass(true);
                assertThat(arrived(systemd)).endsWith("STATUS=No sign of life: HTTP answer");
                assertThat(beats(systemd)).isEqualTo(6);
                service.stopping();
            }
        }
    }

    @Test
    void a_watchdog_of_another_process_and_a_service_without_one_get_no_messages_to_it() throws Exception {
        try (var systemd = new NotifyReceiver(folder.resolve("notify"))) {
            var socket = systemd.variables(WATCHDOG).get("NOTIFY_SOCKET");
            try (var other = ready(Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "20000000", "WATCHDOG_PID", "1"));
                    var none = ready(Map.of("NOTIFY_SOCKET", socket))) {
                pass(true);
                other.stopping();
                none.stopping();
            }
            assertThat(beats(systemd)).isZero();
        }
    }

    @Test
    void without_a_socket_there_is_no_service_and_an_unusable_one_stops_nothing() {
        assertThat(SystemdService.of(Map.of(), PID)).isEmpty();
        assertThat(SystemdService.of(Map.of("NOTIFY_SOCKET", "relative"), PID)).isEmpty();
        assertThat(SystemdService.of(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(200)), PID))
                .isEmpty();
        try (var service =
                ready(Map.of("NOTIFY_SOCKET", folder.resolve("absent").toString()))) {
            service.stopping();
        }
    }
}
