package kr.kisgateway.simulator.broker;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.IndexFunds;
import kr.kisgateway.simulator.catalog.Json;
import kr.kisgateway.simulator.catalog.Reply;
import kr.kisgateway.simulator.catalog.Routes;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;

/**
 * The broker: all state and rules, and nothing else. One thread drives it with inputs and instants; each step returns what
 * must be on disk and what may be sent after that.
 *
 * <p>Before an input is handled, everything due by its instant happens: the day rolls, agents act, PINGPONGs are sent. So
 * the outcome depends on the inputs and their instants only, not on how often the driver checks its clock.
 */
public final class BrokerCore implements Core {
    private static final String TRADING = "/uapi/domestic-stock/v1/trading/";
    private static final String QUOTATIONS = "/uapi/domestic-stock/v1/quotations/";

    /** How long a call that is never answered stays open, unless its client times out first. */
    private static final long NO_ANSWER_MS = 600_000;

    /**
     * Trades of agents alone save the figures to disk at this interval, all stocks together; a user's trade and an answer that
     * shows the figures save them at once.
     */
    private static final long PRICE_SAVE_SECONDS = 1;

    /** The delay of an answer behind the notices that overtake it. */
    private static final long BEHIND_NOTICES_MS = 200;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}");
    private static final Pattern NEXT_KEY = Pattern.compile("CTX_AREA_NK[0-9]*", Pattern.CASE_INSENSITIVE);
    private static final Pattern QUANTITY = Pattern.compile("[0-9]{1,9}");

    /** Calls that the market and the ledger answer themselves, with the ids of the live face; paper's begin with V. */
    private static final Map<String, List<String>> TR_IDS = Map.of(
            QUOTATIONS + "inquire-price", List.of("FHKST01010100"),
            TRADING + "order-cash", List.of("TTTC0012U", "TTTC0802U", "TTTC0011U", "TTTC0801U"),
            TRADING + "order-rvsecncl", List.of("TTTC0013U", "TTTC0803U"),
            TRADING + "inquire-daily-ccld", List.of("TTTC0081R", "TTTC8001R", "CTSC9215R", "CTSC9115R"),
            TRADING + "inquire-balance", List.of("TTTC8434R"),
            TRADING + "inquire-psbl-order", List.of("TTTC8908R"));

    private static final List<String> SELL_ORDERS = List.of("TTC0011U", "TTC0801U");

    private final BrokerRules rules;
    private final SkewedCalendar calendar;
    private final Faults faults;
    private final Identities identities;
    private final Exchange exchange;
    private final Ledger ledger;
    private final Balances balances;
    private final DailyOrders dailyOrders;
    private final Sockets sockets;
    private final ConformanceMonitor conformance;
    private final MarketFeed feed;
    private final CatalogCallHandler catalogCalls;
    private final PricePath pricePath = new PricePath();
    private final RecordedDays recordedDays;
    private final MarketQuotes quotes;
    private final YearExtremes extremes = new YearExtremes();
    private final UsBroker usBroker;
    private final Map<String, List<String>> builtInTrIds;

    private final Map<String, Stock> unsavedPrices = new TreeMap<>();

    /** Stocks with trades order by order since their minutes were last saved, which happens once a minute. */
    private final Map<String, Stock> unsavedMinutes = new TreeMap<>();

    private long lastSavedMinute;
    private final Map<String, Long> calls = new TreeMap<>();
    private StepOutput out = new StepOutput();
    private boolean expired;
    private Instant pricesSavedAt = Instant.MIN;

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
        this.rules = rules;
        this.faults = new Faults(rules.seed());
        faults.setClock(now);
        this.calendar = new SkewedCalendar(calendar, faults);
        Map<Symbol, Tape.Figures> figures = new HashMap<>();
        Map<Symbol, Tape.Figures> figuresOfNxt = new HashMap<>();
        LocalDate day = calendar.tradingDay(now);
        for (Change change : stored.changes()) {
            if (change instanceof Change.Price price) {
                (price.venue() == Venue.NXT ? figuresOfNxt : figures).put(price.symbol(), price.figures());
            } else if (change instanceof Change.Day d) {
                day = d.day();
            }
        }
        this.calendar.resume(day, now);
        boolean unattended = rules.market().dormantTrading() && rules.actionsPerSecond() > 0;
        recordedDays = new RecordedDays(rules.seed(), calendar, stored, day, unattended);
        identities = new Identities(rules, customers, faults);
        conformance = new ConformanceMonitor(customers.conformanceLimits());
        exchange = new Exchange(
                instruments,
                VenueHours.of(calendar),
                rules.market(),
                day,
                now,
                rules.seed(),
                rules.actionsPerSecond(),
                figures,
                figuresOfNxt,
                unattended ? recordedDays.dailyHistory()::base : Exchange.BasePrices.UNCHANGED);
        for (Change change : stored.changes()) {
            if (change instanceof Change.TodaysMinutes(var symbol, var venue, var of, var minutes) && of.equals(day)) {
                exchange.restoreMinutes(symbol, venue, minutes);
            }
        }
        Catalog catalog = Catalog.load();
        quotes = new MarketQuotes(
                exchange,
                this.calendar,
                recordedDays.dailyHistory(),
                new Listing(instruments),
                this::day,
                VenueScope.KRX);
        sockets = new Sockets(
                rules,
                identities,
                faults,
                conformance,
                symbol -> exchange.find(symbol).isPresent(),
                CatalogCallHandler.realtime(rules, catalog, quotes),
                exchange.timed());
        feed = new MarketFeed(exchange, sockets, faults, rules, this::day);
        balances = new Balances(exchange, faults, rules.face());
        dailyOrders = new DailyOrders(exchange, faults, rules.face());
        ledger =
                new Ledger(exchange, this.calendar, rules, faults, balances, day, new Market(), sockets::publishNotice);
        catalogCalls = new CatalogCallHandler(rules, catalog, quotes, exchange, ledger, balances);
        usBroker = new UsBroker(
                rules, UsHours.of(calendar), faults, sockets, quotes, () -> ledger.nextNumber(out), this::day, now);
        builtInTrIds = new HashMap<>();
        TR_IDS.forEach((path, ids) ->
                builtInTrIds.put(path, ids.stream().map(this::trIdOfFace).toList()));
        for (Change change : stored.changes()) {
            identities.restore(change, now);
            ledger.restore(change);
            usBroker.restore(change);
        }
        ledger.finishRestore(now);
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
        return ledger.day();
    }

    private String trIdOfFace(String liveTrId) {
        return rules.face() == Face.LIVE || liveTrId.startsWith("F") ? liveTrId : "V" + liveTrId.substring(1);
    }

    @Override
    public Step handle(Input input, Instant now) {
        out = new StepOutput();
        recordedDays.saveFirstDay(out);
        advance(now);
        switch (input) {
            case Input.Rest rest -> rest(rest, now);
            case Input.SocketOpened opened -> sockets.opened(opened, refusesWeekendConnections(now), now, out);
            case Input.SocketText text -> {
                sockets.text(text, now, out).ifPresent(symbol -> {
                    for (Venue venue :
                            sockets.watchesNxt(symbol) ? List.of(Venue.KRX, Venue.NXT) : List.of(Venue.KRX)) {
                        exchange.find(symbol, venue).ifPresent(stock -> {
                            exchange.wake(stock, now, new Market());
                            stock.requestBookPublication();
                        });
                    }
                });
                usBroker.publishBooks(sockets.takeNewUsKeys(), now, out);
            }
            case Input.SocketPong pong -> sockets.pong(pong.session());
            case Input.SocketClosed closed -> sockets.closed(closed.session(), now);
            case Input.Tick tick -> {}
            case Input.Play play -> play(play.scenario(), play.start(), now);
            case Input.PlayNow(long id, Scenario scenario) -> {
                boolean hasRoom = faults.hasCapacity(scenario.faults().size());
                if (hasRoom) {
                    play(scenario, now, now);
                    applyDueFaults(now);
                }
                out.answer(new Effect.Reply(
                        id,
                        hasRoom
                                ? HttpAnswer.of(200, faults.json())
                                : HttpAnswer.of(
                                        400,
                                        Json.object()
                                                .field("error", Faults.TOO_MANY)
                                                .text())));
            }
            case Input.SwitchFaults command -> switchFaults(command, now);
            case Input.ReadVerdict(long id, boolean reset) -> {
                out.answer(new Effect.Reply(
                        id, HttpAnswer.of(200, conformance.verdict().json())));
                if (reset) {
                    conformance.reset();
                }
            }
            case Input.OperateMarket(long id, Map<String, Object> command) ->
                out.answer(new Effect.Reply(id, new MarketOperator(exchange, new Market()).operate(command, now)));
            case Input.ReadState state ->
                out.answer(new Effect.Reply(state.id(), HttpAnswer.of(200, state(state.shell()))));
        }
        flush(now);
        out.filterFrames(faults::corrupt, sockets::isMute, sockets.anyMute());
        return out.step();
    }

    @Override
    public Optional<Instant> nextDue() {
        return Stream.of(
                        sockets.nextDue(),
                        exchange.nextAction(),
                        usBroker.nextAction(),
                        ledger.nextArrival(),
                        faults.nextDue(),
                        pricePath.nextDue())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    private void advance(Instant now) {
        Instant lastOfDay = calendar.endOf(ledger.day()).minusNanos(1);
        Instant until = now.isBefore(lastOfDay) ? now : lastOfDay;
        for (Optional<Instant> next = nextEventOfDay(until); next.isPresent(); next = nextEventOfDay(until)) {
            exchange.advance(next.get(), new Market());
            faults.setClock(next.get());
            applyPriceMoves(next.get());
            if (ledger.nextArrival().equals(next)) {
                ledger.arrive(out);
            }
        }
        LocalDate today = calendar.tradingDay(now);
        Instant end = calendar.endOf(ledger.day());
        if (!expired && !end.isAfter(now)) {
            // However long the clock was not checked, the pending events of the day precede its end.
            if (end.isAfter(exchange.now())) {
                exchange.advance(end, new Market());
            }
            expired = true;
            ledger.expireAll(out);
        }
        if (today.isAfter(ledger.day())) {
            rollDay(today, now);
        }
        for (Optional<Instant> next = nextMove(now); next.isPresent(); next = nextMove(now)) {
            exchange.advance(next.get(), new Market());
            faults.setClock(next.get());
            applyPriceMoves(next.get());
        }
        exchange.advance(now, new Market());
        usBroker.advance(now, out);
        faults.setClock(now);
        applyDueFaults(now);
    }

    /** The next order request that reaches the exchange, or the next price of a scenario. */
    private Optional<Instant> nextEventOfDay(Instant until) {
        return Stream.of(ledger.nextArrival(), pricePath.nextDue())
                .flatMap(Optional::stream)
                .filter(at -> !at.isAfter(until))
                .min(Comparator.naturalOrder());
    }

    private Optional<Instant> nextMove(Instant until) {
        return pricePath.nextDue().filter(at -> !at.isAfter(until));
    }

    private void play(Scenario scenario, Instant start, Instant now) {
        faults.play(scenario, start);
        pricePath.play(scenario, start);
        applyPriceMoves(now);
    }

    private void applyPriceMoves(Instant now) {
        pricePath.applyDueMoves(
                now,
                to -> exchange.find(to.symbol())
                        .ifPresent(stock -> exchange.move(stock, to.price(), now, new Market())));
    }

    private void rollDay(LocalDate next, Instant now) {
        if (calendar.isTradingDay(ledger.day())) {
            exchange.finishDay();
            recordedDays.saveDay(ledger.day(), exchange, out);
        }
        ledger.rollDay(next, now, out);
        expired = false;
    }

    /** Runs what is due by the clock: PINGPONGs, late frames, and one-time faults. */
    private void applyDueFaults(Instant now) {
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
            LocalDate ending = ledger.day();
            rollDay(calendar.beginNextDay(ending), now);
        }
    }

    /** Whether connections are refused because of a weekend, as observed on the practice system. */
    private boolean refusesWeekendConnections(Instant now) {
        return rules.face() == Face.PAPER
                && faults.isOn("refuse_paper_weekends")
                && faults.brokerTime(now)
                                .atZone(TradingCalendar.SEOUL)
                                .getDayOfWeek()
                                .getValue()
                        >= DayOfWeek.SATURDAY.getValue();
    }

    /** Receives the exchange's events: fills go to the ledger, trades to the tape and its subscribers. */
    private final class Market implements Exchange.Listener {
        @Override
        public void filled(Stock stock, long orderId, long price, long qty, Instant at) {
            faults.setClock(at);
            ledger.filled(stock, orderId, price, qty, at, out);
        }

        @Override
        public void traded(Stock stock, long price, long qty, Optional<Side> aggressor, Instant at) {
            feed.traded(stock, price, qty, aggressor, at, out);
            unsavedPrices.put(key(stock), stock);
            unsavedMinutes.put(key(stock), stock);
        }

        @Override
        public boolean isWatched(Stock stock) {
            return ledger.hasOpenOrders(stock.symbol()) || feed.isWatched(stock);
        }

        @Override
        public void phaseChanged(Stock stock, Phase before, Phase after, Instant at) {
            faults.setClock(at);
            ledger.phaseChanged(stock, before, after, at, out);
            feed.publishPhaseChange(stock, before, after, out);
            unsavedPrices.put(key(stock), stock);
        }

        @Override
        public void stopTriggered(Stock stock, long orderId, Instant at) {
            faults.setClock(at);
            ledger.stopTriggered(orderId, at, out);
        }
    }

    private void flush(Instant now) {
        feed.flush(now, out);
        usBroker.flush(now, out);
        saveMinutes(now);
        if (!unsavedPrices.isEmpty()
                && !pricesSavedAt.plusSeconds(PRICE_SAVE_SECONDS).isAfter(now)) {
            pricesSavedAt = now;
            savePrices();
        }
    }

    private void savePrices() {
        unsavedPrices
                .values()
                .forEach(stock -> out.save(new Change.Price(
                        stock.symbol(), stock.venue(), stock.tape().figures())));
        unsavedPrices.clear();
    }

    private void saveMinutes(Instant now) {
        long minute = now.getEpochSecond() / 60;
        if (minute == lastSavedMinute || unsavedMinutes.isEmpty()) {
            return;
        }
        lastSavedMinute = minute;
        unsavedMinutes
                .values()
                .forEach(stock -> out.save(new Change.TodaysMinutes(
                        stock.symbol(), stock.venue(), ledger.day(), stock.minutesToStore(now))));
        unsavedMinutes.clear();
    }

    private static String key(Stock stock) {
        return stock.venue() + " " + stock.symbol();
    }

    // ---- REST ----------------------------------------------------------------------------------------------------

    private void rest(Input.Rest call, Instant now) {
        String path = call.path();
        calls.merge(isBuiltInPath(path) || catalogCalls.hasPath(path) ? path : "elsewhere", 1L, Long::sum);
        if (refusesWeekendConnections(now)) {
            out.answer(new Effect.ResetCall(call.id()));
            return;
        }
        switch (path) {
            case "/oauth2/tokenP", "/oauth2/revokeP", "/oauth2/Approval" -> {
                if (!failBeforeReceipt(call, occasion(call), now)) {
                    HttpAnswer answer = oauth(call, now);
                    if (call.body() instanceof Input.Body.Fields(Map<String, String> values, String text)) {
                        conformance.tokenAnswered(identities.findWellFormed(values.getOrDefault("appkey", "")), answer);
                    }
                    reply(call, answer);
                }
            }
            case "/uapi/hashkey" -> reply(call, hashkey(call));
            default -> {
                Input.Rest routed = routeByTrId(call);
                switch (admit(routed, now)) {
                    case Admission.Denied denied -> reply(routed, denied.answer());
                    case Admission.Admitted admitted -> execute(routed, admitted, now);
                }
            }
        }
    }

    /**
     * Routes an account query by its TR id, whatever other account query its path names: programs in use request the buying
     * power (TTTC8908R) on the path of the balance. [assumed]
     */
    private Input.Rest routeByTrId(Input.Rest call) {
        String path = call.path();
        String trId = call.headers().getOrDefault("tr_id", "");
        boolean accountQuery = call.method().equals("GET") && path.contains("/trading/");
        if (!accountQuery
                || builtInTrIds.getOrDefault(path, List.of()).contains(trId)
                || !catalogCalls.hasPath(path)
                || faults.isOn("route_by_path")) {
            return call;
        }
        return builtInTrIds.entrySet().stream()
                .filter(each ->
                        each.getKey().contains("/inquire-") && each.getValue().contains(trId))
                .map(Map.Entry::getKey)
                .findFirst()
                .or(() -> catalogCalls.accountQuery(trId).filter(of -> !catalogCalls.serves(path, trId)))
                .map(call::withPath)
                .orElse(call);
    }

    private static boolean isBuiltInPath(String path) {
        return TR_IDS.containsKey(path)
                || path.equals("/uapi/hashkey")
                || List.of("/oauth2/tokenP", "/oauth2/revokeP", "/oauth2/Approval")
                        .contains(path);
    }

    private HttpAnswer oauth(Input.Rest call, Instant now) {
        return call.method().equals("POST") && call.body() instanceof Input.Body.Fields fields
                ? identities.oauth(call.path(), fields.values(), call.entropy(), now, out)
                : HttpAnswer.of(
                        400,
                        Json.object()
                                .field("error_description", "유효하지 않은 요청입니다.")
                                .field("error_code", "EGW00101")
                                .text());
    }

    /** The order of the checks is assumed: app key, secret, authorization, rate limit, TR id. */
    private Admission admit(Input.Rest call, Instant now) {
        if (!call.path().startsWith("/uapi/")) {
            return new Admission.Denied(AnswerBodies.error(404, "EGW00101", "유효하지 않은 요청입니다."));
        }
        conformance.callReceived(call, identities.findWellFormed(call.headers().getOrDefault("appkey", "")));
        return switch (identities.caller(call.headers(), now)) {
            case Identities.Caller.Rejected unknown -> new Admission.Denied(unknown.answer());
            case Identities.Caller.Authenticated match -> {
                boolean limitStorm = faults.hits("rate_limit_storm", occasion(call));
                if (limitStorm || !match.key().calls.admit(now)) {
                    if (!limitStorm) {
                        conformance.overLimit(call, match.key());
                    }
                    yield new Admission.Denied(AnswerBodies.error(500, "EGW00201", "초당 거래건수를 초과하였습니다."));
                }
                Admission admission = resolveRoute(call, match);
                if (admission instanceof Admission.Denied(HttpAnswer answer)) {
                    conformance.refused(call, match.key(), answer);
                }
                yield admission;
            }
        };
    }

    private sealed interface Admission {
        /** @param api the catalog's call; empty when the market and the ledger answer it themselves */
        record Admitted(Identities.AppKey key, Identities.Token token, Optional<RestCall> api) implements Admission {}

        record Denied(HttpAnswer answer) implements Admission {}
    }

    private Admission resolveRoute(Input.Rest call, Identities.Caller.Authenticated match) {
        String trId = call.headers().getOrDefault("tr_id", "");
        boolean get = call.path().contains("/inquire-");
        Optional<RestCall> api = Optional.empty();
        if (faults.isOn("refuse_old_tr_ids") && catalogCalls.isLegacyTrId(trId)) {
            return new Admission.Denied(AnswerBodies.error(200, "OPSQ0002", "없는 서비스 코드 입니다."));
        }
        if (!builtInTrIds.getOrDefault(call.path(), List.of()).contains(trId)
                || !call.method().equals(get ? "GET" : "POST")) {
            switch (catalogCalls.find(call.method(), call.path(), trId)) {
                case Routes.Route.Found(RestCall found) -> api = Optional.of(found);
                case Routes.Route.Refused(Reply reply) -> {
                    return new Admission.Denied(new HttpAnswer(reply.status(), "", "", reply.body()));
                }
            }
        }
        Optional<HttpAnswer> wrong = headerError(call);
        return wrong.isPresent()
                ? new Admission.Denied(wrong.get())
                : new Admission.Admitted(match.key(), match.token(), api);
    }

    private Optional<HttpAnswer> headerError(Input.Rest call) {
        String custType = call.headers().getOrDefault("custtype", rules.custTypeRequired() ? "" : "P");
        if (!custType.equals("P") && !custType.equals("B")) {
            return Optional.of(AnswerBodies.error(500, "EGW00208", "고객타입이 유효하지 않습니다."));
        }
        String type = call.headers().getOrDefault("content-type", "application/json");
        if (!type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            return Optional.of(AnswerBodies.error(500, "EGW00132", "Content-Type이 유효하지 않습니다."));
        }
        return Optional.empty();
    }

    private void execute(Input.Rest call, Admission.Admitted caller, Instant now) {
        Faults.Occasion occasion = occasion(call);
        if (failBeforeReceipt(call, occasion, now)) {
            observeOrderOutcome(call, caller, ConformanceMonitor.OrderOutcome.UNANSWERED, now);
            return;
        }
        Optional<HttpAnswer> failed = failBeforeProcessing(call, caller, occasion, now);
        if (failed.isPresent()) {
            if (!caller.token().isDead(now)) {
                observeOrderOutcome(call, caller, ConformanceMonitor.OrderOutcome.UNANSWERED, now);
            }
            reply(call, failed.get());
            return;
        }
        HttpAnswer answer = answer(call, caller, now);
        if (answer.status() == 200 && answer.body().contains("\"rt_cd\":\"0\"")) {
            boolean result = deliver(call, answer, caller, occasion, now);
            observeOrderOutcome(
                    call,
                    caller,
                    result
                            ? ConformanceMonitor.OrderOutcome.ACCEPTED
                            : ConformanceMonitor.OrderOutcome.ACCEPTED_UNANSWERED,
                    now);
        } else {
            Refusal.of(answer, rules.face()).ifPresent(why -> {
                observeOrderOutcome(call, caller, ConformanceMonitor.OrderOutcome.REFUSED, now);
                if (occasion.is(Faults.ORDERS) || occasion.is(Faults.REVISIONS)) {
                    Map<String, String> in = ((Input.Body.Fields) call.body()).values();
                    conformance.refused(
                            caller.key(), why, in.getOrDefault("PDNO", "a revision"), in.getOrDefault("ORD_UNPR", ""));
                }
            });
            boolean reject = answer.status() == 200 && !occasion.is(Faults.QUERIES) && faults.isOn("rejects_500");
            reply(call, reject ? new HttpAnswer(500, answer.trId(), answer.trCont(), answer.body()) : answer);
        }
    }

    /** Reports an order for domestic stocks, or a query of the list of them, to the conformance monitor. */
    private void observeOrderOutcome(
            Input.Rest call, Admission.Admitted caller, ConformanceMonitor.OrderOutcome result, Instant now) {
        boolean order = call.path().equals(TRADING + "order-cash");
        boolean orderQuery = List.of(TRADING + "inquire-daily-ccld", TRADING + "inquire-psbl-rvsecncl")
                .contains(call.path());
        if (!order && !(orderQuery && result == ConformanceMonitor.OrderOutcome.ACCEPTED)) {
            return;
        }
        Map<String, String> in = call.body() instanceof Input.Body.Fields(Map<String, String> values, String text)
                ? values
                : upperCase(call.query());
        String account = Secrets.hash(in.getOrDefault("CANO", "") + in.getOrDefault("ACNT_PRDT_CD", ""));
        if (orderQuery) {
            conformance.ordersQueried(caller.key(), account);
            return;
        }
        boolean sell = call.headers().getOrDefault("tr_id", " ").substring(1).equals(SELL_ORDERS.get(0))
                || call.headers().getOrDefault("tr_id", " ").substring(1).equals(SELL_ORDERS.get(1));
        String same = String.join(
                " ",
                sell ? "SELL" : "BUY",
                in.getOrDefault("PDNO", ""),
                in.getOrDefault("ORD_QTY", ""),
                "at",
                in.getOrDefault("ORD_UNPR", ""),
                "as",
                in.getOrDefault("ORD_DVSN", ""),
                venue(in));
        conformance.ordered(caller.key(), account, same, result, now);
    }

    /** Whether the call fails in transit, before any authentication. */
    private boolean failBeforeReceipt(Input.Rest call, Faults.Occasion occasion, Instant now) {
        if (faults.hits("refuse_connections", occasion)) {
            out.answer(new Effect.ResetCall(call.id()));
        } else if (faults.hits("unanswered_before", occasion)) {
            sockets.schedule(now.plusMillis(NO_ANSWER_MS), new Effect.ResetCall(call.id()));
        } else if (faults.hits("server_errors_before", occasion)) {
            reply(call, serverError());
        } else if (faults.hits("unavailable_before", occasion)) {
            reply(call, unavailable());
        } else if (faults.hits("too_many_requests", occasion)) {
            reply(call, tooManyRequests());
        } else {
            return false;
        }
        return true;
    }

    private static Faults.Occasion occasion(Input.Rest call) {
        return new Faults.Occasion(target(call), call.path());
    }

    private static String target(Input.Rest call) {
        return switch (call.path()) {
            case "/oauth2/tokenP", "/oauth2/revokeP", "/oauth2/Approval" -> Faults.TOKENS;
            case TRADING + "order-cash" -> Faults.ORDERS;
            case TRADING + "order-rvsecncl" -> Faults.REVISIONS;
            default -> {
                if (!call.method().equals("POST") || !call.path().contains("/trading/")) {
                    yield Faults.QUERIES;
                }
                yield call.path().endsWith("rvsecncl") ? Faults.REVISIONS : Faults.ORDERS;
            }
        };
    }

    /** The answer of a call that fails before anything is booked. */
    private Optional<HttpAnswer> failBeforeProcessing(
            Input.Rest call, Admission.Admitted caller, Faults.Occasion target, Instant now) {
        if (faults.hits("dead_tokens_before", target)) {
            identities.kill(caller.token(), now, out);
            return Optional.of(identities.expiredTokenAnswer());
        }
        if (faults.hits("timeouts_before", target)) {
            return Optional.of(timeout());
        }
        if (target.is(Faults.QUERIES) && faults.hits("query_errors", target)) {
            return Optional.of(queryError());
        }
        if (target.is(Faults.QUERIES) && !isFirstPage(call)) {
            if (faults.hits("failed_pages", target)) {
                return Optional.of(queryError());
            }
            if (faults.hits("changed_pages", target)) {
                return Optional.of(AnswerBodies.ledgerError("7", "SYDB0050", "조회이후에 자료가 변경되었습니다.(다시 조회하세요)"));
            }
        }
        return Optional.empty();
    }

    /** Delivers the answer of a call that was processed, unless a fault loses it. Returns whether it was delivered. */
    private boolean deliver(
            Input.Rest call, HttpAnswer answer, Admission.Admitted caller, Faults.Occasion target, Instant now) {
        if (faults.hits("dead_tokens_after", target)) {
            identities.kill(caller.token(), now, out);
        }
        if (faults.hits("lose_answers", target)) {
            out.answer(new Effect.ResetCall(call.id()));
        } else if (faults.hits("unanswered_after", target)) {
            sockets.schedule(now.plusMillis(NO_ANSWER_MS), new Effect.ResetCall(call.id()));
        } else if (faults.hits("server_errors_after", target)) {
            reply(call, serverError());
        } else if (faults.hits("unavailable_after", target)) {
            reply(call, unavailable());
        } else if (faults.hits("timeouts_after", target)) {
            reply(call, timeout());
        } else if (faults.hits("broken_answers", target)) {
            reply(call, malformedAnswer());
        } else if (faults.hits("late_answers", target)) {
            replyLater(call, answer, now, faults.time("late_answer_ms", ""));
            return true;
        } else if (faults.hits("notices_first", target)) {
            replyLater(call, answer, now, BEHIND_NOTICES_MS);
            return true;
        } else {
            reply(call, answer);
            return true;
        }
        return false;
    }

    private static HttpAnswer serverError() {
        return AnswerBodies.error(500, "EGW00002", "서버 에러가 발생하였습니다.");
    }

    /** An answer of the proxy before the broker's gateway, in its own words and not in JSON. */
    private static HttpAnswer unavailable() {
        return HttpAnswer.of(503, "<html><body><h1>503 Service Unavailable</h1></body></html>");
    }

    /** An answer of a load balancer before KIS, not KIS's own. */
    private static HttpAnswer tooManyRequests() {
        return HttpAnswer.of(429, "<html><body><h1>429 Too Many Requests</h1></body></html>");
    }

    private static HttpAnswer timeout() {
        return AnswerBodies.error(500, "EGW00301", "연결 시간이 초과되었습니다. 직전 거래를 반드시 확인하세요.");
    }

    private static HttpAnswer queryError() {
        return AnswerBodies.error(500, "EGW00316", "조회 처리 중 오류 발생하였습니다. 재 조회 수행 부탁드립니다.");
    }

    private static HttpAnswer malformedAnswer() {
        return HttpAnswer.of(
                500,
                Json.object()
                        .field("rt_cd", "0")
                        .field("msg_cd", "IGW00009")
                        .field("msg1", "응답전문 구성 중 오류가 발생하였습니다.")
                        .text());
    }

    private HttpAnswer answer(Input.Rest call, Admission.Admitted caller, Instant now) {
        if (caller.api().isPresent()) {
            return answerFromCatalog(call, caller.api().get(), caller.key(), now);
        }
        String name = call.path().substring(call.path().lastIndexOf('/') + 1);
        if (name.equals("inquire-price")) {
            return price(call, now);
        }
        boolean query = call.method().equals("GET");
        if (!query && !(call.body() instanceof Input.Body.Fields)) {
            return AnswerBodies.error(200, "OPSQ9995", "JSON PARSING ERROR : body");
        }
        Map<String, String> in = query ? upperCase(call.query()) : ((Input.Body.Fields) call.body()).values();
        Optional<AccountId> id = account(in).filter(a -> identities.owns(caller.key(), a));
        if (id.isEmpty()) {
            return invalidAccount();
        }
        if (hasWrongHash(call)) {
            return AnswerBodies.error(500, "EGW00131", "유효하지 않은 hashkey입니다.");
        }
        Optional<String> missing = firstMissing(name, in);
        if (missing.isPresent()) {
            return missingField(missing.get());
        }
        Account account = ledger.findOrOpenAccount(id.get(), out);
        identities.bindAccount(caller.key(), id.get(), out);
        if (overLedgerLimit(call, caller.key(), account, now)) {
            return ledgerLimitExceeded();
        }
        String next = in.getOrDefault("CTX_AREA_NK100", "").strip();
        boolean order = name.startsWith("order-");
        if (order && rules.face() == Face.PAPER && faults.isOn("blocked_accounts")) {
            return AnswerBodies.ledgerError("1", "40910000", "모의투자 주문이 불가한 계좌입니다.");
        }
        return switch (name) {
            case "order-cash" -> orderCash(call, in, account, now);
            case "order-rvsecncl" -> revise(in, account, now);
            case "inquire-daily-ccld" -> dailyOrders(call, in, account, now);
            case "inquire-balance" -> balances.balance(account, isFirstPage(call), next);
            default ->
                ledger.buyingPower(
                                account,
                                in.getOrDefault("PDNO", ""),
                                in.getOrDefault("ORD_DVSN", ""),
                                Long.parseLong("0" + digits(in.getOrDefault("ORD_UNPR", ""))))
                        .map(power -> HttpAnswer.of(200, AnswerBodies.buyingPower(power)))
                        .orElseGet(() -> Refusal.UNKNOWN_SYMBOL.answer(rules.face()));
        };
    }

    /** Answers a call of the catalog that neither the market nor the ledger answers by itself. */
    private HttpAnswer answerFromCatalog(Input.Rest call, RestCall api, Identities.AppKey key, Instant now) {
        boolean query = call.method().equals("GET");
        if (!query && !(call.body() instanceof Input.Body.Fields)) {
            return AnswerBodies.error(200, "OPSQ9995", "JSON PARSING ERROR : body");
        }
        Map<String, String> in =
                query ? CatalogRequest.upperCaseNames(call.query()) : ((Input.Body.Fields) call.body()).values();
        boolean needsAccount =
                api.params().stream().anyMatch(param -> param.name().equals("CANO"));
        Optional<AccountId> id = needsAccount ? account(in).filter(a -> identities.owns(key, a)) : Optional.empty();
        if (needsAccount && id.isEmpty()) {
            return invalidAccount();
        }
        if (hasWrongHash(call)) {
            return AnswerBodies.error(500, "EGW00131", "유효하지 않은 hashkey입니다.");
        }
        CatalogRequest request = new CatalogRequest(
                        api, call.headers().getOrDefault("tr_id", ""), in, !isFirstPage(call))
                .withDefaults();
        Optional<HttpAnswer> wrong = catalogCalls.validate(request);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        Optional<Account> account = id.map(of -> ledger.findOrOpenAccount(of, out));
        id.ifPresent(of -> identities.bindAccount(key, of, out));
        if (account.isPresent() && overLedgerLimit(call, key, account.get(), now)) {
            return ledgerLimitExceeded();
        }
        Optional<HttpAnswer> usAnswer = usBroker.answer(request, id, now, out);
        if (usAnswer.isPresent()) {
            return usAnswer.get();
        }
        catalogCalls.stock(request).ifPresent(symbol -> currentSnapshot(symbol, venueScope(request), now));
        // Published prices must be in the file.
        savePrices();
        return catalogCalls.answer(
                request, account, () -> usBroker.assets(id.orElseThrow(), out), faults.brokerTime(now), out);
    }

    private boolean overLedgerLimit(Input.Rest call, Identities.AppKey key, Account account, Instant now) {
        if (faults.hits("ledger_limit_storm", occasion(call))) {
            return true;
        }
        boolean over = !account.ledgerCalls.admit(now);
        if (over) {
            conformance.overLedgerLimit(call, key);
        }
        return over;
    }

    private static VenueScope venueScope(CatalogRequest request) {
        return VenueScope.of(request.param("FID_COND_MRKT_DIV_CODE"));
    }

    /** Paper has accounts of stocks (01) and of futures and options (03) only. */
    private Optional<AccountId> account(Map<String, String> in) {
        return AccountId.parse(in.getOrDefault("CANO", ""), in.getOrDefault("ACNT_PRDT_CD", ""))
                .filter(id -> rules.face() == Face.LIVE
                        || id.product().equals("01")
                        || id.product().equals("03"));
    }

    private static HttpAnswer invalidAccount() {
        return AnswerBodies.error(200, "OPSQ2000", "ERROR : INPUT INVALID_CHECK_ACNO");
    }

    private static HttpAnswer ledgerLimitExceeded() {
        return AnswerBodies.error(500, "EGW00215", "원장에서 허용 가능한 초당 거래건수를 초과하였습니다.");
    }

    private HttpAnswer price(Input.Rest call, Instant now) {
        Map<String, String> in = upperCase(call.query());
        String market = in.getOrDefault("FID_COND_MRKT_DIV_CODE", "");
        if (market.isEmpty()) {
            return AnswerBodies.ledgerError("2", "OPSQ2001", "ERROR : INPUT INVALID_CHECK_MRKT_DIV_CODE");
        }
        String code = in.getOrDefault("FID_INPUT_ISCD", "");
        if (code.isEmpty()) {
            return missingField("FID_INPUT_ISCD");
        }
        return HttpAnswer.of(
                200,
                Symbol.parse(code)
                        .flatMap(symbol -> currentSnapshot(symbol, VenueScope.of(market), now))
                        .map(snapshot -> AnswerBodies.price(
                                snapshot,
                                ledger.day(),
                                extremes.of(
                                        snapshot.stock().symbol(),
                                        VenueScope.of(market),
                                        ledger.day(),
                                        () -> quotes.forDivision(market).lastYear(snapshot))))
                        .orElseGet(() -> AnswerBodies.unknownPrice(code)));
    }

    /** Wakes the requested stock and makes sure that its published figures are stored. */
    private Optional<MarketSnapshot> currentSnapshot(Symbol symbol, VenueScope scope, Instant now) {
        for (Venue venue : List.of(Venue.KRX, Venue.NXT)) {
            if (scope.includes(venue)) {
                exchange.find(symbol, venue).ifPresent(stock -> {
                    exchange.wake(stock, now, new Market());
                    if (unsavedPrices.remove(key(stock)) != null | stock.consumeCaughtUp()) {
                        out.save(new Change.Price(symbol, venue, stock.tape().figures()));
                    }
                });
            }
        }
        return MarketSnapshot.of(exchange, symbol, scope);
    }

    private HttpAnswer orderCash(Input.Rest call, Map<String, String> in, Account account, Instant now) {
        String trId = call.headers().getOrDefault("tr_id", "");
        return ledger.place(
                new Ledger.Request(
                        account,
                        in.getOrDefault("PDNO", ""),
                        SELL_ORDERS.contains(trId.substring(1)) ? Side.SELL : Side.BUY,
                        in.getOrDefault("ORD_DVSN", ""),
                        venue(in),
                        Long.parseLong(in.getOrDefault("ORD_QTY", "0")),
                        Long.parseLong(in.getOrDefault("ORD_UNPR", "0")),
                        Long.parseLong("0" + digits(in.getOrDefault("CNDT_PRIC", "")))),
                now,
                out);
    }

    private HttpAnswer revise(Map<String, String> in, Account account, Instant now) {
        String original = in.getOrDefault("ORGN_ODNO", "").strip();
        if (!NUMBER.matcher(original).matches()) {
            return AnswerBodies.error(500, "IGW00022", "원주문번호 오류입니다.");
        }
        boolean cancel = in.getOrDefault("RVSE_CNCL_DVSN_CD", "").equals("02");
        boolean all = in.getOrDefault("QTY_ALL_ORD_YN", "").equals("Y");
        return ledger.revise(
                new Ledger.Revision(
                        account,
                        in.getOrDefault("KRX_FWDG_ORD_ORGNO", "").strip(),
                        Long.parseLong(original),
                        cancel,
                        all,
                        in.getOrDefault("ORD_DVSN", ""),
                        venue(in),
                        Long.parseLong(in.getOrDefault("ORD_QTY", "0")),
                        Long.parseLong(in.getOrDefault("ORD_UNPR", "0")),
                        Long.parseLong("0" + digits(in.getOrDefault("CNDT_PRIC", "")))),
                now,
                out);
    }

    private HttpAnswer dailyOrders(Input.Rest call, Map<String, String> in, Account account, Instant now) {
        Optional<LocalDate> from = DailyOrders.Query.day(in.getOrDefault("INQR_STRT_DT", ""));
        Optional<LocalDate> to = DailyOrders.Query.day(in.getOrDefault("INQR_END_DT", ""));
        if (from.isEmpty() || to.isEmpty()) {
            return missingField(from.isEmpty() ? "INQR_STRT_DT" : "INQR_END_DT");
        }
        DailyOrders.Query query = new DailyOrders.Query(
                from.get(),
                to.get(),
                in.getOrDefault("SLL_BUY_DVSN_CD", "00"),
                in.getOrDefault("PDNO", ""),
                Long.parseLong("0" + digits(in.getOrDefault("ODNO", ""))),
                in.getOrDefault("CCLD_DVSN", "00"),
                in.getOrDefault("INQR_DVSN", "00").equals("01"),
                in.getOrDefault("EXCG_ID_DVSN_CD", ""));
        return dailyOrders.answer(
                account,
                query,
                isFirstPage(call),
                in.getOrDefault("CTX_AREA_NK100", "").strip(),
                now);
    }

    /** The first mandatory field that is absent or misspelt. */
    private static Optional<String> firstMissing(String name, Map<String, String> in) {
        return switch (name) {
            case "order-cash" ->
                firstInvalid(in, Map.of("ORD_QTY", QUANTITY, "ORD_UNPR", NUMBER), List.of("PDNO", "ORD_DVSN"))
                        .or(() -> Long.parseLong(in.getOrDefault("ORD_QTY", "0")) == 0
                                ? Optional.of("ORD_QTY")
                                : Optional.empty());
            case "order-rvsecncl" ->
                firstInvalid(in, Map.of("ORD_QTY", QUANTITY, "ORD_UNPR", NUMBER), List.of("ORD_DVSN"))
                        .or(() -> in.getOrDefault("RVSE_CNCL_DVSN_CD", "").matches("0[12]")
                                ? Optional.empty()
                                : Optional.of("RVSE_CNCL_DVSN_CD"))
                        .or(() -> in.getOrDefault("QTY_ALL_ORD_YN", "").matches("[YN]")
                                ? Optional.empty()
                                : Optional.of("QTY_ALL_ORD_YN"));
            case "inquire-daily-ccld" -> firstInvalid(in, Map.of(), List.of("INQR_STRT_DT", "INQR_END_DT"));
            case "inquire-psbl-order" -> firstInvalid(in, Map.of(), List.of("ORD_DVSN"));
            default -> Optional.empty();
        };
    }

    private static Optional<String> firstInvalid(
            Map<String, String> in, Map<String, Pattern> numbers, List<String> texts) {
        for (String text : texts) {
            if (in.getOrDefault(text, "").isEmpty()) {
                return Optional.of(text);
            }
        }
        return numbers.entrySet().stream()
                .filter(e ->
                        !e.getValue().matcher(in.getOrDefault(e.getKey(), "")).matches())
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst();
    }

    private static HttpAnswer missingField(String field) {
        return AnswerBodies.ledgerError("2", "OPSQ2002", "ERROR : INPUT FIELD_LENGTH [" + field + "]");
    }

    private static HttpAnswer hashkey(Input.Rest call) {
        return call.body() instanceof Input.Body.Fields fields
                ? HttpAnswer.of(
                        200,
                        Json.object()
                                .raw("BODY", fields.text())
                                .field("HASH", hash(fields))
                                .text())
                : AnswerBodies.error(200, "OPSQ9995", "JSON PARSING ERROR : body");
    }

    private static boolean hasWrongHash(Input.Rest call) {
        String sentHash = call.headers().getOrDefault("hashkey", "");
        return !sentHash.isEmpty() && call.body() instanceof Input.Body.Fields fields && !sentHash.equals(hash(fields));
    }

    /** Hashes names and values in sorted order, so spaces and the order of fields do not matter. */
    private static String hash(Input.Body.Fields fields) {
        return Secrets.hash(new TreeMap<>(fields.values()).toString());
    }

    private static String venue(Map<String, String> in) {
        String venue = in.getOrDefault("EXCG_ID_DVSN_CD", "");
        return venue.isEmpty() ? "KRX" : venue;
    }

    /** Without the header the continuation keys select the page: programs in use send them alone, and are served. */
    private static boolean isFirstPage(Input.Rest call) {
        String header = call.headers().get("tr_cont");
        return header == null
                ? call.query().entrySet().stream()
                        .filter(param -> NEXT_KEY.matcher(param.getKey()).matches())
                        .allMatch(param -> param.getValue().isBlank())
                : !header.strip().equals("N");
    }

    private static String digits(String text) {
        return NUMBER.matcher(text).matches() ? text : "";
    }

    private static Map<String, String> upperCase(Map<String, String> query) {
        Map<String, String> upper = new HashMap<>();
        query.forEach((name, value) -> upper.put(name.toUpperCase(Locale.ROOT), value));
        return upper;
    }

    private void reply(Input.Rest call, HttpAnswer answer) {
        long delayMs = faults.latency(occasion(call));
        if (delayMs > 0) {
            replyLater(call, answer, faults.now(), delayMs);
        } else {
            out.answer(new Effect.Reply(call.id(), withTrId(call, answer)));
        }
    }

    private void replyLater(Input.Rest call, HttpAnswer answer, Instant now, long millis) {
        sockets.schedule(now.plusMillis(millis), new Effect.Reply(call.id(), withTrId(call, answer)));
    }

    private HttpAnswer withTrId(Input.Rest call, HttpAnswer answer) {
        String trId = call.path().startsWith("/uapi/") ? call.headers().getOrDefault("tr_id", "") : "";
        boolean firstOfManyPages = answer.trCont().equals("M") && isFirstPage(call) && faults.isOn("first_pages_f");
        return new HttpAnswer(answer.status(), trId, firstOfManyPages ? "F" : answer.trCont(), answer.body());
    }

    // ---- control -------------------------------------------------------------------------------------------------

    private void switchFaults(Input.SwitchFaults command, Instant now) {
        List<String> wrong = faults.validateSwitches(command.values());
        if (!wrong.isEmpty()) {
            out.answer(new Effect.Reply(
                    command.id(),
                    HttpAnswer.of(
                            400,
                            Json.object()
                                    .field("error", String.join("; ", wrong))
                                    .text())));
            return;
        }
        faults.apply(command.values());
        applyDueFaults(now);
        out.answer(new Effect.Reply(command.id(), HttpAnswer.of(200, faults.json())));
    }

    private String state(Map<String, Object> shell) {
        Json json = Json.object();
        json.field("business_date", ledger.day().toString());
        json.number("open_orders", ledger.openOrders());
        json.startObject("orders_received");
        ledger.received().forEach(json::number);
        json.end().startObject("revisions_received");
        ledger.revised().forEach(json::number);
        json.end().startObject("calls");
        calls.forEach(json::number);
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
