package kr.kisgateway.gateway.quote;

import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.market.MarketSymbol;

/** How the pushed feed is, as far as quotes need to know. */
public interface Feed {
    /** Whether trades of {@code symbol} are registered, KIS has said so, and no gap is open since. */
    boolean isLive(MarketSymbol symbol);

    Status feedStatus();

    /**
     * @param connected whether the socket is open
     * @param lastError the last trouble since it opened
     * @param reconnects how often it was opened again
     * @param lastMessageAt when anything last came
     * @param lastHeartbeatAt when KIS's keep-alive last came
     */
    record Status(
            boolean connected,
            Optional<String> lastError,
            long reconnects,
            Optional<Instant> lastMessageAt,
            Optional<Instant> lastHeartbeatAt) {
        /** When the socket last showed any sign of life. */
        public Optional<Instant> lastActivityAt() {
            if (lastMessageAt.isEmpty() || lastHeartbeatAt.isEmpty()) {
                return lastMessageAt.or(() -> lastHeartbeatAt);
            }
            return lastMessageAt.get().isAfter(lastHeartbeatAt.get()) ? lastMessageAt : lastHeartbeatAt;
        }
    }
}
