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
import kr.kisgateway.simulator.broker.Change;
import kr.kisgateway.simulator.broker.Effect;
import kr.kisgateway.simulator.broker.HttpAnswer;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Kept;
import kr.kisgateway.simulator.broker.Step;

/**
 * The broker: the simulator's core with a file in memory. As the simulator's own desk does, it runs what waits, commits all
 * of it at once and only then tells anybody; a commit that was not through when the process died may be there or not.
 */
final class BrokerProcess {
    /** Agents act between the inputs; looked at this often at most, which moves nothing but the notices of their fills. */
    private static final Duration GLANCE = Duration.ofMillis(40);

    /** What a caller of the broker's REST side gets. */
    sealed interface Heard {
        record Answer(HttpAnswer answer) implements Heard {}

        /** The connection broke. */
        record Reset() implements Heard {}
    }

    /** Where the broker's frames and closings go. */
    interface Sessions {
        void push(long session, String text);

        void closed(long session);
    }

    private final Loop loop;
    private final Dice dice;
    private final Weather weather;
    private final Timeline timeline;
    private final BrokerRules rules;
    private final TradingCalendar calendar;
    private final Function<Symbol, Optional<Instrument>> listing;
    private final Sessions sessions;

    private final Map<Object, Change> file = new LinkedHashMap<>();
    private final List<Input> waiting = new ArrayList<>();
    private final Map<Long, Consumer<Heard>> calls = new LinkedHashMap<>();
    private List<Change> committing = List.of();
    private BrokerCore core;
    private Instant latest;
    private boolean up = true;
    private boolean busy;
    private int life;
    private long ids;
    private Optional<Loop.Task> glance = Optional.empty();

    BrokerProcess(
            Loop loop,
            Dice dice,
            Weather weather,
            Timeline timeline,
            BrokerRules rules,
            TradingCalendar calendar,
            Function<Symbol, Optional<Instrument>> listing,
            Sessions sessions) {
        this.loop = loop;
        this.dice = dice;
        this.weather = weather;
        this.timeline = timeline;
        this.rules = rules;
        this.calendar = calendar;
        this.listing = listing;
        this.sessions = sessions;
        this.latest = loop.now();
        this.core = new BrokerCore(rules, calendar, listing, Kept.nothing(), loop.now());
    }

    boolean up() {
        return up;
    }

    /** Hands a REST call over; {@code done} hears once what became of it. */
    void call(LongFunction<Input> call, Consumer<Heard> done) {
        if (!up) {
            done.accept(new Heard.Reset());
            return;
        }
        long id = ++ids;
        calls.put(id, done);
        tell(call.apply(id));
    }

    /** Hands something over that has no answer of its own. */
    void tell(Input input) {
        if (up) {
            waiting.add(input);
            work();
        }
    }

    /** Everything on file, in the order in which a core can take it in. */
    Kept kept() {
        var all = new ArrayList<Change>(file.values());
        all.sort(Comparator.comparingInt(BrokerProcess::rank)
                .thenComparingLong(change -> change instanceof Change.Order order ? order.priority() : 0)
                .thenComparingLong(change -> change instanceof Change.Order order ? order.odno() : 0));
        return new Kept(all);
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
            case Change.Order _ -> 7;
            case Change.Fill _ -> 8;
            case Change.Price _ -> 9;
            case Change.FirstDay _ -> 10;
            case Change.Traded _ -> 11;
            case Change.TradedMinutes _ -> 11;
            case Change.TodaysMinutes _ -> 11;
            case Change.Us _ -> 12;
        };
    }

    /** The process ends in the middle of whatever it does, and begins again after {@code away}. */
    void die(Duration away) {
        if (!up) {
            return;
        }
        boolean reached = dice.chance(0.5);
        timeline.say(
                loop.now(),
                "broker",
                () -> "DIES; its commit under way "
                        + (committing.isEmpty() ? "was none" : reached ? "reached the disk" : "is lost"));
        if (reached) {
            committing.forEach(change -> file.put(change.key(), change));
        }
        up = false;
        life++;
        busy = false;
        committing = List.of();
        waiting.clear();
        glance.ifPresent(Loop.Task::callOff);
        var broken = new LinkedHashMap<>(calls);
        calls.clear();
        broken.values().forEach(call -> call.accept(new Heard.Reset()));
        loop.in(away, () -> {
            up = true;
            core = new BrokerCore(rules, calendar, listing, kept(), time());
            timeline.say(loop.now(), "broker", () -> "is back");
            work();
        });
    }

    private void work() {
        if (busy || !up) {
            return;
        }
        var changes = new ArrayList<Change>();
        var effects = new ArrayList<Effect>();
        for (Input input : List.copyOf(waiting)) {
            Step step = core.on(input, time());
            changes.addAll(step.append());
            effects.addAll(step.afterDurable());
        }
        waiting.clear();
        if (changes.isEmpty()) {
            effects.forEach(this::release);
            look();
            return;
        }
        busy = true;
        committing = changes;
        int mine = life;
        loop.in(weather.flush(loop.now()), () -> {
            if (mine == life) {
                changes.forEach(change -> file.put(change.key(), change));
                committing = List.of();
                busy = false;
                effects.forEach(this::release);
                work();
            }
        });
    }

    /** Comes back when agents or PINGPONGs are due. */
    private void look() {
        glance.ifPresent(Loop.Task::callOff);
        glance = core.nextDue().map(due -> {
            Instant at = due.isBefore(loop.now().plus(GLANCE)) ? loop.now().plus(GLANCE) : due;
            return loop.at(at, () -> tell(new Input.Tick()));
        });
    }

    private Instant time() {
        latest = loop.now().isAfter(latest) ? loop.now() : latest;
        return latest;
    }

    private void release(Effect effect) {
        switch (effect) {
            case Effect.Reply reply -> answer(reply.id(), new Heard.Answer(reply.answer()));
            case Effect.ResetCall reset -> answer(reset.id(), new Heard.Reset());
            case Effect.Push push -> push.sessions().forEach(session -> sessions.push(session, push.text()));
            case Effect.CloseSocket close -> sessions.closed(close.session());
            case Effect.DropSocket drop -> sessions.closed(drop.session());
        }
    }

    private void answer(long id, Heard heard) {
        Consumer<Heard> caller = calls.remove(id);
        if (caller != null) {
            caller.accept(heard);
        }
    }
}
