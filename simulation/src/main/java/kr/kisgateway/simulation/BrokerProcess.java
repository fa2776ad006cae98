package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.broker.BrokerCore;
import kr.kisgateway.simulator.broker.BrokerRules;
import kr.kisgateway.simulator.broker.Effect;
import kr.kisgateway.simulator.broker.HttpAnswer;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Step;
import kr.kisgateway.simulator.broker.StoredChanges;
import kr.kisgateway.simulator.entity.Change;

/**
 * The broker: the simulator's core with a file in memory. As the simulator's own desk does, it processes queued inputs,
 * commits all of them at once and only then answers; an unfinished commit may survive the process's death or not.
 */
final class BrokerProcess {
    /** Agents act between the inputs; run at most this often, which affects only the notices of their fills. */
    private static final Duration MIN_TIMER_INTERVAL = Duration.ofMillis(40);

    /** Result of a call to the broker's REST side. */
    sealed interface CallResult {
        record Answer(HttpAnswer answer) implements CallResult {}

        /** The connection broke. */
        record Reset() implements CallResult {}
    }

    /** Receives the broker's frames and closes. */
    interface Sessions {
        void push(long session, String text);

        void closed(long session);
    }

    private final Loop loop;
    private final SeededRandom random;
    private final FaultPlan faultPlan;
    private final Timeline timeline;
    private final BrokerRules rules;
    private final TradingCalendar calendar;
    private final Function<Symbol, Optional<Instrument>> listing;
    private final Sessions sessions;

    private final Map<Object, Change> storage = new LinkedHashMap<>();
    private final List<Input> queuedInputs = new ArrayList<>();
    private final Map<Long, Consumer<CallResult>> calls = new LinkedHashMap<>();
    private List<Change> committing = List.of();
    private BrokerCore core;
    private Instant latest;
    private boolean isUp = true;
    private boolean busy;
    private int life;
    private long ids;
    private Optional<Loop.Task> timer = Optional.empty();

    BrokerProcess(
            Loop loop,
            SeededRandom random,
            FaultPlan faultPlan,
            Timeline timeline,
            BrokerRules rules,
            TradingCalendar calendar,
            Function<Symbol, Optional<Instrument>> listing,
            Sessions sessions) {
        this.loop = loop;
        this.random = random;
        this.faultPlan = faultPlan;
        this.timeline = timeline;
        this.rules = rules;
        this.calendar = calendar;
        this.listing = listing;
        this.sessions = sessions;
        this.latest = loop.now();
        this.core = new BrokerCore(rules, calendar, listing, StoredChanges.none(), loop.now());
    }

    boolean isUp() {
        return isUp;
    }

    /** Submits a REST call; {@code done} receives its outcome once. */
    void call(LongFunction<Input> call, Consumer<CallResult> done) {
        if (!isUp) {
            done.accept(new CallResult.Reset());
            return;
        }
        long id = ++ids;
        calls.put(id, done);
        deliver(call.apply(id));
    }

    /** Submits an input without an answer of its own. */
    void deliver(Input input) {
        if (isUp) {
            queuedInputs.add(input);
            processInputs();
        }
    }

    /** The complete file, in the order in which a core can read it. */
    StoredChanges storedState() {
        var all = new ArrayList<Change>(storage.values());
        all.sort(Comparator.comparingInt(BrokerProcess::rank)
                .thenComparingLong(change -> change instanceof Change.Order order ? order.priority() : 0)
                .thenComparingLong(change -> change instanceof Change.Order order ? order.odno() : 0));
        return new StoredChanges(all);
    }

    private static int rank(Change change) {
        return switch (change) {
            case Change.Identity _ -> 0;
            case Change.Key _ -> 1;
            case Change.KeyAccount _ -> 2;
            case Change.Token _ -> 3;
            case Change.Day _ -> 4;
            case Change.Cash _ -> 5;
            case Change.Holding _ -> 6;
            case Change.Dividend _ -> 6;
            case Change.Loan _ -> 6;
            case Change.Order _ -> 7;
            case Change.Fill _ -> 8;
            case Change.Price _ -> 9;
            case Change.FirstDay _ -> 10;
            case Change.Traded _ -> 11;
            case Change.TradedMinutes _ -> 11;
            case Change.TodaysMinutes _ -> 11;
            case Change.TradingDate _ -> 12;
        };
    }

    /** The process ends in the middle of a step, and restarts after {@code downtime}. */
    void crash(Duration downtime) {
        if (!isUp) {
            return;
        }
        boolean durable = random.chance(0.5);
        timeline.log(
                loop.now(),
                "broker",
                () -> "DIES; its commit under way "
                        + (committing.isEmpty() ? "was none" : durable ? "reached the disk" : "is lost"));
        if (durable) {
            committing.forEach(change -> storage.put(change.id(), change));
        }
        isUp = false;
        life++;
        busy = false;
        committing = List.of();
        queuedInputs.clear();
        timer.ifPresent(Loop.Task::callOff);
        var pendingCalls = new LinkedHashMap<>(calls);
        calls.clear();
        pendingCalls.values().forEach(call -> call.accept(new CallResult.Reset()));
        loop.in(downtime, () -> {
            isUp = true;
            core = new BrokerCore(rules, calendar, listing, storedState(), advanceClock());
            timeline.log(loop.now(), "broker", () -> "is up again");
            processInputs();
        });
    }

    private void processInputs() {
        if (busy || !isUp) {
            return;
        }
        var changes = new ArrayList<Change>();
        var effects = new ArrayList<Effect>();
        for (Input input : List.copyOf(queuedInputs)) {
            Step step = core.handle(input, advanceClock());
            changes.addAll(step.append());
            effects.addAll(step.afterDurable());
        }
        queuedInputs.clear();
        if (changes.isEmpty()) {
            effects.forEach(this::release);
            armTimer();
            return;
        }
        busy = true;
        committing = changes;
        int startedLife = life;
        loop.in(faultPlan.flush(loop.now()), () -> {
            if (startedLife == life) {
                changes.forEach(change -> storage.put(change.id(), change));
                committing = List.of();
                busy = false;
                effects.forEach(this::release);
                processInputs();
            }
        });
    }

    /** Schedules a timer for when agents or PINGPONGs are due. */
    private void armTimer() {
        timer.ifPresent(Loop.Task::callOff);
        timer = core.nextDue().map(due -> {
            Instant at = due.isBefore(loop.now().plus(MIN_TIMER_INTERVAL))
                    ? loop.now().plus(MIN_TIMER_INTERVAL)
                    : due;
            return loop.at(at, () -> deliver(new Input.Tick()));
        });
    }

    private Instant advanceClock() {
        latest = loop.now().isAfter(latest) ? loop.now() : latest;
        return latest;
    }

    private void release(Effect effect) {
        switch (effect) {
            case Effect.Reply reply -> complete(reply.id(), new CallResult.Answer(reply.answer()));
            case Effect.ResetCall reset -> complete(reset.id(), new CallResult.Reset());
            case Effect.Push push -> push.sessions().forEach(session -> sessions.push(session, push.text()));
            case Effect.CloseSocket close -> sessions.closed(close.session());
            case Effect.DropSocket drop -> sessions.closed(drop.session());
        }
    }

    private void complete(long id, CallResult result) {
        Consumer<CallResult> caller = calls.remove(id);
        if (caller != null) {
            caller.accept(result);
        }
    }
}
