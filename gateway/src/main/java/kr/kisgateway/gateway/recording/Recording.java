package kr.kisgateway.gateway.recording;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Symbol;

/**
 * What somebody wants recorded, and whether it is.
 *
 * @param id its own
 * @param by who wants it
 * @param startedAt since when
 * @param stopped why it goes on no longer; empty while it does
 */
public record Recording(
        String id, List<Symbol> symbols, List<TickKind> kinds, String by, Instant startedAt, Optional<String> stopped) {
    public Recording {
        symbols = List.copyOf(symbols);
        kinds = List.copyOf(kinds);
    }

    boolean runs() {
        return stopped.isEmpty();
    }

    /** What it takes of the recorder's room. */
    int series() {
        return symbols.size() * kinds.size();
    }

    Recording stoppedFor(String why) {
        return new Recording(id, symbols, kinds, by, startedAt, Optional.of(why.replaceAll("\\p{Cntrl}+", " ")));
    }
}
