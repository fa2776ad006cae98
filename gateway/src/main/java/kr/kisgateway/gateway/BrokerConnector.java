package kr.kisgateway.gateway;

import java.util.Optional;
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

    /** @param simulator what may have been started as the broker; empty for a broker that has none */
    record Connected(BrokerAdapter adapter, Optional<SimulatorModule> simulator) {
        /** Port of the simulator, if one runs in this process. */
        OptionalInt simulatorPort() {
            return simulator.map(SimulatorModule::port).orElse(OptionalInt.empty());
        }
    }
}
