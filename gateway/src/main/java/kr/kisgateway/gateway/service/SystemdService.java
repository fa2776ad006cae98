package kr.kisgateway.gateway.service;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import kr.kisgateway.gateway.task.TaskRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports to systemd: {@code READY=1} when the gateway serves, its status, {@code WATCHDOG=1} at half the interval of the watchdog while
 * every essential is alive, and {@code STOPPING=1}. An essential that is silent for an interval ends the watchdog's messages, and systemd
 * then kills and restarts the process. A message that cannot be sent is logged, and changes nothing else.
 */
public final class SystemdService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.service");
    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String INTERVAL = "WATCHDOG_USEC";
    private static final String PROCESS = "WATCHDOG_PID";
    /** Loops turn once a second: a shorter silence shows nothing. */
    private static final Duration PATIENCE_MIN = Duration.ofSeconds(5);

    private static final Duration STATUS_EVERY = Duration.ofSeconds(10);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final int MICROS_DIGITS = 15;

    private final NotifySocket socket;
    private final Optional<Duration> interval;
    private Optional<TaskRunner.Task> task = Optional.empty();
    private String shown = "";
    private boolean failed;
    private boolean closed;

    private SystemdService(NotifySocket socket, Optional<Duration> interval) {
        this.socket = socket;
        this.interval = interval;
    }

    /**
     * The service that the environment of the process names; empty where it is none of systemd's. The variables are systemd's protocol
     * (sd_notify), not settings.
     *
     * @param pid number of this process
     */
    public static Optional<SystemdService> of(Map<String, String> variables, long pid) {
        String path = variables.getOrDefault(SOCKET, "");
        if (path.isEmpty()) {
            return Optional.empty();
        }
        try {
            var service = new SystemdService(NotifySocket.open(path), interval(variables, pid));
            service.send("STATUS=Starting", false);
            return Optional.of(service);
        } catch (IOException | RuntimeException | LinkageError e) {
            // The gateway serves without systemd, too; systemd ends a start that it gets no message of.
            LOG.error("systemd_unavailable cause=\"{}\"", e.toString());
            return Optional.empty();
        }
    }

    /** Of the watchdog of this process; empty where it has none. */
    private static Optional<Duration> interval(Map<String, String> variables, long pid) {
        String process = variables.getOrDefault(PROCESS, "");
        return Optional.ofNullable(variables.get(INTERVAL))
                .filter(text -> text.matches("[1-9][0-9]{0," + MICROS_DIGITS + "}"))
                .filter(_ -> process.isEmpty() || process.equals(String.valueOf(pid)))
                .map(text -> Duration.ofNanos(Math.multiplyExact(Long.parseLong(text), 1_000L)));
    }

    /**
     * Reports that the gateway serves, and watches it from now on, instead of what was watched before.
     *
     * @param status a short sentence for {@code systemctl status}
     */
    public void ready(List<Essential> essentials, Supplier<String> status, TaskRunner tasks, LongSupplier nanos) {
        endWatch();
        shown = status.get();
        send("READY=1\nSTATUS=" + oneLine(shown), true);
        Duration patience =
                interval.filter(it -> it.compareTo(PATIENCE_MIN) > 0).orElse(PATIENCE_MIN);
        var vitality = new Vitality(essentials, patience, nanos);
        Duration pause = interval.map(it -> it.dividedBy(2)).orElse(STATUS_EVERY);
        LOG.info(
                "systemd_ready watchdog_millis={}",
                interval.map(Duration::toMillis).orElse(0L));
        task = Optional.of(tasks.repeat(
                "service-watch",
                pause,
                () -> {
                    check(vitality.silent(), status.get());
                    return pause;
                },
                () -> {}));
    }

    private void check(List<String> silent, String status) {
        if (silent.isEmpty()) {
            failed = false;
            show(status);
            if (interval.isPresent()) {
                send("WATCHDOG=1", false);
            }
            return;
        }
        if (!failed) {
            failed = true;
            LOG.error("service_silent parts=\"{}\" action=\"no message to the watchdog\"", String.join(", ", silent));
        }
        show("No sign of life: " + String.join(", ", silent));
    }

    private void show(String status) {
        if (!status.equals(shown)) {
            shown = status;
            send("STATUS=" + oneLine(status), false);
        }
    }

    /** Reports that the gateway stops, and ends the watch: from now on the stop has its own time limit. */
    public void stopping() {
        endWatch();
        send("STOPPING=1\nSTATUS=Stopping", true);
    }

    private void endWatch() {
        task.ifPresent(it -> {
            it.close();
            it.awaitEnd(END_LIMIT);
        });
        task = Optional.empty();
    }

    private synchronized void send(String text, boolean waits) {
        if (closed) {
            return; // a check that hung when the gateway stopped
        }
        try {
            socket.send(text, waits);
        } catch (IOException e) {
            LOG.warn("systemd_message_lost message={} cause=\"{}\"", oneLine(text), e.getMessage());
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    @Override
    public synchronized void close() {
        closed = true;
        socket.close();
    }
}
