package kr.kisgateway.gateway.stream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.stream.StreamExecution;
import kr.kisgateway.api.stream.StreamMessage;
import kr.kisgateway.api.stream.StreamOrder;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.feed.FeedListener;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.http.SocketConnection;
import kr.kisgateway.gateway.http.SocketHandler;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.interruption.StockStatus;
import kr.kisgateway.gateway.interruption.StockStatusMonitor.ObservedStatus;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.quote.VenueParameter;
import kr.kisgateway.gateway.stream.Frame.AccountMessage;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.VenueSymbol;

/**
 * {@code /v1/stream} and {@code /v1/events}: receives ticks from the feed and changes from the order desk, and offers them to
 * the subscribers. Never waits for a client.
 */
public final class StreamHub implements FeedListener, SocketHandler, AutoCloseable {
    private static final String SUBPROTOCOL = "kis-gateway.v1";
    private static final int GOING_AWAY = 1001;
    private static final int KEY_GONE = 4001;
    /** Limit of connections per key, so that one key cannot take them all. */
    static final int CLIENTS_PER_KEY_MAX = 200;

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(4);

    private final StreamSettings settings;
    private final MarketDataSupply supply;
    private final QuoteStore store;
    private final Function<String, Result<Listed>> listing;
    private final StreamSources sources;
    private final Supplier<String> traceIds;
    private final InstantSource clock;
    private final long epoch;
    private final StreamMemory memory;
    private final SubscriptionQuota quota;
    private final StreamCounters counters;
    private final AtomicLong clientNumbers = new AtomicLong();
    private final Set<StreamClient> clients = ConcurrentHashMap.newKeySet();
    // Topics are never removed, so that a sequence never restarts; the listing bounds them.
    private final ConcurrentHashMap<String, Topic<LastTick>> quotes = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Topic<LastTick>> trades = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Topic<LastBook>> books = new ConcurrentHashMap<>();
    private final Topic<SessionSnapshot> session;
    private final StreamBars bars;
    private final AlertTopic alerts;
    private volatile Optional<TaskRunner.Task> pulse = Optional.empty();
    private volatile Optional<TaskRunner.Task> heartbeat = Optional.empty();
    private Optional<SessionSnapshot> publishedSession = Optional.empty();
    private volatile FeedTap tap = FeedTap.NONE;
    private volatile Optional<Refusal> venueRefusal = Optional.empty();
    private volatile Consumer<LastTick> prices = _ -> {};
    private volatile Function<Symbol, Optional<ObservedStatus>> statuses = _ -> Optional.empty();

    /**
     * @param supply obtains subscribed values from KIS
     * @param store source of a symbol's first snapshot
     * @param listing tradable symbols
     * @param sources snapshots, and replays after disconnects
     * @param traceIds a new trace id for an error message
     */
    public StreamHub(
            StreamSettings settings,
            MarketDataSupply supply,
            QuoteStore store,
            Function<String, Result<Listed>> listing,
            StreamSources sources,
            Supplier<String> traceIds,
            InstantSource clock) {
        this.settings = settings;
        this.supply = supply;
        this.store = store;
        this.listing = listing;
        this.sources = sources;
        this.traceIds = traceIds;
        this.clock = clock;
        this.epoch = clock.millis();
        this.memory = new StreamMemory(settings.totals().memoryMax(), clock);
        this.quota = new SubscriptionQuota(settings.totals().subscriptionsMax());
        this.counters = new StreamCounters();
        this.alerts = new AlertTopic(counters);
        this.bars = new StreamBars(sources.minutes(), clock, counters);
        this.session = new Topic<>(
                Channel.SESSION,
                Subject.NONE,
                (_, now, seq, snapshot) -> StreamJson.session(now, seq, snapshot, clock.millis()),
                counters,
                null);
    }

    /** Adds a tap, which receives what the feed publishes; to be called before the feed starts. */
    public void tap(FeedTap listener) {
        tap = tap == FeedTap.NONE ? listener : tap.and(listener);
    }

    /** Sets the only receiver of prices, pushed and polled; called on the publishing threads, must not block. */
    public void prices(Consumer<LastTick> receiver) {
        prices = receiver;
    }

    /** Sets the source of pushed halts and interruptions that quotes include. */
    public void statuses(Function<Symbol, Optional<ObservedStatus>> pushed) {
        statuses = pushed;
    }

    /** Refuses every venue but KRX: the broker's environment has no feeds of others. */
    public void refuseVenues(Refusal refusal) {
        venueRefusal = Optional.of(refusal);
    }

    /** Publishes the last quote of {@code symbol} with its new status: trading was halted, interrupted or resumed. */
    public void republishQuote(Symbol symbol) {
        var quote = quotes.get(symbol.code());
        if (quote != null) {
            quote.republish();
        }
    }

    /** Adds the routes, and publishes by the clock from now on. */
    public void register(RouteTable table, TaskRunner tasks) {
        table.socket(Role.QUOTE, "/v1/stream", this);
        new StreamEvents(this, settings.client()).register(table);
        pulse = Optional.of(tasks.repeat("stream-pulse", this::publishByTheClock));
        heartbeat = Optional.of(tasks.every("stream-heartbeat", HEARTBEAT_INTERVAL, this::sendHeartbeats));
    }

    void sendHeartbeats() {
        clients.forEach(StreamClient::offerHeartbeat);
    }

    /** Publishes by the clock: the session's state when it changed, and bars that ended. */
    private Duration publishByTheClock() {
        publishSessionIfChanged();
        bars.onTick();
        return TICK;
    }

    private void publishSessionIfChanged() {
        var now = Optional.of(sources.session().get());
        if (!now.equals(publishedSession)) {
            publishedSession = now;
            session.publish(now.get());
        }
    }

    /** Schedules a check of the session's state on another thread. */
    @Override
    public void sessionChanged() {
        pulse.ifPresent(TaskRunner.Task::wakeUp);
    }

    /** Publishes an alert. */
    public void alert(Alert alert) {
        alerts.publish(alert);
    }

    @Override
    public void trade(LastTick last) {
        var code = last.trade().symbol().code();
        var tape = trades.get(code);
        if (tape != null) {
            tape.publish(last);
        }
        var quote = quotes.get(code);
        if (quote != null) {
            quote.publish(last);
        }
        bars.trade(last);
        tap.trade(last);
        prices.accept(last);
    }

    @Override
    public void book(LastBook last) {
        var topic = books.get(last.book().symbol().code());
        if (topic != null) {
            topic.publish(last);
        }
        tap.book(last);
    }

    @Override
    public void tradesMissed(MarketSymbol symbol, GapCause cause) {
        gap(Channel.TRADES, symbol, cause);
        gap(Channel.QUOTES, symbol, cause);
        tap.gap(Channel.TRADES, symbol, cause);
    }

    /** Trades of {@code symbol} were lost upstream, while quotes came from another source. */
    public void tapeMissed(MarketSymbol symbol, GapCause cause) {
        gap(Channel.TRADES, symbol, cause);
        tap.gap(Channel.TRADES, symbol, cause);
    }

    @Override
    public void booksMissed(MarketSymbol symbol, GapCause cause) {
        gap(Channel.BOOKS, symbol, cause);
        tap.gap(Channel.BOOKS, symbol, cause);
    }

    private void gap(Channel channel, MarketSymbol symbol, GapCause cause) {
        findTopic(channel, symbol).ifPresent(topic -> {
            counters.upstreamGaps.increment();
            topic.gap(cause);
        });
    }

    /** A price was polled; it is no trade and does not appear on the tape. */
    public void polled(LastTick last) {
        var quote = quotes.get(last.trade().symbol().code());
        if (quote != null) {
            quote.publish(last);
        }
        tap.polled(last);
        prices.accept(last);
    }

    /** The delivery mode of {@code channel} of {@code symbol} changed; publishes it to all subscribers. */
    public void deliveryChanged(Channel channel, MarketSymbol symbol, DeliveryMode mode) {
        tap.deliveryChanged(channel, symbol, mode);
        findTopic(channel, symbol).ifPresent(topic -> topic.broadcast(StreamJson.mode(channel, symbol, mode)));
    }

    /**
     * An order changed.
     *
     * @param principal name of the key that placed it
     * @param seq journal cursor of {@code accountId}: increasing, not dense
     * @param json writes the order as one JSON object; not called without subscribers, because the order desk waits
     */
    public void order(String accountId, String symbol, String principal, long seq, Supplier<StreamOrder> event) {
        publishAccountEvent(Channel.ORDERS, accountId, symbol, principal, seq, event);
    }

    /** A fill or its correction; parameters as {@link #order}. */
    public void execution(
            String accountId, String symbol, String principal, long seq, Supplier<StreamExecution> event) {
        publishAccountEvent(Channel.EXECUTIONS, accountId, symbol, principal, seq, event);
    }

    private void publishAccountEvent(
            Channel channel,
            String accountId,
            String symbol,
            String principal,
            long seq,
            Supplier<? extends StreamMessage> event) {
        if (clients.stream().noneMatch(client -> client.isSubscribedTo(channel))) {
            return;
        }
        var message = message(accountId, symbol, principal, seq, event.get());
        clients.forEach(client -> client.onAccountMessage(channel, message));
    }

    static AccountMessage message(String accountId, String symbol, String principal, long seq, StreamMessage message) {
        return new AccountMessage(accountId, symbol, principal, seq, ApiJson.bytes(message), Frame.Origin.LIVE);
    }

    @Override
    public Optional<Refusal> refusalFor(Caller caller) {
        if (clients.size() >= settings.totals().clientsMax()) {
            counters.clientsRefused.increment();
            return Optional.of(Refusal.of(
                    ErrorCode.QUOTA_EXCEEDED,
                    "The stream already has " + settings.totals().clientsMax() + " clients; try later."));
        }
        if (!caller.isLocal()
                && clients.stream()
                                .filter(client -> client.belongsTo(caller.name()))
                                .count()
                        >= CLIENTS_PER_KEY_MAX) {
            counters.clientsRefused.increment();
            return Optional.of(Refusal.of(
                    ErrorCode.QUOTA_EXCEEDED,
                    "Your key has " + CLIENTS_PER_KEY_MAX + " stream connections, the limit; close one."));
        }
        return Optional.empty();
    }

    /** Closes every stream opened with this secret of this key: neither is valid any more. */
    public void disconnectKey(String name, String secretMark) {
        clients.stream().filter(client -> client.usesSecret(name, secretMark)).forEach(StreamHub::terminateRevoked);
    }

    private static void terminateRevoked(StreamClient client) {
        client.terminate(KEY_GONE, "KEY_GONE");
    }

    @Override
    public String subprotocol() {
        return SUBPROTOCOL;
    }

    @Override
    public SocketListener opened(SocketConnection connection, Caller caller) {
        var client = addClient(caller, StreamConnection.of(connection));
        client.start(clientNumbers.incrementAndGet());
        return client;
    }

    StreamClient addClient(Caller caller, StreamConnection streamConnection) {
        var client = new StreamClient(this, settings.client(), caller, streamConnection);
        clients.add(client);
        memory.register(client);
        if (!caller.isLocal() && !sources.isKeyValid().test(caller)) {
            // The key was revoked or rotated after the request was authorized, and no further notice follows.
            terminateRevoked(client);
        }
        return client;
    }

    StreamCounters counters() {
        return counters;
    }

    /** Connected clients. */
    int clients() {
        return clients.size();
    }

    /**
     * Registers the stream's meters.
     *
     * @param nanos a clock that never goes back, with any origin
     */
    public void bindTo(Meters meters, LongSupplier nanos) {
        counters.measureDelays(meters, nanos);
        meters.gauge("stream.clients", "clients", "Connected clients", this::clients);
        meters.gauge("stream.subscriptions", "channels", "Subscribed channels of symbols of all clients", quota::taken);
        meters.queue(
                "stream_longest_mailbox",
                () -> clients.stream().mapToLong(StreamClient::waiting).max().orElse(0),
                settings.client().mailboxMax());
        meters.resource("stream_clients", this::clients, settings.totals().clientsMax());
        meters.resource("stream_subscriptions", quota::taken, settings.totals().subscriptionsMax());
        counters.bindTo(meters, memory);
    }

    /** Closes all clients. */
    @Override
    public void close() {
        pulse.ifPresent(TaskRunner.Task::close);
        heartbeat.ifPresent(TaskRunner.Task::close);
        clients.forEach(client -> client.disconnect(GOING_AWAY, "the gateway is shutting down"));
    }

    StreamMemory memory() {
        return memory;
    }

    /** Subscribed channels of symbols by the name of the caller, of those who have any. */
    public Map<String, Integer> subscriptionsByCaller() {
        return quota.byCaller();
    }

    SubscriptionQuota quota() {
        return quota;
    }

    long epoch() {
        return epoch;
    }

    InstantSource clock() {
        return clock;
    }

    /** The source of minutes that correct bars. */
    public MinuteSource minutes() {
        return sources.minutes();
    }

    OrderReplay replay() {
        return sources.replay();
    }

    void requireAccount(String accountId) {
        if (!sources.replay().hasAccount(accountId)) {
            throw new RefusedException(Refusal.of(ErrorCode.ACCOUNT_NOT_FOUND, "There is no such account."));
        }
    }

    String newTraceId() {
        return traceIds.get();
    }

    /**
     * The symbol of {@code text}, at {@code venue} where one is named.
     *
     * @return a refusal for an unlisted symbol, a venue that does not exist or does not trade it, and any but KRX where KIS has none
     */
    public Result<MarketSymbol> symbol(String text, Optional<String> venue) {
        return listing.apply(text)
                .flatMap(listed -> VenueParameter.series(venue, listed)
                        .flatMap(series -> series.isOfVenues() && venueRefusal.isPresent()
                                ? Result.refused(venueRefusal.get())
                                : Result.success(VenueSymbol.of(listed.symbol(), series))));
    }

    DeliveryMode acquire(Channel channel, MarketSymbol symbol, Caller caller) {
        return supply.acquire(channel, symbol, keyOf(caller));
    }

    void release(Channel channel, MarketSymbol symbol, Caller caller) {
        supply.release(channel, symbol, keyOf(caller));
    }

    /** Where no keys are needed all callers are one, which has no share. */
    private static Optional<String> keyOf(Caller caller) {
        return caller.isLocal() ? Optional.empty() : Optional.of(caller.name());
    }

    void add(Subscription subscription) {
        subscription
                .channel
                .period()
                .ifPresentOrElse(
                        period -> bars.add(subscription, period),
                        () -> topic(subscription).add(subscription));
    }

    void remove(Subscription subscription) {
        subscription
                .channel
                .period()
                .ifPresentOrElse(
                        period -> bars.remove(subscription, period),
                        () -> topic(subscription).remove(subscription));
    }

    List<AccountMessage> openOrders() {
        return sources.openOrders().now().stream()
                .map(order ->
                        message(order.accountId(), order.symbol(), order.principal(), order.seq(), order.message()))
                .toList();
    }

    void removeClient(StreamClient client) {
        memory.unregister(client);
        clients.remove(client);
    }

    private Topic<?> topic(Subscription subscription) {
        var code = subscription.code;
        return switch (subscription.channel) {
            case QUOTES -> quotes.computeIfAbsent(code, _ -> tradeTopic(subscription, this::quote));
            case TRADES -> trades.computeIfAbsent(code, _ -> tradeTopic(subscription, StreamJson::trade));
            case BOOKS ->
                books.computeIfAbsent(
                        code,
                        _ -> new Topic<>(
                                Channel.BOOKS,
                                subscription.subject,
                                StreamJson::book,
                                counters,
                                subscription.symbol.flatMap(store::lastBook).orElse(null)));
            case SESSION -> session;
            case ALERTS -> alerts;
            case ORDERS, EXECUTIONS, BARS_1M, BARS_3M, BARS_5M, BARS_10M, BARS_30M, BARS_60M ->
                throw new IllegalArgumentException("not a per-symbol channel");
        };
    }

    private byte[] quote(Subject subject, LastTick last, long seq, boolean snapshot) {
        var status = last.trade().symbol() instanceof Symbol korean
                ? statuses.apply(korean).map(ObservedStatus::status)
                : Optional.<StockStatus>empty();
        return StreamJson.quote(subject, last, status, seq, snapshot);
    }

    private Topic<LastTick> tradeTopic(Subscription subscription, Topic.Encoder<LastTick> encoder) {
        return new Topic<>(
                subscription.channel,
                subscription.subject,
                encoder,
                counters,
                subscription
                        .symbol
                        .flatMap(store::last)
                        .filter(last -> subscription.channel == Channel.QUOTES || !last.polled())
                        .orElse(null));
    }

    /** The topic; empty when it never had a subscriber. */
    private Optional<Topic<?>> findTopic(Channel channel, MarketSymbol symbol) {
        var code = symbol.code();
        return Optional.ofNullable(
                switch (channel) {
                    case QUOTES -> quotes.get(code);
                    case TRADES -> trades.get(code);
                    case BOOKS -> books.get(code);
                    case BARS_1M, BARS_3M, BARS_5M, BARS_10M, BARS_30M, BARS_60M -> bars.findTopic(channel, code);
                    case ORDERS, EXECUTIONS, SESSION, ALERTS -> null;
                });
    }
}
