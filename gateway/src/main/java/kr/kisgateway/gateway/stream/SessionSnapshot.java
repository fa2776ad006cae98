package kr.kisgateway.gateway.stream;

import java.util.Optional;

/**
 * State of the session with KIS and of the market, for the channel {@code session}.
 *
 * @param state {@code IDLE}, {@code CONNECTING}, {@code ACTIVE}, {@code RECONNECTING} or {@code CLOSED}
 * @param connected whether KIS can push
 * @param lastError last error since the socket opened
 * @param market phase of the Korean market, as in {@code /v1/session/status}
 */
public record SessionSnapshot(String state, boolean connected, Optional<String> lastError, String market) {}
