package kr.kisgateway.gateway.simulator;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.simulator.SimulatorReplay;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.TradingCalendar;

/**
 * Plays a past day at the simulator: four times a second it moves the stocks to the prices that are due. At most one day is
 * played. It stops when the simulator does not answer, and is forgotten when the gateway ends.
 */
final class ReplayPlayer implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(250);

    private final ControlCalls simulator;
    private final LongSupplier nanos;
    private final TaskRunner tasks;
    /** Runs while there is a replay: a gateway without one is not woken up. */
    private volatile Optional<TaskRunner.Task> task = Optional.empty();

    private Optional<Replay> replay = Optional.empty();
    private long lastStep;

    /** @param nanos a clock that never goes back */
    ReplayPlayer(ControlCalls simulator, TaskRunner tasks, LongSupplier nanos) {
        this.simulator = simulator;
        this.tasks = tasks;
        this.nanos = nanos;
    }

    /** The day that is played; empty without one. */
    synchronized Optional<SimulatorReplay> state() {
        return replay.map(Replay::answer);
    }

    /** Plays the minutes of {@code day} from the first, in place of any other day. */
    synchronized void begin(LocalDate day, Map<String, List<Bar>> minutes) {
        var ordered = new LinkedHashMap<>(minutes);
        replay = Optional.of(new Replay(
                day, List.copyOf(ordered.keySet()), DayTape.of(ordered, Bar.midnight(day, TradingCalendar.SEOUL))));
        lastStep = nanos.getAsLong();
        if (task.isEmpty()) {
            task = Optional.of(tasks.every("replay", STEP, this::step));
        }
    }

    /**
     * Changes the replay, in this order: the speed, the position, whether it plays.
     *
     * @return whether there is one
     */
    synchronized boolean change(Optional<Long> speed, Optional<LocalTime> at, Optional<Boolean> playing) {
        replay.ifPresent(current -> {
            lastStep = nanos.getAsLong();
            speed.ifPresent(current::setSpeed);
            playing.ifPresent(current::setPlaying);
            at.ifPresent(time -> move(current.jump(time)));
        });
        return replay.isPresent();
    }

    /** Prices continue from where they are. */
    synchronized void end() {
        replay = Optional.empty();
        task.ifPresent(TaskRunner.Task::close);
        task = Optional.empty();
    }

    @Override
    public void close() {
        // Without the lock: a step may wait for a simulator that does not answer.
        task.ifPresent(TaskRunner.Task::close);
    }

    private synchronized void step() {
        long now = nanos.getAsLong();
        var passed = Duration.ofNanos(now - lastStep);
        lastStep = now;
        replay.ifPresent(current -> {
            try {
                move(current.advance(passed));
            } catch (RefusedException e) {
                current.pauseFor(e.refusal().message());
            }
        });
    }

    private void move(Map<String, Long> prices) {
        if (!prices.isEmpty()) {
            simulator.post("/simulator/market", ApiJson.text(Map.of("moves", prices)));
        }
    }
}
