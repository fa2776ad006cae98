package kr.kisgateway.gateway.aegis;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.http.SocketHandler;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.meter.ApiUsage;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.order.ExecutionRoutes;
import kr.kisgateway.gateway.order.OrderRoutes;
import kr.kisgateway.gateway.orderbook.BookService;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.gateway.quote.QuoteService;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.TradingCalendar;

/** Both versions of the AEGIS-compatible names, and the list of all versions. */
public final class Aegis {
    /** How long the bars of t1305 are served. */
    static final Duration PERIODS_LIFE = Duration.ofMinutes(30);
    /** How long the bars of t8412 are served. */
    static final Duration CHART_LIFE = Duration.ofMinutes(5);

    private final VersionTable table;
    private final AegisVersion v30;
    private final AegisVersion v31;
    private final BarCache periods;
    private final BarCache chart;
    private final List<TrCall> calls;
    private final OrderRoutes orders;
    private final List<AegisStream> streams;
    private final FailedOrders failures;

    /** The capabilities that answer, those of the Korean market. */
    public record Capabilities(
            Function<String, Result<Listed>> listing,
            QuoteService quotes,
            BookService books,
            BarService bars,
            Portfolio portfolio,
            ExecutionRoutes executions,
            OrderRoutes orders,
            SocketHandler stream) {}

    /**
     * @param v31On whether version 3.1 is answered now
     * @param failed of orders that failed
     */
    public Aegis(
            VersionTable table,
            BooleanSupplier v31On,
            Capabilities capabilities,
            AlertSource failed,
            TradingCalendar calendar,
            InstantSource clock) {
        this.table = table;
        this.v30 = AegisVersion.v30(table);
        this.v31 = AegisVersion.v31(table, v31On);
        this.periods = new BarCache("aegis_periods", PERIODS_LIFE, capabilities.bars(), calendar, clock);
        this.chart = new BarCache("aegis_chart", CHART_LIFE, capabilities.bars(), calendar, clock);
        var listing = new KoreanListing(capabilities.listing());
        this.calls = List.of(
                new PriceWithBook(listing, capabilities.quotes(), capabilities.books()),
                new PeriodPrices(listing, periods),
                new AccountBalance(capabilities.portfolio(), capabilities.executions(), calendar, clock),
                new MinuteChart(listing, chart));
        this.orders = capabilities.orders();
        this.streams = Stream.of(v30, v31)
                .map(version -> new AegisStream(version, capabilities.stream()))
                .toList();
        this.failures = new FailedOrders(failed, clock);
    }

    /** Adds the routes. */
    public void register(RouteTable routes, ApiUsage usage) {
        for (var version : List.of(v30, v31)) {
            routes.version(version);
            new AegisRoutes(version, calls).register(routes);
            new AegisOrders(version, orders, failures).register(routes);
        }
        streams.forEach(stream -> stream.register(routes));
        new VersionRoutes(
                        table,
                        usage,
                        name -> !name.equals(v31.entry().name()) || v31.on().getAsBoolean())
                .register(routes);
    }

    /**
     * Adds the streams of both versions alone, for a gateway that passes other calls on.
     *
     * @return closes the clients of a version that was switched off
     */
    public static Runnable registerStreams(
            VersionTable table, BooleanSupplier v31On, SocketHandler stream, RouteTable routes) {
        var streams = new ArrayList<AegisStream>();
        for (var version : List.of(AegisVersion.v30(table), AegisVersion.v31(table, v31On))) {
            routes.version(version);
            var served = new AegisStream(version, stream);
            served.register(routes);
            streams.add(served);
        }
        return () -> streams.forEach(AegisStream::closeIfOff);
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        periods.bindTo(meters);
        chart.bindTo(meters);
        failures.bindTo(meters);
    }

    /** The listing or the status of {@code symbols} changed: their bars are requested again. */
    public void invalidateAll(Collection<? extends MarketSymbol> symbols) {
        periods.invalidateAll(symbols);
        chart.invalidateAll(symbols);
    }

    /** A version was switched on or off: closes the streams of one that is off. */
    public void versionsChanged() {
        streams.forEach(AegisStream::closeIfOff);
    }

    /** Settles alerts of keys whose orders no longer fail; to be called every minute. */
    public void check() {
        failures.check();
    }
}
