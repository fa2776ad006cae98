package kr.kisgateway.gateway;

import kr.kisgateway.gateway.alert.AlertEvaluator;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.RuleFigure;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.pool.DemandAnswers;
import kr.kisgateway.gateway.pool.PoolRoutes;
import kr.kisgateway.gateway.pool.PoolRules;
import kr.kisgateway.gateway.pool.SessionPool;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registrations at KIS, shared by everything that subscribes. */
final class PoolModule {
    private static final Logger LOG = LoggerFactory.getLogger("gateway");

    private PoolModule() {}

    static SessionPool create(Platform platform) {
        var settings = platform.settings();
        var pool = new SessionPool(
                PoolRules.standard(
                        1 + settings.kis().furtherKeys().size(),
                        settings.access().pushShare(),
                        settings.kis().marketStatus()),
                platform.calendars().markets(),
                settings.kis().koreanHours().isPresent(),
                platform.clock());
        pool.bindTo(platform.meters());
        platform.evaluator()
                .add(AlertEvaluator.lasting(
                        platform.informingAlertSource(AlertEvent.REGISTRATIONS_FULL),
                        "registrations",
                        pool::polled,
                        RuleFigure.REGISTRATIONS_FULL_LEAST,
                        RuleFigure.REGISTRATIONS_FULL_AFTER,
                        count -> count + " symbols are polled, because KIS has no registration left for them: their"
                                + " prices are some seconds old. GET /v1/session/pool shows which; another app key has 41"
                                + " more."));
        return pool;
    }

    /** Registers the routes, starts the pool on the clients' sockets, and registers the symbols of the settings. */
    static void start(
            Platform platform,
            SessionPool pool,
            BrokerAdapter broker,
            InstrumentModule instruments,
            QuoteStore store,
            OrderDesk desk,
            StreamHub hub,
            FaceModule face) {
        var settings = platform.settings();
        var demands = new DemandAnswers(pool, broker.realtime().session(), face::registrations);
        new PoolRoutes(broker.realtime().session(), demands, instruments.listing()::lookup).register(platform.routes());
        face.register(platform, demands);
        broker.furtherConnections()
                .forEach(connection -> platform.parts().add(connection).start());
        platform.parts()
                .add(pool.start(
                        new SessionPool.Environment(
                                broker.realtime().sockets(),
                                broker.realtime().polls(),
                                hub,
                                store,
                                desk::openSymbols,
                                market -> isOpen(platform, market),
                                platform.workers()),
                        platform.tasks()));
    }

    /** Registers the symbols of the settings permanently. */
    static void pin(Settings settings, SessionPool pool, InstrumentModule instruments) {
        settings.kis().symbols().forEach(symbol -> {
            if (!instruments.listing().isListed(symbol.code())) {
                LOG.warn("symbol_not_listed setting=KIS_WS_SYMBOLS symbol={}", symbol);
            } else {
                pool.pin(symbol);
            }
        });
    }

    /** Whether a venue of the market is open: NXT is before KRX opens. */
    private static boolean isOpen(Platform platform, Market market) {
        var now = platform.clock().instant();
        return platform.calendars().of(market).session(now).isOpen()
                || market.equals(Market.KOREA)
                        && VenueHours.of(platform.calendar())
                                        .bookPhase(Venue.NXT, now)
                                        .phase()
                                        .matching()
                                != Phase.Matching.NONE;
    }
}
