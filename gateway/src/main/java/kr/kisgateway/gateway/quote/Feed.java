package kr.kisgateway.gateway.quote;

import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.market.MarketSymbol;

/** State of the pushed feed, as quotes need it. */
public interface Feed {
    /** Whether KIS has confirmed the registration of trades of {@code symbol}, without a gap since. */
    boolean isLive(MarketSymbol symbol);

    Status feedStatus();

    /**
     * @param connected whether the socket is open
     * @param lastError last error since it opened
     * @param reconnects number of reconnects
     * @param lastMessageAt when the last message was received
     * @param lastHeartbeatAt when KIS's last keep-alive was received
     */
    record Status(
            boolean connected,
            Optional<String> lastError,
            long reconnects,
            Optional<Instant> lastMessageAt,
            Optional<Instant> lastHeartbeatAt) {
        /** When the socket last received a message or keep-alive. */
        public Optional<Instant> lastActivityAt() {
            if (lastMessageAt.isEmpty() || lastHeartbeatAt.isEmpty()) {
                return lastMessageAt.or(() -> lastHeartbeatAt);
            }
            return lastMessageAt.get().isAfter(lastHeartbeatAt.get()) ? lastMessageAt : lastHeartbeatAt;
        }
    }
}
