package kr.kisgateway.gateway.recording;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Symbol;

/**
 * What somebody wants recorded, and whether it is.
 *
 * @param id its own
 * @param startedBy who wants it
 * @param startedAt since when
 * @param stopReason why it goes on no longer; empty while it does
 */
public record Recording(
        String id,
        List<Symbol> symbols,
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

    /** What it takes of the recorder's room. */
    int seriesCount() {
        return symbols.size() * kinds.size();
    }

    Recording stoppedBecause(String reason) {
        return new Recording(
                id, symbols, kinds, startedBy, startedAt, Optional.of(reason.replaceAll("\\p{Cntrl}+", " ")));
    }
}
