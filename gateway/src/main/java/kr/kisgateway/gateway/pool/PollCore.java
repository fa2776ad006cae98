package kr.kisgateway.gateway.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.market.Symbol;

/**
 * What is asked by REST next, for those demands that KIS does not push.
 *
 * <p><b>Policy.</b> Calls leave {@link Pace#spacing} apart, however many demands there are: with more of them each is asked
 * for less often, and {@link #interval} says how often. Prices go {@link Pace#batch} to a call, books one; where there are
 * both, each kind has every other call. Who was asked about longest ago comes first. At most {@value #UNDERWAY_MAX} calls
 * are on their way. KIS refuses a call about thirty symbols because of one: then its symbols are asked about in ever
 * smaller groups until an answer comes.
 */
public final class PollCore {
    static final int UNDERWAY_MAX = 4;

    /**
     * How fast.
     *
     * @param spacing between two calls
     * @param batch symbols of one call for prices
     * @param floor what is asked for more rarely than that at least
     */
    public record Pace(Duration spacing, int batch, Duration floor) {}

    public sealed interface Input {
        record Add(Demand demand) implements Input {}

        record Drop(Demand demand) implements Input {}

        /** The call of {@code ask} is over; {@code refused} when KIS would not answer it as it was. */
        record Over(Ask ask, boolean refused) implements Input {}

        /** Time passed; nothing is asked while {@code giveWay}. */
        record Tick(Pace pace, boolean giveWay) implements Input {}
    }

    /** One call: prices of several symbols, or the book of one. */
    public record Ask(Kind kind, List<Symbol> symbols) {
        public Ask {
            symbols = List.copyOf(symbols);
        }
    }

    /** When each was asked about, longest ago first. */
    private final SequencedMap<Symbol, Instant> prices = new LinkedHashMap<>();

    private final SequencedMap<Symbol, Instant> books = new LinkedHashMap<>();
    private final Map<Symbol, Integer> smaller = new HashMap<>();
    private final Set<Demand> underway = new HashSet<>();
    private int calls;
    private Instant nextAt = Instant.MIN;
    private Kind last = Kind.BOOKS;
    private Pace pace;

    /** @param pace until the first tick says another */
    public PollCore(Pace pace) {
        this.pace = pace;
    }

    /** The calls to be made now. */
    public List<Ask> on(Input input, Instant now) {
        switch (input) {
            // In front: who has had no value yet waits the least.
            case Input.Add(Demand demand) -> {
                if (!queue(demand.kind()).containsKey(demand.symbol())) {
                    queue(demand.kind()).putFirst(demand.symbol(), Instant.MIN);
                }
            }
            case Input.Drop(Demand demand) -> {
                queue(demand.kind()).remove(demand.symbol());
                if (demand.kind() == Kind.TRADES) {
                    smaller.remove(demand.symbol());
                }
            }
            case Input.Over(Ask ask, boolean refused) -> over(ask, refused);
            case Input.Tick(Pace newPace, boolean giveWay) -> {
                pace = newPace;
                return giveWay ? List.of() : due(now);
            }
        }
        return List.of();
    }

    /** How often each demand of {@code kind} is asked for, as things stand. */
    public Duration interval(Kind kind) {
        int calls = Math.max(1, calls(kind));
        boolean shared = !prices.isEmpty() && !books.isEmpty();
        var round = pace.spacing().multipliedBy((long) calls * (shared ? 2 : 1));
        return round.compareTo(pace.floor()) > 0 ? round : pace.floor();
    }

    /** How many demands of {@code kind} are polled. */
    public int size(Kind kind) {
        return queue(kind).size();
    }

    private int calls(Kind kind) {
        int size = size(kind);
        return kind == Kind.BOOKS ? size : (size + pace.batch() - 1) / pace.batch();
    }

    private void over(Ask ask, boolean refused) {
        calls--;
        ask.symbols().forEach(symbol -> underway.remove(new Demand(ask.kind(), symbol)));
        if (ask.kind() != Kind.TRADES) {
            return;
        }
        for (var symbol : ask.symbols()) {
            if (refused && ask.symbols().size() > 1 && queue(Kind.TRADES).containsKey(symbol)) {
                smaller.put(symbol, ask.symbols().size() / 2);
                queue(Kind.TRADES).remove(symbol);
                queue(Kind.TRADES).putFirst(symbol, Instant.MIN);
            } else if (!refused) {
                smaller.remove(symbol);
            }
        }
    }

    private List<Ask> due(Instant now) {
        var asks = new ArrayList<Ask>();
        // No burst after a pause: one call late is made good, the rest is not.
        nextAt = nextAt.isBefore(now.minus(pace.spacing())) ? now.minus(pace.spacing()) : nextAt;
        while (!nextAt.isAfter(now) && calls < UNDERWAY_MAX) {
            var other = last == Kind.TRADES ? Kind.BOOKS : Kind.TRADES;
            var ask = next(other, now);
            if (ask.symbols().isEmpty()) {
                ask = next(last, now);
            }
            if (ask.symbols().isEmpty()) {
                break;
            }
            last = ask.kind();
            calls++;
            nextAt = nextAt.plus(pace.spacing());
            asks.add(ask);
        }
        return asks;
    }

    /** Those of {@code kind} that are due and go into one call. */
    private Ask next(Kind kind, Instant now) {
        var queue = queue(kind);
        var symbols = new ArrayList<Symbol>();
        int most = kind == Kind.BOOKS ? 1 : pace.batch();
        var interval = interval(kind);
        for (Iterator<Map.Entry<Symbol, Instant>> it = queue.entrySet().iterator(); it.hasNext(); ) {
            var entry = it.next();
            if (entry.getValue().isAfter(Instant.MIN)
                    && entry.getValue().plus(interval).isAfter(now)) {
                break;
            }
            int together = smaller.getOrDefault(entry.getKey(), most);
            if (symbols.size() >= Math.min(most, together)) {
                break;
            }
            if (underway.add(new Demand(kind, entry.getKey()))) {
                most = Math.min(most, together);
                symbols.add(entry.getKey());
            }
        }
        symbols.forEach(symbol -> {
            queue.remove(symbol);
            queue.putLast(symbol, now);
        });
        return new Ask(kind, symbols);
    }

    private SequencedMap<Symbol, Instant> queue(Kind kind) {
        return kind == Kind.BOOKS ? books : prices;
    }
}
