package kr.kisgateway.gateway;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.parent.ParentAlert;
import kr.kisgateway.gateway.parent.ParentDesk;
import kr.kisgateway.gateway.parent.ParentIntake;
import kr.kisgateway.gateway.parent.ParentRoutes;
import kr.kisgateway.gateway.parent.PriceSupply;
import kr.kisgateway.gateway.pool.SessionPool;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.market.MarketSymbol;

/**
 * Parent orders: orders that are placed later.
 *
 * @param intake the way in of every port
 */
record ParentModule(ParentDesk desk, ParentIntake intake) {
    /** Requests of prices that do not come are the gateway's own tenant, as those of orders. */
    private static final String TENANT = "orders";

    /**
     * Registers the routes, and attaches to orders and keys before any of them starts.
     *
     * @param isValidKey whether an API key of this name is valid now
     */
    static ParentModule create(
            Platform platform,
            AccessModule access,
            OrderModule orders,
            OrderModule.Entry entry,
            InstrumentModule instruments,
            QuoteModule quotes,
            SessionPool pool,
            StreamHub hub,
            Predicate<String> isValidKey) {
        Function<MarketSymbol, OptionalLong> lastPrices = quotes.lastPrices(instruments);
        var market = new VenueLegMarket(
                orders.desk(),
                entry.parser().router(),
                quotes.rule(),
                // Paper trading has the prices of KRX only.
                platform.settings().environment() == KisEnvironment.MOCK
                        ? _ -> false
                        : stock -> instruments.listing().current().find(stock.code()).stream()
                                .anyMatch(listed -> listed instanceof Listed.Korean korean && korean.onNxt()));
        var desk = new ParentDesk(
                orders.desk(),
                entry.intake(),
                name -> name.equals(Caller.LOCAL_NAME) || isValidKey.test(name),
                Map.of(
                        ParentAlert.NOT_PLACED,
                        platform.alertSource(AlertEvent.PARENT_ORDER_NOT_PLACED),
                        ParentAlert.NO_EXIT,
                        platform.urgentAlertSource(AlertEvent.PARENT_ORDER_NOT_PLACED),
                        ParentAlert.HELD,
                        platform.urgentAlertSource(AlertEvent.PARENT_ORDER_HELD),
                        ParentAlert.EXIT_WAITS,
                        platform.urgentAlertSource(AlertEvent.PARENT_EXIT_WAITS),
                        ParentAlert.TRIGGERED,
                        platform.informingAlertSource(AlertEvent.PARENT_ORDER_TRIGGERED),
                        ParentAlert.NOT_CHANGED,
                        platform.alertSource(AlertEvent.PARENT_ORDER_NOT_CHANGED),
                        ParentAlert.PRICES_MISSING,
                        platform.urgentAlertSource(AlertEvent.PARENT_PRICES_MISSING)),
                supply(pool, quotes),
                entry.parser().router(),
                market,
                platform.settings().orders().asksAfterAbsence(),
                platform.clock(),
                platform.random());
        orders.publisher().attach(desk::orderChanged);
        hub.prices(desk::priceSeen);
        access.onKeyEnded(name -> {
            if (!isValidKey.test(name)) { // else one of its secrets ended, by a rotation
                desk.keyEnded(name);
            }
        });
        desk.bindTo(platform.meters());
        var intake = new ParentIntake(
                desk,
                orders.desk(),
                entry.intake(),
                entry.accounts(),
                market,
                lastPrices,
                symbol -> instruments.listing().isListed(symbol.code()),
                platform.clock());
        entry.previews().addTo(platform.routes(), intake::check);
        new ParentRoutes(intake, entry.parser(), market, platform.clock()).addTo(platform.routes());
        return new ParentModule(desk, intake);
    }

    /** The gateway's own demand for prices: it is not of an API key's share. */
    private static PriceSupply supply(SessionPool pool, QuoteModule quotes) {
        return new PriceSupply() {
            @Override
            public void watch(MarketSymbol symbol) {
                pool.acquire(Channel.QUOTES, symbol, Optional.empty());
            }

            @Override
            public void unwatch(MarketSymbol symbol) {
                pool.release(Channel.QUOTES, symbol, Optional.empty());
            }

            @Override
            public Optional<Requested> request(MarketSymbol symbol) {
                return quotes.all()
                        .services()
                        .of(symbol)
                        .lastTraded(symbol, TENANT)
                        .map(quote -> new Requested(quote.price(), quote.volume()));
            }
        };
    }

    /** Starts, after the order desk has read its journal. */
    void start(Platform platform) {
        platform.parts().add(desk);
        desk.start();
    }
}
