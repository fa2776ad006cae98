package kr.kisgateway.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.client.core.BudgetCore;
import kr.kisgateway.client.core.Pages;
import kr.kisgateway.client.core.RestCalls;
import kr.kisgateway.client.core.SessionCore;
import kr.kisgateway.client.core.TokenCore;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.BalanceAnswer;
import kr.kisgateway.wire.parse.DailyOrderRow;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.Read;

/**
 * One app key at work: its token, its call budget, its REST calls and its realtime session. Every call blocks; call from
 * virtual threads. KIS allows one session per app key, so open one client per app key and share it.
 */
public final class KisClient implements AutoCloseable {
    /** Calls travel at different speeds: what leaves a second apart may arrive closer together. */
    private static final Duration WINDOW_MARGIN = Duration.ofMillis(5);

    private final KisConfig config;
    private final Timer timer;
    private final Timer courseTimer;
    private final KisHttp queries;
    private final KisHttp orders;
    private final CallBudget budget;
    private final RestCalls calls;
    private final KisRest rest;
    private final TokenKeeper tokens;
    private final RealtimeSession session;
    private final AtomicBoolean started = new AtomicBoolean();

    private KisClient(KisConfig config, InstantSource clock, InstantSource course, KisListener listener) {
        var random = new SplittableRandom(config.seed());
        this.config = config;
        this.timer = new Timer(clock);
        this.courseTimer = new Timer(course);
        this.queries = new KisHttp(config.restBase(), config.timeouts(), clock, timer);
        this.orders = new KisHttp(config.restBase(), config.timeouts(), clock, timer);
        this.budget =
                new CallBudget(new BudgetCore(config.limits(), WINDOW_MARGIN), clock, course, courseTimer, this::tell);
        this.calls = new RestCalls(config.environment(), config.appKey(), config.appSecret(), config.account());
        this.rest = new KisRest(calls, queries, orders, budget, clock, random.split());
        this.tokens = new TokenKeeper(
                new TokenCore(random.split()),
                new TokenFile(config, clock, timer),
                rest::issueToken,
                clock,
                timer,
                this::tell);
        this.session = new RealtimeSession(
                new SessionCore(config.limits().registrations(), config.timeouts(), random.split()),
                config,
                rest::issueApprovalKey,
                clock,
                timer,
                listener);
    }

    /**
     * Opens a client that touches neither network nor disk before {@link #start}.
     *
     * @param clock the wall clock; deadlines are told in its time
     * @param course a clock that nobody sets, from whatever beginning: KIS's call rate is kept by it, because a wall clock
     *     that jumps ahead would make the calls of the last second look old
     * @param listener hears what the realtime session tells
     */
    public static KisClient open(KisConfig config, InstantSource clock, InstantSource course, KisListener listener) {
        return new KisClient(config, clock, course, listener);
    }

    /** Fetches the token and opens the realtime session, both in the background and again whenever needed. */
    public void start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("this client was started before");
        }
        // Notices before anything else: they must never be the 42nd registration.
        config.htsId().ifPresent(id -> session.register(new RealtimeKey("H0STCNI0", id)));
        session.start();
        tokens.start();
    }

    /** The queue in which every call waits for its slot. */
    public CallBudget budget() {
        return budget;
    }

    /** When the present access token expires; empty while there is none. */
    public Optional<Instant> tokenExpiresAt() {
        return tokens.current().map(TokenCore.Token::expiresAt);
    }

    /** The present price of {@code symbol} on KRX (주식현재가, FHKST01010100), asked in lane QUOTE. */
    public KisReply<PriceAnswer> inquirePrice(Symbol symbol, Instant deadline) {
        return switch (rest.ask(calls.price(), calls.priceParameters(symbol), false, Lane.QUOTE, deadline, tokens)) {
            case KisReply.Ok<RestCalls.Page>(RestCalls.Page page) -> value(PriceAnswer.parse(page.reply()));
            case KisReply.Failed<RestCalls.Page>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    /**
     * Cash and holdings of the account (주식잔고조회, TTTC8434R), all pages. It lags fills by seconds.
     *
     * @param lane RESOLVE or ACCOUNT
     */
    public KisReply<BalanceAnswer> inquireBalance(Lane lane, Instant deadline) {
        var pages = new Pages<>(calls.balance(), calls.balanceParameters(), BalanceAnswer::parse);
        return switch (rest.askAll(pages, lane, deadline, tokens)) {
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
     * All orders of {@code day} on all venues (주식일별주문체결조회, TTTC0081R), oldest first. Ok only when every page was read:
     * an order that is missing from an Ok may still exist, because KIS lists a new order only after seconds.
     *
     * @param lane RESOLVE or ACCOUNT
     */
    public KisReply<List<DailyOrderRow>> inquireDailyOrders(LocalDate day, Lane lane, Instant deadline) {
        var pages = new Pages<>(calls.dailyOrders(), calls.dailyOrderParameters(day), DailyOrderRow::parseAll);
        return switch (rest.askAll(pages, lane, deadline, tokens)) {
            case KisReply.Ok<List<List<DailyOrderRow>>>(List<List<DailyOrderRow>> all) ->
                new KisReply.Ok<>(all.stream().flatMap(List::stream).toList());
            case KisReply.Failed<List<List<DailyOrderRow>>>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    /**
     * Sends {@code order} (주식주문 현금) at most once, and not after the permit's deadline. Never waits for a token: without
     * one the answer is NotSent. NotSent gives the permit's slot back where KIS has not counted it.
     */
    public Placement place(Permit permit, PlaceOrder order) {
        return rest.order(permit, token -> calls.place(token, order), tokens);
    }

    /**
     * Sends a change of price for all that is left (주식주문 정정) at most once, and not after the permit's deadline. Accepted
     * carries the new order number.
     */
    public Placement modify(Permit permit, ModifyOrder modify) {
        return rest.order(permit, token -> calls.modify(token, modify), tokens);
    }

    /** Sends a cancel, whole or partial (주식주문 취소), at most once, and not after the permit's deadline. */
    public Placement cancel(Permit permit, CancelOrder cancel) {
        return rest.order(permit, token -> calls.cancel(token, cancel), tokens);
    }

    /** The realtime session. */
    public Realtime realtime() {
        return session;
    }

    /** Releases what is registered, closes the socket and the connections, and ends every thread. */
    @Override
    public void close() {
        session.close();
        queries.close();
        orders.close();
        timer.close();
        courseTimer.close();
    }

    private void tell(KisEvent event) {
        session.tell(event);
    }

    private static <T> KisReply<T> value(Read<T> read) {
        return switch (read) {
            case Read.Ok<T>(T value) -> new KisReply.Ok<>(value);
            case Read.Bad<T> bad ->
                new KisReply.Failed<>(new KisFailure(
                        KisFailure.Kind.UNREADABLE,
                        "",
                        "",
                        "field " + bad.field() + " cannot be read",
                        true,
                        Duration.ZERO));
        };
    }
}
