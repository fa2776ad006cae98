package kr.kisgateway.gateway.stream;

import java.util.Optional;

/**
 * What the session with KIS and the market are doing, for the channel {@code session}.
 *
 * @param state {@code IDLE}, {@code CONNECTING}, {@code ACTIVE}, {@code RECONNECTING} or {@code CLOSED}
 * @param connected whether KIS can push
 * @param lastError the last trouble since the socket opened
 * @param market the phase of the Korean market, as in {@code /v1/session/status}
 */
public record SessionSnapshot(String state, boolean connected, Optional<String> lastError, String market) {}
