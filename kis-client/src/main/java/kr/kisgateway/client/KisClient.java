package kr.kisgateway.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import kr.kisgateway.client.breaker.Breakers;
import kr.kisgateway.client.budget.BudgetCore;
import kr.kisgateway.client.budget.CallBudget;
import kr.kisgateway.client.budget.CallPermit;
import kr.kisgateway.client.budget.Grant;
import kr.kisgateway.client.check.OrderChecks;
import kr.kisgateway.client.check.SentOrderChecks;
import kr.kisgateway.client.core.Refusals;
import kr.kisgateway.client.core.Timer;
import kr.kisgateway.client.rest.CallObservation;
import kr.kisgateway.client.rest.CatalogCalls;
import kr.kisgateway.client.rest.KisHttp;
import kr.kisgateway.client.rest.KisRest;
import kr.kisgateway.client.rest.PageCollector;
import kr.kisgateway.client.rest.PageCursor;
import kr.kisgateway.client.rest.PageRequest;
import kr.kisgateway.client.rest.Query;
import kr.kisgateway.client.rest.RestCalls;
import kr.kisgateway.client.rest.Tap;
import kr.kisgateway.client.secret.SecretRedactor;
import kr.kisgateway.client.session.RealtimeSession;
import kr.kisgateway.client.session.SessionCore;
import kr.kisgateway.client.token.TokenCore;
import kr.kisgateway.client.token.TokenFile;
import kr.kisgateway.client.token.TokenFileLock;
import kr.kisgateway.client.token.TokenManager;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.RestCall;
import kr.kisgateway.wire.parse.BalanceAnswer;
import kr.kisgateway.wire.parse.DailyOrderRow;
import kr.kisgateway.wire.parse.ParseResult;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.RestReply;

/**
 * The client of one app key: its token, its call budget, its REST calls and its realtime session. Every call blocks; call from
 * virtual threads. KIS allows one session per app key, so open one client per app key and share it.
 */
public final class KisClient implements AutoCloseable {
    /** TR ids that only cancel: Korean and US reserved orders, orders of foreign futures. */
    private static final Set<String> CANCEL_TR_IDS = Set.of("CTSC0009U", "TTTT3017U", "VTTT3017U", "OTFM3003U");

    /** Calls have different latencies: calls sent a second apart may arrive closer together. */
    private static final Duration WINDOW_MARGIN = Duration.ofMillis(5);

    private static final CallOptions GAP_RESTORE_OPTIONS =
            CallOptions.standard().withLane(Lane.QUOTE).withTenant("gaps");

    private final KisConfig config;
    private final InstantSource clock;
    private final Timer timer;
    private final Timer monotonicTimer;
    private final KisHttp queries;
    private final KisHttp orders;
    private final CallBudget budget;
    private final RestCalls calls;
    private final CatalogCalls catalogCalls;
    private final KisRest rest;
    private final TokenManager tokens;
    private final RealtimeSession session;
    private final SecretRedactor secrets;
    private final Runnable onClose;
    private final AtomicBoolean started;
    private final AtomicBoolean closed;
    private final AtomicBoolean sessionStarted;

    private KisClient(
            KisConfig config,
            InstantSource clock,
            InstantSource monotonicClock,
            KisListener listener,
            RealtimeOptions options,
            Runnable onClose) {
        var random = new SplittableRandom(config.seed());
        Tuning tuning = config.tuning();
        this.config = config;
        this.clock = clock;
        this.onClose = onClose;
        this.started = new AtomicBoolean();
        this.closed = new AtomicBoolean();
        this.sessionStarted = new AtomicBoolean();
        this.timer = new Timer(clock);
        this.monotonicTimer = new Timer(monotonicClock);
        var tap = new Tap(config.traffic());
        this.secrets = new SecretRedactor(config.credentials());
        this.queries = new KisHttp(config.restBase(), tuning.timeouts(), tuning.pool(), clock, timer, tap, secrets);
        this.orders = new KisHttp(config.restBase(), tuning.timeouts(), tuning.pool(), clock, timer, tap, secrets);
        this.budget = new CallBudget(
                new BudgetCore(tuning.limits(), WINDOW_MARGIN),
                clock,
                monotonicClock,
                monotonicTimer,
                this::publishEvent,
                config.calls());
        this.calls = new RestCalls(config.environment(), config.credentials());
        Catalog catalog = Catalog.load();
        this.catalogCalls = new CatalogCalls(
                catalog, config.environment(), config.credentials().account(), config.unlistedInPaper());
        this.rest = new KisRest(
                calls,
                queries,
                orders,
                budget,
                new Breakers(tuning.breaker(), monotonicClock, this::publishEvent),
                tuning,
                clock,
                new CallObservation(config.calls(), monotonicClock),
                random.split());
        this.tokens = new TokenManager(
                new TokenCore(
                        config.tokens().rotation(),
                        Duration.ofSeconds(tuning.limits().tokenSeconds()),
                        random.split()),
                new TokenFile(config, clock),
                config.tokens().lock(),
                new TokenFileLock(config.tokens().file()),
                rest::issueToken,
                clock,
                timer,
                this::publishEvent);
        this.session = new RealtimeSession(
                new SessionCore(tuning.limits(), options.plan(), tuning.timeouts(), random.split()),
                config,
                catalog,
                rest::issueApprovalKey,
                secrets,
                clock,
                timer,
                listener,
                options,
                (name, parameters) -> call(name, parameters, GAP_RESTORE_OPTIONS));
        // Notices first: they must never be the 42nd registration.
        String notices = config.environment() == Environment.PAPER_FACE ? "H0STCNI9" : "H0STCNI0";
        config.credentials().htsId().ifPresent(id -> session.registerUnchecked(new RealtimeKey(notices, id)));
    }

    /** The same client, of the account of {@code config}. */
    private KisClient(KisClient client, KisConfig config) {
        this.config = config;
        this.clock = client.clock;
        this.timer = client.timer;
        this.monotonicTimer = client.monotonicTimer;
        this.queries = client.queries;
        this.orders = client.orders;
        this.budget = client.budget;
        this.calls = new RestCalls(config.environment(), config.credentials());
        this.catalogCalls = client.catalogCalls.forAccount(account());
        this.rest = client.rest;
        this.tokens = client.tokens;
        this.session = client.session;
        this.secrets = client.secrets;
        this.onClose = client.onClose;
        this.started = client.started;
        this.closed = client.closed;
        this.sessionStarted = client.sessionStarted;
    }

    /**
     * This client for another account that the app key may use, such as another product of the same customer. Both are one:
     * they share the token, the call budget and the realtime session, and starting or closing either does so with both.
     */
    public KisClient forAccount(AccountNumber account) {
        var credentials = config.credentials();
        secrets.addAccount(account);
        return new KisClient(
                this,
                config.withCredentials(
                        new Credentials(credentials.appKey(), credentials.appSecret(), account, credentials.htsId())));
    }

    /** The login id of its owner, to whom execution notices are addressed. */
    public Optional<String> htsId() {
        return config.credentials().htsId();
    }

    /** The account of its orders and account queries. */
    public AccountNumber account() {
        return config.credentials().account();
    }

    /**
     * Opens a client that touches neither network nor disk before {@link #start}.
     *
     * @param clock the wall clock of the deadlines
     * @param monotonicClock a clock that is never adjusted, with any origin: it paces KIS's call rate, because a wall clock
     *     that jumps ahead would make the calls of the last second look old
     * @param listener receives the messages of the realtime session, on its own thread
     */
    public static KisClient open(
            KisConfig config, InstantSource clock, InstantSource monotonicClock, KisListener listener) {
        return open(config, clock, monotonicClock, listener, RealtimeOptions.standard());
    }

    /** As the other {@code open}, with {@code options} for the realtime session. */
    public static KisClient open(
            KisConfig config,
            InstantSource clock,
            InstantSource monotonicClock,
            KisListener listener,
            RealtimeOptions options) {
        return new KisClient(config, clock, monotonicClock, listener, options, () -> {});
    }

    /**
     * As {@link #open} and {@link #start}, but the realtime session is idle until {@link #realtime} is called: a program that
     * only sends queries must not take the app key's one session from another.
     *
     * @param onClose runs at the end of {@link #close}
     */
    static KisClient openWithoutRealtime(
            KisConfig config,
            InstantSource clock,
            InstantSource monotonicClock,
            KisListener listener,
            Runnable onClose) {
        var client = new KisClient(config, clock, monotonicClock, listener, RealtimeOptions.standard(), onClose);
        client.startTokens();
        return client;
    }

    /** Requests the token and opens the realtime session, both in the background and again whenever needed. */
    public void start() {
        startTokens();
        startSession();
    }

    private void startTokens() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("this client is already started");
        }
        session.startDelivery();
        tokens.start();
    }

    private void startSession() {
        if (sessionStarted.compareAndSet(false, true)) {
            session.start();
        }
    }

    /** Waits for the token; empty when it is available. */
    Optional<KisFailure> awaitToken(Duration timeout) {
        return switch (tokens.awaitToken(clock.instant().plus(timeout))) {
            case TokenManager.Answer.Available _ -> Optional.empty();
            case TokenManager.Answer.Unavailable(String code, String message, Duration wait) ->
                Optional.of(rest.tokenFailure(code, message, wait));
        };
    }

    /** The address of the REST calls. */
    public URI restBase() {
        return config.restBase();
    }

    /** The KIS environment of this client. */
    public Environment environment() {
        return config.environment();
    }

    /** The clock of deadlines. */
    public InstantSource clock() {
        return clock;
    }

    /** The queue in which every call waits for its slot. */
    public Budget budget() {
        return budget;
    }

    /** Connections of the queries to KIS. */
    public PoolState queryConnections() {
        return queries.pool();
    }

    /** Connections of the orders to KIS, which no query takes. */
    public PoolState orderConnections() {
        return orders.pool();
    }

    /** When the current access token expires; empty while there is none. */
    public Optional<Instant> tokenExpiresAt() {
        return tokens.current().map(TokenCore.Token::expiresAt);
    }

    /** The current price of {@code symbol} on KRX (주식현재가, FHKST01010100), in lane QUOTE. */
    public KisReply<PriceAnswer> inquirePrice(Symbol symbol, Instant deadline) {
        return inquirePrice(symbol, Venue.KRX, KisRest.CallContext.CLIENT_TENANT, deadline);
    }

    /**
     * The same of a venue.
     *
     * @param venue {@code SOR} requests both exchanges combined
     * @param tenant originator; tenants of the lane take turns
     */
    public KisReply<PriceAnswer> inquirePrice(Symbol symbol, Venue venue, String tenant, Instant deadline) {
        return switch (rest.requestPage(
                new PageCursor(calls.price(), calls.priceParameters(symbol, venue)),
                new KisRest.CallContext(Lane.QUOTE, tenant, deadline),
                tokens)) {
            case KisReply.Ok<RestCalls.Page>(RestCalls.Page page) -> toReply(PriceAnswer.parse(page.reply()));
            case KisReply.Failed<RestCalls.Page>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    /**
     * Cash and holdings of the account (주식잔고조회, TTTC8434R), all pages. It lags fills by seconds.
     *
     * @param lane RESOLVE or ACCOUNT
     */
    public KisReply<BalanceAnswer> inquireBalance(Lane lane, Instant deadline) {
        var pages = new PageCollector<>(calls.balance(), calls.balanceParameters(), BalanceAnswer::parse);
        return switch (rest.requestAllPages(pages, KisRest.CallContext.of(lane, deadline), tokens)) {
            case KisReply.Ok<List<BalanceAnswer>>(List<BalanceAnswer> all) -> {
                var holdings = new ArrayList<BalanceAnswer.Holding>();
                all.forEach(page -> holdings.addAll(page.holdings()));
                // Every page repeats the sums; the last is the newest.
                yield new KisReply.Ok<>(
                        new BalanceAnswer(holdings, all.getLast().cash()));
            }
            case KisReply.Failed<List<BalanceAnswer>>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    /**
     * All orders of {@code day} on all venues (주식일별주문체결조회, TTTC0081R; CTSC9215R for days further back than
     * three months, which is slow while the market is open), oldest first. Ok only when every page was read:
     * an order that is missing from an Ok may still exist, because KIS lists a new order only after seconds.
     *
     * @param lane RESOLVE or ACCOUNT
     */
    public KisReply<List<DailyOrderRow>> inquireDailyOrders(LocalDate day, Lane lane, Instant deadline) {
        LocalDate today = todayInSeoul();
        if (day.isAfter(today)) {
            return Refusals.invalidRequest(day + " is in the future", "request " + today + " or an earlier day");
        }
        var pages = new PageCollector<>(
                calls.dailyOrders(day, today), calls.dailyOrderParameters(day), DailyOrderRow::parseAll);
        return switch (rest.requestAllPages(pages, KisRest.CallContext.of(lane, deadline), tokens)) {
            case KisReply.Ok<List<List<DailyOrderRow>>>(List<List<DailyOrderRow>> all) ->
                new KisReply.Ok<>(all.stream().flatMap(List::stream).toList());
            case KisReply.Failed<List<List<DailyOrderRow>>>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    /**
     * Waits for the slot of one order, modification or cancel, for a program with its own queue: while the circuit
     * breaker of orders is open none is granted, so that orders wait there instead of being rejected. A cancel (lane {@link
     * Lane#CANCEL}) passes.
     *
     * @param tenant originator; tenants of a lane take turns
     */
    public OrderGrant acquireOrder(Lane lane, String tenant, Instant deadline) {
        return rest.acquireOrder(new KisRest.CallContext(lane, tenant, deadline), lane == Lane.CANCEL);
    }

    /**
     * The permission to send one order, modification or cancel, if a slot is free now that no other call is in line for; empty
     * otherwise, and while the circuit breaker of orders is open. Does not wait: for a program that would rather do something else
     * first, and then wait with {@link #acquireOrder}.
     *
     * @param tenant originator; tenants of a lane take turns
     */
    public Optional<Permit> acquireOrderNow(Lane lane, String tenant, Instant deadline) {
        return rest.acquireOrderNow(new KisRest.CallContext(lane, tenant, deadline), lane == Lane.CANCEL);
    }

    /**
     * Sends {@code order} (주식주문 현금, TTTC0011U, TTTC0012U; 신용, TTTC0051U, TTTC0052U) at most once, and not after the permit's deadline. Never waits
     * for a token: without one the answer is NotSent. NotSent releases the permit's slot where KIS has not counted it.
     */
    public Placement place(Permit permit, PlaceOrder order) {
        return releaseIfInvalid(permit, OrderChecks.validate(config.environment(), order, todayInSeoul()))
                .orElseGet(() -> rest.order(
                        CallPermit.of(permit),
                        Breakers.CallClass.ORDERS,
                        false,
                        token -> calls.place(token, order),
                        calls::evaluateOrder,
                        tokens));
    }

    /**
     * Sends a new price for the rest of an order (주식주문 정정, TTTC0013U) at most once, and not after the permit's deadline. Accepted
     * carries the new order number.
     */
    public Placement modify(Permit permit, ModifyOrder modify) {
        return releaseIfInvalid(permit, OrderChecks.validate(modify, todayInSeoul()))
                .orElseGet(() -> rest.order(
                        CallPermit.of(permit),
                        Breakers.CallClass.ORDERS,
                        false,
                        token -> calls.modify(token, modify),
                        calls::evaluateOrder,
                        tokens));
    }

    /** Sends a full or partial cancel (주식주문 취소, TTTC0013U), at most once, and not after the permit's deadline. */
    public Placement cancel(Permit permit, CancelOrder cancel) {
        return releaseIfInvalid(permit, OrderChecks.validate(cancel))
                .orElseGet(() -> rest.order(
                        CallPermit.of(permit),
                        Breakers.CallClass.ORDERS,
                        true,
                        token -> calls.cancel(token, cancel),
                        calls::evaluateOrder,
                        tokens));
    }

    /** An order that KIS would surely refuse costs no slot. */
    private static Optional<Placement> releaseIfInvalid(Permit permit, Optional<KisFailure> trouble) {
        trouble.ifPresent(_ -> permit.release());
        return trouble.map(Refusals::notSent);
    }

    private LocalDate todayInSeoul() {
        return LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
    }

    /** The options of a call without its own: a timeout of {@link Tuning#callTimeout}. */
    public CallOptions standardOptions() {
        return CallOptions.standard().withTimeout(config.tuning().callTimeout());
    }

    /** Typed queries and orders for Korean stocks, indices and ETFs. */
    public DomesticCalls domestic() {
        return new DomesticCalls(this, config.environment(), clock);
    }

    /** Typed queries for overseas stocks, and orders for US stocks. */
    public OverseasCalls overseas() {
        return new OverseasCalls(this, config.environment(), clock);
    }

    /** As {@link #call(String, Map, CallOptions)} with {@link #standardOptions}. */
    public KisReply<KisAnswer> call(String name, Map<String, String> parameters) {
        return call(name, parameters, standardOptions());
    }

    /**
     * Sends any query of the catalog, for one page. A query that KIS would surely refuse is not sent.
     *
     * @param name a TR id such as {@code FHPST01710000}, or the catalog's id where there is one TR id only; the id of the
     *     other environment is exchanged for this one's
     * @param parameters by the names of the catalog; the account, the constants of KIS's samples and what may be blank can
     *     be left out
     */
    public KisReply<KisAnswer> call(String name, Map<String, String> parameters, CallOptions options) {
        return switch (catalogCalls.prepare(name, false, parameters)) {
            case CatalogCalls.Prepared.Refused(KisFailure failure) -> new KisReply.Failed<>(failure);
            case CatalogCalls.Prepared.Ready ready ->
                toAnswer(
                        ready,
                        rest.requestPage(
                                new PageCursor(ready.query(), ready.parameters()),
                                callContext(ready, options),
                                tokens));
        };
    }

    /**
     * Prepares a query of the catalog and sends nothing: finds the TR id of this environment, completes the parameters and
     * checks them as far as KIS documents them.
     *
     * @param name a TR id, or the catalog's own id
     * @param parameters by name in any case, without the account
     */
    public KisReply<PreparedQuery> prepare(String name, Map<String, String> parameters) {
        return switch (catalogCalls.prepare(name, false, parameters)) {
            case CatalogCalls.Prepared.Refused(KisFailure failure) -> new KisReply.Failed<>(failure);
            case CatalogCalls.Prepared.Ready ready ->
                new KisReply.Ok<>(
                        new PreparedQuery(ready.call(), ready.query().trId().orElseThrow(), ready.parameters()));
        };
    }

    /**
     * Sends a query that another program wrote, with this client's credentials, and returns KIS's answer as it came, a refusal
     * included. A refusal of this client's call rate or token is retried within the timeout and is then a failure.
     */
    public KisReply<RawAnswer> forward(RawQuery query, CallOptions options) {
        var target = new Query(
                query.path(),
                Optional.of(query.trId()),
                query.isLedger(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        var context = new KisRest.CallContext(
                options.lane().orElse(query.isLedger() ? Lane.ACCOUNT : Lane.QUOTE),
                options.tenant(),
                clock.instant().plus(options.timeout()));
        return rest.forward(new PageRequest(target, query.parameters(), query.isContinuation()), context, tokens);
    }

    /**
     * As {@link #call}, page by page; each page is requested when the stream reaches it.
     *
     * @throws KisException from the stream, when a page cannot be read or the pages are inconsistent
     */
    public Stream<KisAnswer> pages(String name, Map<String, String> parameters, CallOptions options) {
        return switch (catalogCalls.prepare(name, false, parameters)) {
            case CatalogCalls.Prepared.Refused(KisFailure failure) -> throw new KisException(failure);
            case CatalogCalls.Prepared.Ready ready -> {
                var cursor = new PageCursor(ready.query(), ready.parameters());
                yield Stream.generate(() -> nextPage(ready, cursor, options))
                        .takeWhile(Optional::isPresent)
                        .map(Optional::orElseThrow);
            }
        };
    }

    /**
     * Sends any order of the catalog (credit, reserved, futures, bonds, overseas, and their revisions) at most once. A cash
     * order, an overseas order or a revision of either that KIS would surely refuse is not sent.
     *
     * @param name a TR id such as {@code TTTT1002U}
     * @return Accepted carries KIS's order number, 0 where KIS only confirms
     */
    public Placement send(String name, Map<String, String> parameters, CallOptions options) {
        return switch (catalogCalls.prepare(name, true, parameters)) {
            case CatalogCalls.Prepared.Refused(KisFailure failure) -> Refusals.notSent(failure);
            case CatalogCalls.Prepared.Ready ready -> {
                Optional<KisFailure> trouble = SentOrderChecks.validate(config.environment(), ready, todayInSeoul());
                if (trouble.isPresent()) {
                    yield Refusals.notSent(trouble.get());
                }
                yield sendOnSlot(callContext(ready, options), permit -> send(permit, ready));
            }
        };
    }

    /** As {@link #send(String, Map, CallOptions)} in the slot of {@code permit}, which an order that is not sent releases. */
    Placement send(Permit permit, String name, Map<String, String> parameters) {
        return switch (catalogCalls.prepare(name, true, parameters)) {
            case CatalogCalls.Prepared.Refused(KisFailure failure) ->
                releaseIfInvalid(permit, Optional.of(failure)).orElseThrow();
            case CatalogCalls.Prepared.Ready ready ->
                releaseIfInvalid(permit, SentOrderChecks.validate(config.environment(), ready, todayInSeoul()))
                        .orElseGet(() -> send(CallPermit.of(permit), ready));
        };
    }

    private Placement send(CallPermit permit, CatalogCalls.Prepared.Ready order) {
        return rest.order(
                permit,
                KisRest.isOverseas(order.call().path())
                        ? Breakers.CallClass.OVERSEAS_ORDERS
                        : Breakers.CallClass.ORDERS,
                isCancel(order),
                token -> calls.order(token, order.query(), order.parameters()),
                outcome -> calls.evaluateOrder(outcome, order.call().acceptanceColumns()),
                tokens);
    }

    /** Sends an order when the call budget has a slot for it, or never. */
    Placement sendOnSlot(Lane usual, CallOptions options, Function<CallPermit, Placement> send) {
        return sendOnSlot(
                new KisRest.CallContext(
                        options.lane().orElse(usual),
                        options.tenant(),
                        clock.instant().plus(options.timeout())),
                send);
    }

    private Placement sendOnSlot(KisRest.CallContext context, Function<CallPermit, Placement> send) {
        return switch (budget.acquire(context.lane(), context.tenant(), true, rest.queueDeadline(context))) {
            case Grant.Granted(CallPermit permit) -> send.apply(permit);
            case Grant.TimedOut() ->
                new Placement.NotSent(
                        KisFailure.Kind.QUEUE_TIMEOUT.name(), "the call budget has no slot before the deadline");
        };
    }

    /** The one page that answers a typed query. */
    <T> KisReply<T> request(
            String name,
            Map<String, String> parameters,
            Function<RestReply, ParseResult<T>> parse,
            CallOptions options) {
        return switch (call(name, parameters, options)) {
            case KisReply.Ok<KisAnswer>(KisAnswer answer) -> toReply(parse.apply(answer.reply()));
            case KisReply.Failed<KisAnswer>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    /** All pages that answer a typed query; each has the full timeout of {@code options}. */
    <T> KisReply<List<T>> requestAll(
            String name,
            Map<String, String> parameters,
            Function<RestReply, ParseResult<T>> parse,
            CallOptions options) {
        return switch (catalogCalls.prepare(name, false, parameters)) {
            case CatalogCalls.Prepared.Refused(KisFailure failure) -> new KisReply.Failed<>(failure);
            case CatalogCalls.Prepared.Ready ready -> {
                var pages = new PageCollector<>(ready.query(), ready.parameters(), parse);
                Optional<KisReply<List<T>>> all = Optional.empty();
                while (all.isEmpty()) {
                    all = pages.acceptReply(rest.requestPage(pages.cursor(), callContext(ready, options), tokens));
                }
                yield all.get();
            }
        };
    }

    /** The realtime session; a client made by {@link Kis#connect} opens it at the first call of this method. */
    public Realtime realtime() {
        if (started.get()) {
            startSession();
        }
        return session;
    }

    /** Releases the registrations, closes the socket and the connections, and ends every thread. */
    @Override
    public void close() {
        rest.close();
        budget.close();
        session.close();
        queries.close();
        orders.close();
        tokens.close();
        timer.close();
        monotonicTimer.close();
        if (!closed.getAndSet(true)) {
            onClose.run();
        }
    }

    private Optional<KisAnswer> nextPage(CatalogCalls.Prepared.Ready ready, PageCursor cursor, CallOptions options) {
        if (!cursor.hasMore()) {
            return Optional.empty();
        }
        return switch (rest.requestPage(cursor, callContext(ready, options), tokens)) {
            case KisReply.Failed<RestCalls.Page>(KisFailure failure) -> throw new KisException(failure);
            case KisReply.Ok<RestCalls.Page>(RestCalls.Page page) -> {
                cursor.acceptPage(page).ifPresent(lost -> {
                    throw new KisException(lost);
                });
                yield Optional.of(new KisAnswer(ready.call(), page.reply(), page.hasMore()));
            }
        };
    }

    private KisRest.CallContext callContext(CatalogCalls.Prepared.Ready ready, CallOptions options) {
        return new KisRest.CallContext(
                options.lane().orElseGet(() -> laneOf(ready)),
                options.tenant(),
                clock.instant().plus(options.timeout()));
    }

    private static Lane laneOf(CatalogCalls.Prepared.Ready ready) {
        RestCall call = ready.call();
        if (call.isOrder()) {
            return isCancel(ready) ? Lane.CANCEL : Lane.LIMIT_ORDER;
        }
        return call.isLedger() ? Lane.ACCOUNT : Lane.QUOTE;
    }

    /** Modify and cancel mostly share a call and differ by a code (01, 02), or by the TR id. */
    private static boolean isCancel(CatalogCalls.Prepared.Ready ready) {
        return ready.parameters().getOrDefault("RVSE_CNCL_DVSN_CD", "").equals("02")
                || ready.query().trId().filter(CANCEL_TR_IDS::contains).isPresent();
    }

    private static KisReply<KisAnswer> toAnswer(CatalogCalls.Prepared.Ready ready, KisReply<RestCalls.Page> reply) {
        return switch (reply) {
            case KisReply.Ok<RestCalls.Page>(RestCalls.Page page) ->
                new KisReply.Ok<>(new KisAnswer(ready.call(), page.reply(), page.hasMore()));
            case KisReply.Failed<RestCalls.Page>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    private void publishEvent(KisEvent event) {
        session.publishEvent(event);
    }

    private static <T> KisReply<T> toReply(ParseResult<T> read) {
        return switch (read) {
            case ParseResult.Ok<T>(T value) -> new KisReply.Ok<>(value);
            case ParseResult.Bad<T> bad -> Refusals.unreadable(bad);
        };
    }
}
