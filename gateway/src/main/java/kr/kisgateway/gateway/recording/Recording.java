package kr.kisgateway.gateway.recording;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.MarketSymbol;

/**
 * A requested recording and its state.
 *
 * @param id unique id
 * @param startedBy name of the key that started it
 * @param startedAt start
 * @param stopReason why it stopped; empty while it is active
 */
public record Recording(
        String id,
        List<MarketSymbol> symbols,
        List<TickKind> kinds,
        String startedBy,
        Instant startedAt,
        Optional<String> stopReason) {
    public Recording {
        symbols = List.copyOf(symbols);
        kinds = List.copyOf(kinds);
    }

    boolean isActive() {
        return stopReason.isEmpty();
    }

    /** Its share of {@link TickRecorder#SERIES_MAX}. */
    int seriesCount() {
        return symbols.size() * kinds.size();
    }

    Recording stoppedBecause(String reason) {
        return new Recording(
                id, symbols, kinds, startedBy, startedAt, Optional.of(reason.replaceAll("\\p{Cntrl}+", " ")));
    }
}
