package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;
import kr.kisgateway.simulator.catalog.IndexFunds;
import kr.kisgateway.simulator.catalog.Json;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.wire.Catalog;

/**
 * The broker: all state and rules, and nothing else. One thread drives it with inputs and instants; each step returns what
 * must be on disk and what may be sent after that.
 *
 * <p>Before an input is handled, everything due by its instant happens: the day rolls, agents act, PINGPONGs are sent. So
 * the outcome depends on the inputs and their instants only, not on how often the driver checks its clock.
 */
public final class BrokerCore implements Core {
    private final Faults faults;
    private final Identities identities;
    private final EffectSchedule schedule = new EffectSchedule();
    private final Sockets sockets;
    private final ConformanceMonitor conformance;
    private final DomesticBroker domestic;
    private final UsBroker usBroker;
    private final CallFaults callFaults;
    private final RestCalls restCalls;
    private StepOutput out = new StepOutput();

    /**
     * Opens the broker on stored records, for unrestricted customers.
     *
     * @param instruments the listing
     * @param now sets the business date of a new file
     */
    public BrokerCore(
            BrokerRules rules,
            TradingCalendar calendar,
            Function<Symbol, Optional<Instrument>> instruments,
            StoredChanges stored,
            Instant now) {
        this(rules, Customers.unrestricted(), calendar, instruments, stored, now);
    }

    /** Opens the broker on stored records for these customers. */
    public BrokerCore(
            BrokerRules rules,
            Customers customers,
            TradingCalendar calendar,
            Function<Symbol, Optional<Instrument>> listing,
            StoredChanges stored,
            Instant now) {
        Function<Symbol, Optional<Instrument>> instruments =
                symbol -> listing.apply(symbol).map(IndexFunds::atIndexPrice);
        this.faults = new Faults(rules.seed());
        faults.setClock(now);
        SkewedCalendar brokerCalendar = new SkewedCalendar(calendar, faults);
        LocalDate day = lastDay(stored).orElseGet(() -> calendar.tradingDay(now));
        brokerCalendar.resume(day, now);
        identities = new Identities(rules, customers, faults);
        conformance = new ConformanceMonitor(customers.conformanceLimits());
        RecordedDays recordedDays = new RecordedDays(rules.seed(), calendar, stored, day, tradesUnattended(rules));
        Exchange exchange = openExchange(rules, calendar, instruments, stored, recordedDays, day, now);
        MarketQuotes quotes = new MarketQuotes(
                exchange,
                brokerCalendar,
                recordedDays.dailyHistory(),
                new Listing(instruments),
                this::day,
                VenueScope.KRX);
        Catalog catalog = Catalog.load();
        Registrations registrations = new Registrations(faults, rules.face(), exchange.timed());
        sockets = new Sockets(
                rules,
                identities,
                faults,
                conformance,
                symbol -> exchange.find(symbol).isPresent(),
                CatalogCallHandler.realtime(rules, catalog, quotes),
                registrations,
                schedule);
        Balances balances = new Balances(exchange, faults, rules.face());
        domestic = new DomesticBroker(
                rules,
                exchange,
                brokerCalendar,
                faults,
                sockets,
                registrations,
                balances,
                recordedDays,
                day,
                symbol -> listing.apply(symbol).orElseThrow().name());
        usBroker = new UsBroker(
                rules,
                UsHours.of(calendar),
                faults,
                sockets,
                registrations,
                quotes,
                () -> domestic.ledger().nextNumber(),
                this::day,
                now);
        callFaults = new CallFaults(rules, faults, identities, schedule);
        CatalogCallHandler catalogCalls =
                new CatalogCallHandler(rules, catalog, quotes, exchange, domestic.ledger(), balances);
        TradingCalls tradingCalls = new TradingCalls(
                rules, faults, domestic, balances, new DailyOrders(exchange, faults, rules.face()), quotes);
        CallRouter router = new CallRouter(rules, faults, catalogCalls);
        CallAnswers answers =
                new CallAnswers(rules, faults, identities, conformance, domestic, usBroker, tradingCalls, catalogCalls);
        restCalls = new RestCalls(rules, identities, faults, conformance, router, callFaults, answers);
        restore(stored, now);
    }

    private static Optional<LocalDate> lastDay(StoredChanges stored) {
        return stored.changes().stream()
                .flatMap(change -> change instanceof Change.Day day ? Stream.of(day.day()) : Stream.empty())
                .reduce((earlier, later) -> later);
    }

    /** Whether stocks trade that no program has requested. */
    private static boolean tradesUnattended(BrokerRules rules) {
        return rules.market().dormantTrading() && rules.actionsPerSecond() > 0;
    }

    private static Exchange openExchange(
            BrokerRules rules,
            TradingCalendar calendar,
            Function<Symbol, Optional<Instrument>> instruments,
            StoredChanges stored,
            RecordedDays recordedDays,
            LocalDate day,
            Instant now) {
        Map<Symbol, Tape.Figures> figures = new HashMap<>();
        Map<Symbol, Tape.Figures> figuresOfNxt = new HashMap<>();
        for (Change change : stored.changes()) {
            if (change instanceof Change.Price(Symbol symbol, String venue, Tape.Figures of)) {
                (venue.equals(Venue.NXT.name()) ? figuresOfNxt : figures).put(symbol, of);
            }
        }
        Exchange exchange = new Exchange(
                instruments,
                VenueHours.of(calendar),
                rules.market(),
                day,
                now,
                rules.seed(),
                rules.actionsPerSecond(),
                figures,
                figuresOfNxt,
                recordedDays.dailyHistory()::base);
        for (Change change : stored.changes()) {
            if (change instanceof Change.TodaysMinutes(var symbol, var venue, var of, var minutes) && of.equals(day)) {
                exchange.restoreMinutes(symbol, venue, minutes);
            }
        }
        return exchange;
    }

    private void restore(StoredChanges stored, Instant now) {
        for (Change change : stored.changes()) {
            identities.restore(change, now);
            domestic.ledger().restore(change);
            usBroker.restore(change);
        }
        domestic.ledger().finishRestore(now);
    }

    /** The instruments of this broker, read at the first request for them. */
    private static final class Listing implements Supplier<List<Instrument>> {
        private final Function<Symbol, Optional<Instrument>> lookup;
        private List<Instrument> all = List.of();

        Listing(Function<Symbol, Optional<Instrument>> match) {
            this.lookup = match;
        }

        @Override
        public List<Instrument> get() {
            if (all.isEmpty()) {
                all = Instruments.load().all().stream()
                        .flatMap(each -> lookup.apply(each.symbol()).stream())
                        .toList();
            }
            return all;
        }
    }

    private LocalDate day() {
        return domestic.ledger().day();
    }

    @Override
    public Step handle(Input input, Instant now) {
        out = new StepOutput();
        domestic.begin(out);
        usBroker.begin(out);
        advance(now);
        switch (input) {
            case Input.Rest rest -> restCalls.handle(rest, now, out);
            case Input.SocketOpened opened ->
                sockets.opened(opened, callFaults.refusesWeekendConnections(now), now, out);
            case Input.SocketText text -> {
                sockets.text(text, now, out).ifPresent(symbol -> domestic.publishBooks(symbol, now));
                usBroker.publishBooks(sockets.takeNewUsKeys(), now);
            }
            case Input.SocketPong pong -> sockets.pong(pong.session());
            case Input.SocketClosed closed -> sockets.closed(closed.session(), now);
            case Input.Tick tick -> {}
            case Input.Play play -> play(play.scenario(), play.start(), now);
            case Input.PlayNow(long id, Scenario scenario) -> answer(id, playNow(scenario, now));
            case Input.SwitchFaults(long id, Map<String, Object> values) -> answer(id, switchFaults(values, now));
            case Input.ReadVerdict(long id, boolean reset) -> {
                answer(id, HttpAnswer.of(200, conformance.verdict().json()));
                if (reset) {
                    conformance.reset();
                }
            }
            case Input.OperateMarket(long id, Map<String, Object> command) ->
                answer(id, domestic.operate(command, now));
            case Input.ReadState state -> answer(state.id(), HttpAnswer.of(200, state(state.shell(), now)));
        }
        domestic.publish(now);
        usBroker.flush(now);
        domestic.saveDueFigures(now);
        out.filterFrames(faults::corrupt, sockets::isMute, sockets.anyMute());
        return out.step();
    }

    private void answer(long id, HttpAnswer answer) {
        out.answer(new Effect.Reply(id, answer));
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    @Override
    public Optional<Instant> nextDue() {
        return Stream.of(
                        schedule.nextDue(),
                        sockets.nextDue(),
                        domestic.nextDue(),
                        usBroker.nextAction(),
                        faults.nextDue())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    private void advance(Instant now) {
        domestic.advance(now);
        usBroker.advance(now);
        faults.setClock(now);
        applyDueFaults(now);
    }

    /** Runs what is due by the clock: PINGPONGs, late frames, and one-time faults. */
    private void applyDueFaults(Instant now) {
        schedule.release(now, out);
        sockets.advance(now, out);
        if (faults.consumeDueAction("kill_tokens")) {
            identities.killAll(now, out);
        }
        if (faults.consumeDueAction("revoke_tokens")) {
            identities.revokeAll(out);
        }
        if (faults.consumeDueAction("forget_approvals")) {
            identities.clearApprovals();
        }
        if (faults.consumeDueAction("roll_day")) {
            domestic.beginNextDay(now);
        }
    }

    // ---- control -------------------------------------------------------------------------------------------------

    private void play(Scenario scenario, Instant start, Instant now) {
        faults.play(scenario, start);
        domestic.play(scenario, start, now);
    }

    private HttpAnswer playNow(Scenario scenario, Instant now) {
        if (!faults.hasCapacity(scenario.faults().size())) {
            return badRequest(Faults.TOO_MANY);
        }
        play(scenario, now, now);
        applyDueFaults(now);
        return HttpAnswer.of(200, faults.json());
    }

    private HttpAnswer switchFaults(Map<String, Object> values, Instant now) {
        List<String> wrong = faults.validateSwitches(values);
        if (!wrong.isEmpty()) {
            return badRequest(String.join("; ", wrong));
        }
        faults.apply(values);
        applyDueFaults(now);
        return HttpAnswer.of(200, faults.json());
    }

    private static HttpAnswer badRequest(String error) {
        return HttpAnswer.of(400, Json.object().field("error", error).text());
    }

    private String state(Map<String, Object> shell, Instant now) {
        KoreanLedger ledger = domestic.ledger();
        Json json = Json.object();
        json.field("time", now.toString());
        json.field("business_date", ledger.day().toString());
        json.number("open_orders", ledger.openOrders());
        json.startObject("orders_received");
        ledger.received().forEach(json::number);
        json.end().startObject("revisions_received");
        ledger.revised().forEach(json::number);
        json.end().startObject("calls");
        restCalls.counts().forEach(json::number);
        json.end().startObject("sockets");
        sockets.counts().forEach(json::number);
        json.end().startObject("fault_hits");
        faults.hits().forEach(json::number);
        json.end().startArray("sessions");
        for (Sockets.Session session : sockets.sessions()) {
            json.startRow().number("session", session.id).startArray("registrations");
            session.registrations.forEach(r -> json.startRow()
                    .field("tr_id", r.trId())
                    .field("tr_key", r.trKey().equals(session.htsId) ? "***" : r.trKey())
                    .end());
            json.endArray().end();
        }
        json.endArray();
        shell.forEach((name, value) -> json.field(name, value.toString()));
        return json.raw("faults", faults.json()).text();
    }
}
