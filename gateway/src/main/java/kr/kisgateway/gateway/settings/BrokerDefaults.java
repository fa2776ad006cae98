package kr.kisgateway.gateway.settings;

import java.net.URI;

/**
 * The broker's defaults where no setting overrides them.
 *
 * @param liveCallsPerSecond calls per second that live allows today
 * @param paperCallsPerSecond calls per second that paper trading allows today
 * @param liveRest REST address of live
 * @param liveWs WebSocket address of live
 * @param paperRest REST address of paper trading
 * @param paperWs WebSocket address of paper trading
 */
public record BrokerDefaults(
        int liveCallsPerSecond, int paperCallsPerSecond, URI liveRest, URI liveWs, URI paperRest, URI paperWs) {
    int callsPerSecond(KisEnvironment environment) {
        return environment == KisEnvironment.MOCK ? paperCallsPerSecond : liveCallsPerSecond;
    }
}
