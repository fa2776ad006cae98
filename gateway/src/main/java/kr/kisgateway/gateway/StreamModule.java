package kr.kisgateway.gateway;

import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.bar.AlertingMinuteSource;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.interruption.StockStatusMonitor;
import kr.kisgateway.gateway.order.JournalOrderReplay;
import kr.kisgateway.gateway.order.OrderPublisher;
import kr.kisgateway.gateway.pool.SessionPool;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.gateway.stream.SessionSnapshot;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.gateway.stream.StreamSettings;
import kr.kisgateway.gateway.stream.StreamSources;
import kr.kisgateway.market.Market;

/** The stream: listens to the feed, the orders, the alerts and the status of stocks, and publishes to subscribers. */
final class StreamModule {
    private StreamModule() {}

    static StreamHub create(
            Platform platform,
            SessionPool pool,
            BrokerAdapter broker,
            InstrumentModule instruments,
            QuoteModule quotes,
            OrderModule orders,
            HistoryModule history,
            StockStatusMonitor interruptions,
            KeyRing keys) {
        var minutes = new AlertingMinuteSource(
                history.minutes(broker.marketData().minutes()), platform.alertSource(AlertEvent.GAP_NOT_REPAIRED));
        var hub = new StreamHub(
                StreamSettings.standard().ofHeap(Runtime.getRuntime().maxMemory()),
                pool,
                quotes.store(),
                instruments.listing()::lookup,
                new StreamSources(
                        () -> OrderPublisher.openOrders(orders.desk()),
                        new JournalOrderReplay(
                                orders.desk(), platform.settings().accounts()),
                        () -> session(platform, broker),
                        minutes,
                        caller -> keys.isValid(new KeyRing.Pass(caller.name(), caller.secretFingerprint()))),
                platform.traceIds()::next,
                platform.clock());
        refuseVenuesWithoutPrices(platform, hub);
        broker.realtime().feed().attach(hub);
        orders.publisher().attach(hub);
        platform.alerts().attach(hub::alert);
        hub.tap(history.recorder());
        InterruptionModule.connect(
                platform, interruptions, quotes.all().services().of(Market.KOREA), hub);
        hub.bindTo(platform.meters(), platform.clock().nanos());
        hub.register(platform.routes(), platform.tasks());
        return hub;
    }

    static void refuseVenuesWithoutPrices(Platform platform, StreamHub hub) {
        if (platform.settings().environment() == KisEnvironment.MOCK) {
            hub.refuseVenues(Refusal.of(
                    ErrorCode.UNSUPPORTED_BY_SOURCE, "paper trading has the prices of KRX only; omit venue"));
        }
    }

    static SessionSnapshot session(Platform platform, BrokerAdapter broker) {
        var market = platform.calendar().session(platform.clock().instant()).name();
        var now = broker.realtime().session().status();
        return new SessionSnapshot(now.state(), now.connected(), now.lastError(), market);
    }
}
