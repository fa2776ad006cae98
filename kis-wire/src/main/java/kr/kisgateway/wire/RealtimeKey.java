package kr.kisgateway.wire;

import java.util.Objects;

/**
 * One registration of a WebSocket session; each takes one of the session's slots.
 *
 * @param trId the realtime TR, for example {@code H0STCNT0}
 * @param trKey its subject: a symbol, or the HTS id for execution notices
 */
public record RealtimeKey(String trId, String trKey) {
    public RealtimeKey {
        Objects.requireNonNull(trId);
        Objects.requireNonNull(trKey);
    }
}
