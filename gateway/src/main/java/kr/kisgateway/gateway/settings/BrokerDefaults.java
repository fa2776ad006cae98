package kr.kisgateway.gateway.settings;

import java.net.URI;

/**
 * What holds at the broker where nobody says otherwise.
 *
 * @param liveCallsPerSecond calls that the live face allows today
 * @param paperCallsPerSecond calls that the paper face allows today
 * @param liveRest where the live face answers
 * @param liveWs where its WebSocket is
 * @param paperRest where paper trading answers
 * @param paperWs where its WebSocket is
 */
public record BrokerDefaults(
        int liveCallsPerSecond, int paperCallsPerSecond, URI liveRest, URI liveWs, URI paperRest, URI paperWs) {
    int callsPerSecond(KisEnvironment environment) {
        return environment == KisEnvironment.MOCK ? paperCallsPerSecond : liveCallsPerSecond;
    }
}
