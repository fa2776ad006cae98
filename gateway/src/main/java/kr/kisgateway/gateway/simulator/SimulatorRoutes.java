package kr.kisgateway.gateway.simulator;

import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.simulator.SimulatorScenario;
import kr.kisgateway.api.simulator.SimulatorState;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.market.Bar;

/** {@code /v1/simulator}: passes the control calls on to the simulator, and plays past days at it. */
public final class SimulatorRoutes implements AutoCloseable {
    private static final String PATH = "/v1/simulator";
    private static final int SYMBOLS_MAX = 10;
    private static final List<String> CHANGES = List.of("faults", "market", "scenario", "replay", "clear_verdict");

    private final ControlCalls simulator;
    private final ReplayPlayer player;
    private final DayMinutes minutes;

    /** The minute bars of a past day. */
    @FunctionalInterface
    public interface DayMinutes {
        /**
         * The minutes of a Korean stock; blocks.
         *
         * @param tenant shares the call budget
         * @return at least one, oldest first
         */
        Result<List<Bar>> of(String symbol, LocalDate day, String tenant);
    }

    /**
     * @param base address of the simulator
     * @param nanos a clock that never goes back
     */
    public SimulatorRoutes(URI base, DayMinutes minutes, TaskRunner tasks, LongSupplier nanos) {
        this.simulator = new ControlCalls(base);
        this.player = new ReplayPlayer(simulator, tasks, nanos);
        this.minutes = minutes;
    }

    public void register(RouteTable table) {
        table.get(Role.OPERATOR, PATH, this::read).post(Role.OPERATOR, PATH, this::change);
    }

    @Override
    public void close() {
        player.close();
        simulator.close();
    }

    private void read(Call call) {
        call.answer(state());
    }

    private SimulatorState state() {
        return new SimulatorState(
                simulator.get("/simulator/state"),
                simulator.get("/simulator/faults"),
                simulator.get("/simulator/verdict"),
                scenarios(),
                player.state());
    }

    private List<SimulatorScenario> scenarios() {
        return simulator
                .get("/simulator/scenarios")
                .path("scenarios")
                .valueStream()
                .map(it -> new SimulatorScenario(
                        it.path("name").asString(""), it.path("description").asString("")))
                .toList();
    }

    private void change(Call call) {
        call.caller().requireUnrestricted("The simulator concerns");
        var body = call.body().requireOnly(Set.copyOf(CHANGES));
        if (body.names().size() != 1) {
            throw RequestBody.invalid("body", "must have one of " + String.join(", ", CHANGES));
        }
        var faults = body.optionalObject("faults");
        var market = body.optionalObject("market");
        var replay = body.optionalObject("replay");
        if (faults.isPresent()) {
            simulator.post("/simulator/faults", faults.get().json());
        } else if (market.isPresent()) {
            simulator.post("/simulator/market", market.get().json());
        } else if (replay.isPresent()) {
            replay(replay.get(), call.caller().name());
        } else if (body.has("scenario")) {
            simulator.post("/simulator/scenario", ApiJson.text(Map.of("name", body.text("scenario"))));
        } else if (body.optionalFlag("clear_verdict").orElse(false)) {
            simulator.post("/simulator/verdict", "{\"clear\":true}");
        } else {
            throw RequestBody.invalid("clear_verdict", "must be true");
        }
        call.answer(state());
    }

    private void replay(RequestBody request, String tenant) {
        request.requireOnly(Set.of("day", "symbols", "playing", "speed", "at", "end"));
        if (request.optionalFlag("end").orElse(false)) {
            player.end();
            return;
        }
        var speed = request.optionalWholeNumber("speed").stream().boxed().findFirst();
        if (speed.filter(times -> times < 1 || times > Replay.SPEED_MAX).isPresent()) {
            throw RequestBody.invalid("speed", "must be from 1 to " + Replay.SPEED_MAX);
        }
        var at = request.optionalText("at").map(SimulatorRoutes::time);
        var playing = request.optionalFlag("playing");
        if (request.has("day")) {
            begin(request, tenant);
        } else if (Stream.of(speed, at, playing).allMatch(Optional::isEmpty)) {
            throw RequestBody.invalid("replay", "must have a day with symbols, or speed, at, playing or end");
        }
        if (!player.change(speed, at, playing)) {
            throw RequestBody.invalid("replay", "needs day and symbols: no day is played now");
        }
    }

    private void begin(RequestBody request, String tenant) {
        var day = day(request.text("day"));
        var symbols = request.texts("symbols", SYMBOLS_MAX);
        if (symbols.isEmpty()) {
            throw RequestBody.invalid("symbols", "must name 1 to " + SYMBOLS_MAX + " stocks");
        }
        var found = new LinkedHashMap<String, List<Bar>>();
        for (var symbol : symbols) {
            found.put(
                    symbol,
                    switch (minutes.of(symbol, day, tenant)) {
                        case Result.Success<List<Bar>>(List<Bar> bars) -> bars;
                        case Result.Refused<List<Bar>>(Refusal refusal) -> throw new RefusedException(refusal);
                    });
        }
        player.begin(day, found);
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw RequestBody.invalid("day", "must be a day, as 2026-11-20");
        }
    }

    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeException e) {
            throw RequestBody.invalid("at", "must be a time of the day, as 10:30");
        }
    }
}
