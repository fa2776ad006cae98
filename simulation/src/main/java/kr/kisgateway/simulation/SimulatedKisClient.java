package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.OverseasFilter;
import kr.kisgateway.client.Placement;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.Timeouts;
import kr.kisgateway.client.budget.BudgetCore;
import kr.kisgateway.client.overseas.OverseasRequests;
import kr.kisgateway.client.rest.PageCollector;
import kr.kisgateway.client.rest.RestCalls;
import kr.kisgateway.client.rest.RestOutcome;
import kr.kisgateway.client.rest.RestRequest;
import kr.kisgateway.client.session.Frames;
import kr.kisgateway.client.session.SessionCore;
import kr.kisgateway.client.token.TokenCore;
import kr.kisgateway.gateway.kis.wire.KisUsTicks;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.OverseasExchange;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.BadFrame;
import kr.kisgateway.wire.parse.BalanceAnswer;
import kr.kisgateway.wire.parse.DailyOrderRow;
import kr.kisgateway.wire.parse.FrameListener;
import kr.kisgateway.wire.parse.OverseasHolding;
import kr.kisgateway.wire.parse.OverseasNotice;
import kr.kisgateway.wire.parse.OverseasOrderRow;
import kr.kisgateway.wire.parse.ParseResult;
import kr.kisgateway.wire.parse.RealtimeRow;
import kr.kisgateway.wire.parse.UntypedFrame;
import kr.kisgateway.wire.print.SubscribeMessage;

/**
 * The client's side of one gateway process: its budget, token and session cores, with shells that use events where the
 * product uses threads. All of it is lost when the process dies, except the token file.
 */
final class SimulatedKisClient {
    private static final String TENANT = "client";
    private static final Duration OAUTH_WAIT = Duration.ofSeconds(10);
    private static final Duration WINDOW_MARGIN = Duration.ofMillis(5);
    private static final RealtimeKey NOTICES = new RealtimeKey("H0STCNI0", "SIMUSER");
    private static final RealtimeKey US_NOTICES = new RealtimeKey("H0GSCNI0", "SIMUSER");

    /** Receives events from KIS. */
    interface Listener {
        void notice(ExecutionNotice notice);

        void notice(OverseasNotice notice);

        void trade(Trade trade);

        /** Notices are registered, for the first time or after a reconnect: some may have been missed. */
        void noticesRegistered();
    }

    /** State that a process shares with its successors. */
    static final class TokenFile {
        private Optional<TokenCore.Token> token = Optional.empty();
    }

    private record Waiting(Consumer<BudgetCore.Slot> granted, Runnable timedOut) {}

    private final GatewayProcess process;
    private final Network network;
    private final BrokerProcess broker;
    private final TraceRecorder records;
    private final SeededRandom random;
    private final TokenFile file;
    private final AccountCalls accounts;
    private final RestCalls calls;
    private final Catalog catalog;
    private final List<RealtimeKey> trades;
    private final Listener listener;
    private final BudgetCore budget;
    private final TokenCore tokens;
    private final SessionCore session;
    private final boolean ignoresBudget;
    private final boolean resends;

    private final Map<Long, Waiting> waiting = new HashMap<>();
    private final Map<Long, Consumer<Optional<TokenCore.Token>>> tokenWaiters = new HashMap<>();
    private long ids;
    private Alarm budgetAlarm = new Alarm();
    private Alarm tokenAlarm = new Alarm();
    private Alarm sessionAlarm = new Alarm();
    private Optional<Network.Link> link = Optional.empty();
    private long linkConn;
    private Instant lastReceivedAt = Instant.EPOCH;

    /** @param trades registrations of the trades that it follows */
    SimulatedKisClient(
            GatewayProcess process,
            Network network,
            BrokerProcess broker,
            TraceRecorder records,
            SeededRandom random,
            TokenFile file,
            AccountCalls accounts,
            Catalog catalog,
            Limits limits,
            Set<Bug> bugs,
            List<RealtimeKey> trades,
            Listener listener) {
        this.process = process;
        this.network = network;
        this.broker = broker;
        this.records = records;
        this.random = random;
        this.file = file;
        this.accounts = accounts;
        this.calls = accounts.first();
        this.catalog = catalog;
        this.trades = trades;
        this.listener = listener;
        this.budget = new BudgetCore(limits, WINDOW_MARGIN);
        budget.on(new BudgetCore.Input.OrdersExpected(), process.clock());
        this.tokens = new TokenCore(
                Optional.empty(), Duration.ofMinutes(1), random.split().random());
        this.session =
                new SessionCore(limits, Timeouts.standard(), random.split().random());
        this.ignoresBudget = bugs.contains(Bug.IGNORES_THE_BUDGET);
        this.resends = bugs.contains(Bug.RESENDS_ON_TIMEOUT);
    }

    /** One timer of a core: the newest request replaces the one before. */
    private final class Alarm {
        private Optional<Loop.Task> task = Optional.empty();

        void set(Instant at, Runnable tick) {
            task.ifPresent(Loop.Task::callOff);
            task = Optional.of(process.at(at, tick));
        }
    }

    void start() {
        session(new SessionCore.Input.Register(NOTICES));
        session(new SessionCore.Input.Register(US_NOTICES));
        trades.forEach(key -> session(new SessionCore.Input.Register(key)));
        session(new SessionCore.Input.Start());
        token(new TokenCore.Input.Start());
    }

    /** The process has died: the kernel closes its sockets. */
    void disconnect() {
        link.ifPresent(Network.Link::close);
    }

    /** The socket breaks. */
    void breakSocket() {
        link.ifPresent(it -> it.breakDown("unreachable"));
    }

    boolean hasToken() {
        return tokens.current(process.clock()).isPresent();
    }

    // ---- budget ----

    /** Requests a slot; runs exactly one of the two callbacks. */
    void acquire(
            Lane lane,
            String tenant,
            boolean ledger,
            Instant deadline,
            Consumer<BudgetCore.Slot> granted,
            Runnable timedOut) {
        long id = ++ids;
        if (ignoresBudget) {
            granted.accept(new BudgetCore.Slot(-id, 0, BudgetCore.Group.ORDER, ledger));
            return;
        }
        waiting.put(id, new Waiting(granted, timedOut));
        budget(new BudgetCore.Input.Acquire(id, lane, tenant, ledger, deadline));
    }

    /** A slot that is free now, without waiting. */
    Optional<BudgetCore.Slot> acquireNow(Lane lane, String tenant, boolean ledger, Instant deadline) {
        long id = ++ids;
        if (ignoresBudget) {
            return Optional.of(new BudgetCore.Slot(-id, 0, BudgetCore.Group.ORDER, ledger));
        }
        Optional<BudgetCore.Slot> own = Optional.empty();
        var request = new BudgetCore.Input.Acquire(id, lane, tenant, ledger, deadline);
        for (BudgetCore.Effect effect : budget.on(new BudgetCore.Input.AcquireNow(request), process.clock())
                .effects()) {
            if (effect instanceof BudgetCore.Effect.Grant(long granted, BudgetCore.Slot slot) && granted == id) {
                own = Optional.of(slot);
            } else {
                apply(effect);
            }
        }
        return own;
    }

    void release(BudgetCore.Slot slot) {
        budget(new BudgetCore.Input.Complete(slot));
    }

    private void budget(BudgetCore.Input input) {
        budget.on(input, process.clock()).effects().forEach(this::apply);
    }

    private void apply(BudgetCore.Effect effect) {
        switch (effect) {
            case BudgetCore.Effect.Grant(long id, BudgetCore.Slot slot) ->
                Optional.ofNullable(waiting.remove(id))
                        .ifPresent(it -> process.runSoon(() -> it.granted().accept(slot)));
            case BudgetCore.Effect.TimeOut(long id) ->
                Optional.ofNullable(waiting.remove(id)).ifPresent(it -> process.runSoon(it.timedOut()));
            case BudgetCore.Effect.Shrunk shrunk -> {
                // The product logs it.
            }
            case BudgetCore.Effect.ArmTimer(Instant at) ->
                budgetAlarm.set(at, () -> budget(new BudgetCore.Input.Tick()));
        }
    }

    // ---- calls ----

    /**
     * Sends an order, a modification or a cancel once, if there is a token and it is not later than {@code notAfter}.
     */
    void order(
            BudgetCore.Slot slot,
            String order,
            Instant notAfter,
            Function<TokenCore.Token, RestRequest> make,
            Consumer<Placement> done) {
        Optional<TokenCore.Token> token = tokens.current(process.clock());
        if (token.isEmpty()) {
            release(slot);
            done.accept(new Placement.NotSent("TOKEN_UNAVAILABLE", "there is no valid access token"));
            return;
        }
        RestRequest request = make.apply(token.get());
        transmit(slot, request, true, notAfter, Optional.of(order), outcome -> {
            if (resends && outcome instanceof RestOutcome.Lost) {
                transmit(
                        slot,
                        request,
                        true,
                        notAfter,
                        Optional.of(order),
                        retry -> handleAnswer(retry, token.get(), done));
            } else {
                handleAnswer(outcome, token.get(), done);
            }
        });
    }

    private void handleAnswer(RestOutcome outcome, TokenCore.Token used, Consumer<Placement> done) {
        RestCalls.OrderResult evaluated = calls.evaluateOrder(outcome);
        applyLesson(evaluated.feedback(), used);
        done.accept(evaluated.placement());
    }

    private void transmit(
            BudgetCore.Slot slot,
            RestRequest request,
            boolean ledger,
            Instant notAfter,
            Optional<String> order,
            Consumer<RestOutcome> done) {
        Host host = process.host();
        network.call(
                broker,
                request,
                host.reachesBroker(),
                leaves -> atStep(Host.Step.BEFORE_COMPARISON, order, () -> {
                    if (!process.alive()
                            || request.body().isPresent() && process.clock().isAfter(notAfter)) {
                        leaves.accept(false);
                        return;
                    }
                    budget(new BudgetCore.Input.Sent(slot));
                    records.sent(process.clock(), process.life(), ledger, request, order);
                    Instant compared = host.trueTime();
                    atStep(Host.Step.BEFORE_WRITE, order, () -> {
                        order.ifPresent(it -> host.left(it, compared));
                        leaves.accept(true);
                    });
                }),
                outcome -> process.run(() -> {
                    budget(new BudgetCore.Input.Complete(slot));
                    done.accept(outcome);
                }));
    }

    /** Runs {@code work} at a step of a send, at which the machine may stop first. */
    private void atStep(Host.Step step, Optional<String> order, Runnable work) {
        Host host = process.host();
        order.ifPresent(it -> host.stopsAt(step, it));
        host.whenAwake(work);
    }

    private void applyLesson(RestCalls.Feedback lesson, TokenCore.Token used) {
        switch (lesson) {
            case RestCalls.Feedback.None() -> {
                // Nothing to update.
            }
            case RestCalls.Feedback.RateExceeded(boolean ledger) -> budget(new BudgetCore.Input.RefusedForRate(ledger));
            case RestCalls.Feedback.TokenRejected(String code) ->
                token(new TokenCore.Input.Rejected(used.value(), code));
        }
    }

    /** All orders of {@code day} of an account, all pages. */
    void dailyOrders(String account, LocalDate day, Instant deadline, Consumer<KisReply<List<DailyOrderRow>>> done) {
        RestCalls own = accounts.of(account);
        requestRows(
                new PageCollector<>(own.dailyOrders(day, day), own.dailyOrderParameters(day), DailyOrderRow::parseAll),
                Lane.RESOLVE,
                deadline,
                done);
    }

    /** All US orders of New York's {@code day} of an account, all pages. */
    void usOrders(String account, LocalDate day, Instant deadline, Consumer<KisReply<List<OverseasOrderRow>>> done) {
        var call = accounts.prepared(
                account,
                OverseasRequests.ORDERS,
                false,
                OverseasRequests.orders(day.minusDays(1), day, OverseasFilter.ALL, "%"));
        requestRows(
                new PageCollector<>(call.query(), call.parameters(), OverseasOrderRow::parseAll),
                Lane.RESOLVE,
                deadline,
                done);
    }

    /** The US stocks of an account, all pages. */
    void usHoldings(String account, Instant deadline, Consumer<KisReply<List<OverseasHolding>>> done) {
        var call = accounts.prepared(
                account, OverseasRequests.HOLDINGS, false, OverseasRequests.holdings(OverseasExchange.NASD));
        requestRows(
                new PageCollector<>(call.query(), call.parameters(), OverseasHolding::parseAll),
                Lane.ACCOUNT,
                deadline,
                done);
    }

    private <T> void requestRows(
            PageCollector<List<T>> pages, Lane lane, Instant deadline, Consumer<KisReply<List<T>>> done) {
        requestAll(
                pages,
                lane,
                deadline,
                reply -> done.accept(
                        switch (reply) {
                            case KisReply.Ok<List<List<T>>>(var all) ->
                                new KisReply.Ok<>(
                                        all.stream().flatMap(List::stream).toList());
                            case KisReply.Failed<List<List<T>>>(KisFailure failure) ->
                                new KisReply.Failed<List<T>>(failure);
                        }));
    }

    /** An account's balance, all pages; the sums are on the last page. */
    void balance(String account, Instant deadline, Consumer<KisReply<List<BalanceAnswer>>> done) {
        RestCalls own = accounts.of(account);
        requestAll(
                new PageCollector<>(own.balance(), own.balanceParameters(), BalanceAnswer::parse),
                Lane.ACCOUNT,
                deadline,
                done);
    }

    private <T> void requestAll(PageCollector<T> pages, Lane lane, Instant deadline, Consumer<KisReply<List<T>>> done) {
        requestPage(
                pages,
                lane,
                deadline,
                true,
                reply -> pages.acceptReply(reply).ifPresentOrElse(done, () -> requestAll(pages, lane, deadline, done)));
    }

    /** One page; retried once after a transient error. */
    private void requestPage(
            PageCollector<?> pages,
            Lane lane,
            Instant deadline,
            boolean retry,
            Consumer<KisReply<RestCalls.Page>> done) {
        requestPageOnce(pages, lane, deadline, reply -> {
            boolean passes = reply instanceof KisReply.Failed<RestCalls.Page>(KisFailure failure)
                    && failure.kind() != KisFailure.Kind.QUEUE_TIMEOUT
                    && failure.retryable()
                    && process.clock().plus(failure.retryAfter()).isBefore(deadline);
            if (retry && passes) {
                process.in(random.millis(100, 200), () -> requestPage(pages, lane, deadline, false, done));
            } else {
                done.accept(reply);
            }
        });
    }

    private void requestPageOnce(
            PageCollector<?> pages, Lane lane, Instant deadline, Consumer<KisReply<RestCalls.Page>> done) {
        withToken(deadline, token -> {
            if (token.isEmpty()) {
                done.accept(failed(KisFailure.Kind.TOKEN, "no token"));
                return;
            }
            acquire(
                    lane,
                    TENANT,
                    pages.cursor().query().ledger(),
                    deadline,
                    slot -> transmit(
                            slot,
                            calls.query(
                                    token.get(),
                                    pages.cursor().query(),
                                    pages.cursor().parameters(),
                                    pages.cursor().request().isContinuation()),
                            pages.cursor().query().ledger(),
                            deadline,
                            Optional.empty(),
                            outcome -> {
                                RestCalls.ReadResult reading =
                                        calls.read(pages.cursor().query(), outcome);
                                applyLesson(reading.feedback(), token.get());
                                done.accept(reading.reply());
                            }),
                    () -> done.accept(failed(KisFailure.Kind.QUEUE_TIMEOUT, "no slot before the deadline")));
        });
    }

    private static KisReply<RestCalls.Page> failed(KisFailure.Kind kind, String why) {
        return new KisReply.Failed<>(KisFailure.of(kind, why, "", true));
    }

    private void oauth(RestRequest request, Consumer<RestOutcome> done) {
        Instant deadline = process.clock().plus(OAUTH_WAIT);
        acquire(
                Lane.RESOLVE,
                TENANT,
                false,
                deadline,
                slot -> transmit(slot, request, false, deadline, Optional.empty(), done),
                () -> done.accept(new RestOutcome.NotSent("the call budget has no slot", true)));
    }

    // ---- token ----

    private void withToken(Instant deadline, Consumer<Optional<TokenCore.Token>> then) {
        long id = ++ids;
        tokenWaiters.put(id, then);
        token(new TokenCore.Input.RequestToken(id, deadline));
    }

    private void token(TokenCore.Input input) {
        for (TokenCore.Effect effect : tokens.on(input, process.clock()).effects()) {
            switch (effect) {
                case TokenCore.Effect.Serve(long id, TokenCore.Token token) -> deliverToken(id, Optional.of(token));
                case TokenCore.Effect.Refuse refused -> deliverToken(refused.id(), Optional.empty());
                case TokenCore.Effect.Obtain(Optional<Secret> rejected, boolean _, boolean mayIssue) ->
                    process.in(random.micros(50, 500), () -> obtain(rejected, mayIssue));
                case TokenCore.Effect.PublishEvent event -> {
                    // The product logs it.
                }
                case TokenCore.Effect.ArmTimer(Instant at) ->
                    tokenAlarm.set(at, () -> token(new TokenCore.Input.Tick()));
            }
        }
    }

    private void deliverToken(long id, Optional<TokenCore.Token> token) {
        Optional.ofNullable(tokenWaiters.remove(id)).ifPresent(then -> process.runSoon(() -> then.accept(token)));
    }

    private void obtain(Optional<Secret> rejectedToken, boolean mayIssue) {
        Optional<TokenCore.Token> stored = file.token
                .filter(token -> !rejectedToken.equals(Optional.of(token.value())))
                .filter(token -> process.clock().isBefore(token.expiresAt()));
        if (stored.isPresent()) {
            token(new TokenCore.Input.Obtained(stored.get(), true));
        } else if (!mayIssue) {
            token(new TokenCore.Input.Failed(TokenCore.Failure.NOT_STORED, "", ""));
        } else {
            oauth(calls.auth().token(), outcome -> {
                TokenCore.Input answer = calls.auth().readToken(outcome, process.clock());
                if (answer instanceof TokenCore.Input.Obtained(TokenCore.Token token, boolean _)) {
                    file.token = Optional.of(token);
                }
                token(answer);
            });
        }
    }

    // ---- session ----

    private void session(SessionCore.Input input) {
        for (SessionCore.Effect effect : session.on(input, process.clock()).effects()) {
            switch (effect) {
                case SessionCore.Effect.Answer answer -> {
                    // The few registrations fit.
                }
                case SessionCore.Effect.FetchApprovalKey() ->
                    process.runSoon(() -> oauth(
                            calls.auth().approvalKey(),
                            outcome -> session(calls.auth().readApprovalKey(outcome))));
                case SessionCore.Effect.Open(long conn) -> open(conn);
                case SessionCore.Effect.Send(long conn, Secret key, boolean register, RealtimeKey what) ->
                    sendTo(conn, SubscribeMessage.print(key.reveal(), "P", register, what));
                case SessionCore.Effect.SendText(long conn, String text) -> sendTo(conn, text);
                case SessionCore.Effect.CloseSocket(long conn) -> {
                    if (conn == linkConn) {
                        link.ifPresent(Network.Link::close);
                    }
                }
                case SessionCore.Effect.Connected connected -> {
                    // The product logs it; the registration is what matters.
                }
                case SessionCore.Effect.Acked(RealtimeKey key) -> {
                    if (key.equals(NOTICES) || key.equals(US_NOTICES)) {
                        process.runSoon(listener::noticesRegistered);
                    }
                }
                case SessionCore.Effect.Gap gap -> process.trace(() -> "notices missed: " + gap.cause());
                case SessionCore.Effect.PublishEvent event -> {
                    // The product logs it.
                }
                case SessionCore.Effect.ArmTimer(Instant at) ->
                    sessionAlarm.set(at, () -> session(new SessionCore.Input.Tick(linkConn, lastReceivedAt)));
            }
        }
    }

    private void sendTo(long conn, String text) {
        if (conn == linkConn) {
            link.ifPresent(it -> it.send(text));
        }
    }

    private void open(long conn) {
        var frames = new Frames(conn, new NoticeListener(), why -> process.trace(() -> "unreadable: " + why), catalog);
        linkConn = conn;
        link = Optional.of(network.open(broker, process.host().reachesBroker(), new Network.LinkEnd() {
            @Override
            public void opened() {
                process.run(() -> {
                    lastReceivedAt = process.clock();
                    session(new SessionCore.Input.Opened(conn));
                });
            }

            @Override
            public void refused(String cause) {
                process.run(() -> session(new SessionCore.Input.OpenFailed(conn, cause)));
            }

            @Override
            public void text(String text) {
                process.run(() -> {
                    lastReceivedAt = process.clock();
                    frames.read(text).ifPresent(SimulatedKisClient.this::session);
                });
            }

            @Override
            public void lost(String cause) {
                process.run(() -> session(new SessionCore.Input.Lost(conn, cause)));
            }
        }));
    }

    private final class NoticeListener implements FrameListener {
        @Override
        public void trade(Trade trade) {
            listener.trade(trade);
        }

        @Override
        public void book(OrderBook book) {
            throw new IllegalStateException("no books are registered");
        }

        @Override
        public void notice(ExecutionNotice notice) {
            listener.notice(notice);
        }

        @Override
        public void rows(UntypedFrame frame) {
            for (RealtimeRow row : frame.rows()) {
                if (OverseasNotice.isNotice(row)) {
                    if (OverseasNotice.of(row) instanceof ParseResult.Ok<OverseasNotice>(var notice)) {
                        listener.notice(notice);
                    }
                } else {
                    KisUsTicks.trade(row).ifPresent(listener::trade);
                }
            }
        }

        @Override
        public void bad(BadFrame bad) {
            process.trace(() -> "bad frame: " + bad.reason());
        }
    }
}
