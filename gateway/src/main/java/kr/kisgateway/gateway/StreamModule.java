package kr.kisgateway.gateway;

import java.util.Set;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.alert.AlertRoutes;
import kr.kisgateway.gateway.interruption.StockStatusMonitor;
import kr.kisgateway.gateway.kis.KisBroker;
import kr.kisgateway.gateway.kis.KisMinuteSource;
import kr.kisgateway.gateway.order.JournalOrderReplay;
import kr.kisgateway.gateway.order.OrderPublisher;
import kr.kisgateway.gateway.pool.SessionPool;
import kr.kisgateway.gateway.stream.SessionSnapshot;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.gateway.stream.StreamSettings;
import kr.kisgateway.gateway.stream.StreamSources;

/** The stream: listens to the feed, the orders, the alerts and the status of stocks, and publishes to subscribers. */
final class StreamModule {
    private StreamModule() {}

    static StreamHub create(
            Platform platform,
            SessionPool pool,
            BrokerModule broker,
            InstrumentModule instruments,
            QuoteModule quotes,
            OrderModule orders,
            HistoryModule history,
            StockStatusMonitor interruptions,
            KeyRing keys) {
        var minutes = broker.alerts().withAlerts(history.minutes(new KisMinuteSource(broker.primary())));
        var hub = new StreamHub(
                StreamSettings.standard().ofHeap(Runtime.getRuntime().maxMemory()),
                pool,
                quotes.stores().korean(),
                quotes.stores().us(),
                instruments.listing()::lookup,
                new StreamSources(
                        () -> OrderPublisher.openOrders(orders.desk()),
                        new JournalOrderReplay(orders.desk(), Set.of(KisBroker.ACCOUNT)),
                        () -> session(platform, broker),
                        minutes,
                        caller -> keys.isValid(new KeyRing.Pass(caller.name(), caller.secretFingerprint()))),
                platform.traceIds()::next,
                platform.clock());
        broker.feed().attach(hub);
        orders.publisher().attach(hub);
        platform.alerts().attach(hub::alert);
        hub.tap(history.recorder());
        InterruptionModule.connect(platform, interruptions, quotes.korean(), hub);
        hub.register(platform.routes());
        new AlertRoutes(platform.alerts()).register(platform.routes());
        return hub;
    }

    private static SessionSnapshot session(Platform platform, BrokerModule broker) {
        var market = platform.calendar().session(platform.clock().instant()).name();
        var now = broker.session().status();
        return new SessionSnapshot(now.state(), now.connected(), now.lastError(), market);
    }
}
