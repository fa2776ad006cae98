package kr.kisgateway.gateway.face;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.gateway.access.FaceGatekeeper;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderIntake;
import kr.kisgateway.gateway.parent.ParentIntake;
import kr.kisgateway.gateway.pool.RawSupply;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.stream.MarketDataSupply;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.gateway.trace.Tracer;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** The parts of the KIS-compatible face. */
public final class Face implements AutoCloseable {
    private final FaceCalls calls;
    private final FaceStreams streams;
    private final HeldAnswers held;
    private final FaceClients clients;
    private final NamedQueries named;

    /** @param secret signs tokens, approval keys and page keys */
    public record Access(KeyRing keys, FaceGatekeeper gatekeeper, String secret) {
        @Override
        public String toString() {
            return "Access[***]";
        }
    }

    /**
     * @param parents takes reserved orders
     * @param changes takes a listener for every change of an order
     * @param calendar of the market
     */
    public record Orders(
            OrderDesk desk,
            OrderIntake intake,
            ParentIntake parents,
            Consumer<Consumer<Order>> changes,
            TradingCalendar calendar) {}

    /**
     * @param supply registers at KIS, or polls, symbols that the sessions need
     * @param raw registers what is only passed on
     * @param pushed what answers queries without a call
     * @param listed whether a symbol is listed
     * @param names name of an instrument, Korean where there is one
     * @param random a cryptographically strong source
     */
    public record Market(
            MarketDataSupply supply,
            RawSupply raw,
            PushedValues pushed,
            Predicate<MarketSymbol> listed,
            Function<MarketSymbol, String> names,
            RandomGenerator random) {}

    /**
     * @param monotonicClock a clock that never goes back
     * @param unboundSockets WebSockets of a network that have not named a key yet
     */
    public record Operation(
            InstantSource clock,
            InstantSource monotonicClock,
            Meters meters,
            FaceAudit audit,
            Tracer tracer,
            TraceIds traceIds,
            ToIntFunction<InetAddress> unboundSockets) {}

    private Face(FaceCalls calls, FaceStreams streams, FaceClients clients, HeldAnswers held, NamedQueries named) {
        this.named = named;
        this.clients = clients;
        this.calls = calls;
        this.streams = streams;
        this.held = held;
    }

    /**
     * Builds the face; the desk must not have started.
     *
     * @param aliases of the accounts behind the virtual account numbers, the first one's first
     * @param queue how long a call waits for a slot before it is refused
     */
    public static Face create(
            KisUpstream upstream,
            Access access,
            Orders orders,
            Market market,
            List<String> aliases,
            Duration queue,
            Operation operation) {
        var clock = operation.clock();
        var accounts = new FaceAccounts(aliases);
        var meter = new FaceMeter(
                clock, operation.monotonicClock(), operation.audit(), operation.tracer(), operation.traceIds());
        meter.bindTo(operation.meters());
        var tokens = new FaceTokens(access.keys(), access.secret(), clock);
        var held = new HeldAnswers(market.pushed(), clock);
        var forwarder = new Forwarder(upstream, held, queue, clock);
        forwarder.bindTo(operation.meters());
        held.bindTo(operation.meters());
        tokens.bindTo(operation.meters());
        var refusals = new OrderRefusals(upstream.isPaper(), clock, orders.calendar());
        var reservations = new FaceReservations(orders, clock, accounts, refusals, market.names());
        var usReservations = new FaceUsReservations(orders, clock, accounts, refusals, market.names());
        var faceOrders = new FaceOrders(
                orders, reservations, usReservations, refusals, clock, accounts, queue, upstream.isPaper());
        var streams = new FaceStreams(new FaceStreams.Parts(
                access.keys(),
                tokens,
                market.supply(),
                market.raw(),
                new FeedTable(upstream, market.listed()),
                new NoticeTracker(clock),
                new NoticePrinter(market.names()),
                accounts,
                clock,
                market.random(),
                meter,
                new UnboundSessions(operation.unboundSockets())));
        streams.bindTo(operation.meters());
        upstream.attach(frame -> {
            held.frame(frame);
            streams.frame(frame);
        });
        var positions = new OwnPositions(orders.desk());
        orders.changes().accept(order -> {
            positions.orderChanged(order);
            forwarder.accountChanged();
            faceOrders.orderChanged(order);
            streams.orderChanged(order);
        });
        var pageKeys = new PageKeys(tokens::hash);
        pageKeys.bindTo(operation.meters());
        var masks = masks(upstream, pageKeys);
        AccountMask.bind(masks.values(), operation.meters());
        var queries = new Queries(
                forwarder,
                masks,
                new OwnOrders(orders.desk(), clock),
                new OwnBalances(positions, orders.calendar(), clock),
                accounts);
        faceOrders.bindTo(operation.meters());
        var calls = new FaceCalls(
                access.gatekeeper(),
                tokens,
                new FaceLogin(access.gatekeeper(), tokens, clock),
                upstream,
                queries,
                held,
                faceOrders,
                reservations,
                usReservations,
                accounts,
                queue,
                meter);
        return new Face(
                calls,
                streams,
                new FaceClients(access.keys(), meter, streams, clock),
                held,
                new NamedQueries(upstream, queries));
    }

    private static Map<String, AccountMask> masks(KisUpstream upstream, PageKeys pageKeys) {
        return upstream.identities().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, account -> new AccountMask(account.getValue(), pageKeys)));
    }

    /** The programs at the port, as operators see them. */
    public FaceClients clients() {
        return clients;
    }

    /** Queries of KIS's APIs by their names. */
    public NamedQueries named() {
        return named;
    }

    /** Opens the WebSockets. */
    public AnyPathListener.Sockets sockets() {
        return streams;
    }

    /** Orders of before the gateway started: what happened to them is not reported. */
    public void skipPast(List<Order> past) {
        past.forEach(streams::skipPast);
    }

    /** Something about these stocks changed that is not pushed with trades: a halt, an interruption. */
    public void statusChanged(List<Symbol> symbols) {
        held.invalidate(symbols);
    }

    /** A polled price. */
    public void polled(LastTick last) {
        streams.polled(last);
    }

    /** A polled book. */
    public void polled(LastBook last) {
        streams.polled(last);
    }

    /** Periodic work: keep-alives; returns the pause until the next. */
    public Duration check() {
        return streams.check();
    }

    /** Ends the sessions of a key that is no longer valid. */
    public void disconnect(String keyName) {
        streams.disconnect(keyName);
    }

    @Override
    public void close() {
        calls.stop();
        streams.close();
    }

    /** Answers the calls. */
    public AnyPathListener.Calls calls() {
        return calls;
    }
}
