package kr.kisgateway.gateway;

import java.util.OptionalInt;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.interruption.StockStatusMonitor;
import kr.kisgateway.gateway.pool.SessionPool;
import kr.kisgateway.gateway.quote.QuoteStore;

/** Builds the adapter of the broker that a gateway uses. */
@FunctionalInterface
interface BrokerConnector {
    /**
     * Builds the adapter; it connects to nothing yet.
     *
     * @param store receives what is pushed
     * @param pool is notified of registrations
     * @param interruptions receive the status of stocks
     */
    Connected connect(
            Platform platform, CacheModule cache, QuoteStore store, SessionPool pool, StockStatusMonitor interruptions);

    /** @param simulatorPort of the simulator that was started as the broker */
    record Connected(BrokerAdapter adapter, OptionalInt simulatorPort) {}
}
