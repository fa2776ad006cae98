package kr.kisgateway.gateway.kis.rest;

import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import kr.kisgateway.client.PoolState;
import kr.kisgateway.gateway.kis.auth.KisAppKeys;
import kr.kisgateway.gateway.meter.Meters;

/** The connections of each app key to KIS's REST servers: those of queries, and those of orders. */
public final class KisConnectionMeters {
    private KisConnectionMeters() {}

    /** Registers the meters. */
    public static void bind(Meters meters, KisAppKeys keys) {
        for (var key : keys.all()) {
            bind(meters, key.id(), "queries", key.client()::queryConnections);
            bind(meters, key.id(), "orders", key.client()::orderConnections);
        }
    }

    private static void bind(Meters meters, String key, String use, Supplier<PoolState> pool) {
        state(meters, key, use, "leased", pool, PoolState::leased);
        state(meters, key, use, "idle", pool, PoolState::idle);
        meters.gauge(
                "kis.connections.limit",
                "connections",
                "How many connections to KIS there may be",
                () -> pool.get().max(),
                "key",
                key,
                "use",
                use);
        meters.gauge(
                "kis.connections.waiting",
                "calls",
                "Calls that wait for a connection to KIS",
                () -> pool.get().waiting(),
                "key",
                key,
                "use",
                use);
    }

    private static void state(
            Meters meters,
            String key,
            String use,
            String state,
            Supplier<PoolState> pool,
            ToIntFunction<PoolState> count) {
        meters.gauge(
                "kis.connections",
                "connections",
                "Connections to KIS's REST servers",
                () -> count.applyAsInt(pool.get()),
                "key",
                key,
                "use",
                use,
                "state",
                state);
    }
}
