package kr.kisgateway.gateway.simulator;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.simulator.SimulatorReplay;

/** A past day that is played: the position in it, and how fast it moves. Not thread-safe. */
final class Replay {
    static final int SPEED_MAX = 600;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LocalDate day;
    private final List<String> symbols;
    private final DayTape tape;
    private long at;
    private long speed = 1;
    private boolean playing = true;
    private Optional<String> problem = Optional.empty();

    /** A replay that stands before the first minute. */
    Replay(LocalDate day, List<String> symbols, DayTape tape) {
        this.day = day;
        this.symbols = List.copyOf(symbols);
        this.tape = tape;
        this.at = tape.from() - 1;
    }

    void setSpeed(long times) {
        speed = times;
    }

    /** Goes on or pauses; after the last minute it goes on from the first. */
    void setPlaying(boolean goesOn) {
        if (goesOn && hasEnded()) {
            at = tape.from() - 1;
        }
        playing = goesOn;
        problem = Optional.empty();
    }

    /** Stands at {@code time}, within the day's minutes; returns the prices of that moment. */
    Map<String, Long> jump(LocalTime time) {
        at = Math.clamp(time.toNanoOfDay() / NANOS_PER_MILLI, tape.from(), tape.to());
        return tape.prices(-1, at);
    }

    /** Time passes; returns the prices that are due. */
    Map<String, Long> advance(Duration time) {
        if (!isPlaying()) {
            return Map.of();
        }
        long before = at;
        at = Math.min(tape.to(), at + time.toMillis() * speed);
        return tape.prices(before, at);
    }

    /** Pauses for a reason that {@link #answer} has. */
    void pauseFor(String reason) {
        playing = false;
        problem = Optional.of(reason);
    }

    boolean isPlaying() {
        return playing && !hasEnded();
    }

    private boolean hasEnded() {
        return at >= tape.to();
    }

    SimulatorReplay answer() {
        return new SimulatorReplay(
                day,
                symbols,
                hasEnded() ? "ENDED" : playing ? "PLAYING" : "PAUSED",
                clock(Math.max(at, tape.from())),
                clock(tape.from()),
                clock(tape.to()),
                speed,
                problem);
    }

    private static String clock(long millis) {
        return LocalTime.ofNanoOfDay(millis * NANOS_PER_MILLI).format(CLOCK);
    }
}
