package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.gateway.task.TaskRunner;
import org.slf4j.LoggerFactory;

/**
 * The levels of the streams. A level that was set ends by itself, by a clock that is never adjusted, and with the process: the
 * configured one is in force again.
 */
public final class LogLevels implements AutoCloseable {
    /** The levels that can be set, in the order of what they log. */
    public static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");

    private static final Duration IDLE = Duration.ofHours(1);
    private static final org.slf4j.Logger SECURITY = LoggerFactory.getLogger(SecurityLog.AUDIT);

    private final LoggerContext context;
    private final InstantSource clock;
    private final InstantSource monotonicClock;
    private final TaskRunner tasks;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<LogStream, Setting> settings = new EnumMap<>(LogStream.class);
    private Optional<TaskRunner.Task> task = Optional.empty();

    /**
     * A stream's level.
     *
     * @param until when the one ends that was set; empty for the configured one
     * @param setBy name of the key that set it
     */
    public record StreamLevel(LogStream stream, String level, Optional<Instant> until, Optional<String> setBy) {}

    /**
     * A level that was set.
     *
     * @param ends by the clock that is never adjusted
     * @param configured the loggers' own levels before; empty for a logger without one
     */
    private record Setting(
            Level level, Instant until, Instant ends, String setBy, Map<Logger, Optional<Level>> configured) {}

    /** @param monotonicClock a clock that is never adjusted */
    public LogLevels(LoggerContext context, InstantSource clock, InstantSource monotonicClock, TaskRunner tasks) {
        this.context = context;
        this.clock = clock;
        this.monotonicClock = monotonicClock;
        this.tasks = tasks;
    }

    /** All streams. */
    public List<StreamLevel> all() {
        lock.lock();
        try {
            var all = new ArrayList<StreamLevel>();
            for (LogStream stream : LogStream.values()) {
                all.add(level(stream));
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** The level of a stream. */
    private StreamLevel level(LogStream stream) {
        var setting = Optional.ofNullable(settings.get(stream));
        return new StreamLevel(
                stream,
                context.getLogger(stream.loggers().getFirst())
                        .getEffectiveLevel()
                        .toString(),
                setting.map(Setting::until),
                setting.map(Setting::setBy));
    }

    /**
     * Sets a level of {@link #LEVELS} for {@code time}; replaces one that was set before.
     *
     * @param by name of the caller's key
     */
    public StreamLevel set(LogStream stream, String level, Duration time, String by) {
        lock.lock();
        try {
            var configured = Optional.ofNullable(settings.get(stream))
                    .map(Setting::configured)
                    .orElseGet(() -> ownLevels(stream));
            var setting = new Setting(
                    Level.valueOf(level),
                    clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(time),
                    monotonicClock.instant().plus(time),
                    by,
                    configured);
            settings.put(stream, setting);
            configured.keySet().forEach(logger -> logger.setLevel(setting.level()));
            SECURITY.info(
                    "log_level_set stream={} level={} until={} by={}", stream.streamName(), level, setting.until(), by);
            if (task.isEmpty()) {
                task = Optional.of(tasks.repeat("log-levels", time, this::restoreDue, () -> {}));
            } else {
                task.get().wakeUp();
            }
            return level(stream);
        } finally {
            lock.unlock();
        }
    }

    /** The configured level is in force again. */
    public StreamLevel reset(LogStream stream, String by) {
        lock.lock();
        try {
            if (restore(stream)) {
                SECURITY.info("log_level_reset stream={} by={}", stream.streamName(), by);
            }
            return level(stream);
        } finally {
            lock.unlock();
        }
    }

    private Map<Logger, Optional<Level>> ownLevels(LogStream stream) {
        var levels = new LinkedHashMap<Logger, Optional<Level>>();
        for (String name : stream.loggers()) {
            var logger = context.getLogger(name);
            levels.put(logger, Optional.ofNullable(logger.getLevel()));
        }
        return levels;
    }

    private boolean restore(LogStream stream) {
        var setting = settings.remove(stream);
        if (setting == null) {
            return false;
        }
        setting.configured().forEach((logger, level) -> logger.setLevel(level.orElse(null)));
        return true;
    }

    /** Ends what is due; returns the time until the next end. */
    private Duration restoreDue() {
        lock.lock();
        try {
            Instant now = monotonicClock.instant();
            for (var due : settings.entrySet().stream()
                    .filter(entry -> !entry.getValue().ends().isAfter(now))
                    .map(Map.Entry::getKey)
                    .toList()) {
                restore(due);
                SECURITY.info("log_level_ended stream={}", due.streamName());
            }
            return settings.values().stream()
                    .map(setting -> Duration.between(now, setting.ends()))
                    .min(Duration::compareTo)
                    .orElse(IDLE);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            task.ifPresent(TaskRunner.Task::close);
            List.copyOf(settings.keySet()).forEach(this::restore);
        } finally {
            lock.unlock();
        }
    }
}
