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
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.market.MarketSymbol;

/**
 * What is asked by REST next, for those demands that KIS does not push.
 *
 * <p><b>Policy.</b> Calls leave {@link Pace#spacing} apart, however many demands there are: with more of them each is asked
 * for less often, and {@link #interval} says how often. Korean prices go {@link Pace#batch} to a call, everything else one;
 * Korean and American prices and books are four queues, whose turn it is one after the other. Who was asked about longest ago comes first. At most {@value #UNDERWAY_MAX} calls
 * are on their way. KIS refuses a call about thirty symbols because of one: then its symbols are asked about in ever
 * smaller groups until an answer comes.
 */
public final class PollCore {
    static final int UNDERWAY_MAX = 4;

    /**
     * How fast.
     *
     * @param spacing between two calls
     * @param batch Korean symbols of one call for prices
     * @param floor what is Korean is asked for more rarely than that at least
     * @param usFloor the same of what is American
     */
    public record Pace(Duration spacing, int batch, Duration floor, Duration usFloor) {}

    public sealed interface Input {
        record Add(Demand demand) implements Input {}

        record Drop(Demand demand) implements Input {}

        /** The call of {@code ask} is over; {@code refused} when KIS would not answer it as it was. */
        record Over(Ask ask, boolean refused) implements Input {}

        /** Time passed; nothing is asked while {@code giveWay}. */
        record Tick(Pace pace, boolean giveWay) implements Input {}
    }

    /** One call: prices of several symbols, or the book of one. */
    public record Ask(Kind kind, List<MarketSymbol> symbols) {
        public Ask {
            symbols = List.copyOf(symbols);
        }
    }

    /** What takes turns. */
    private record Line(Country country, Kind kind) {
        static Line of(Demand demand) {
            return new Line(demand.country(), demand.kind());
        }
    }

    private static final List<Line> LINES = List.of(
            new Line(Country.KOREA, Kind.TRADES),
            new Line(Country.KOREA, Kind.BOOKS),
            new Line(Country.USA, Kind.TRADES),
            new Line(Country.USA, Kind.BOOKS));

    /** When each was asked about, longest ago first. */
    private final Map<Line, SequencedMap<MarketSymbol, Instant>> queues = new HashMap<>();

    private final Map<MarketSymbol, Integer> smaller = new HashMap<>();
    private final Set<Demand> underway = new HashSet<>();
    private int calls;
    private Instant nextAt = Instant.MIN;
    private int last = LINES.size() - 1;
    private Pace pace;

    /** @param pace until the first tick says another */
    public PollCore(Pace pace) {
        this.pace = pace;
        LINES.forEach(line -> queues.put(line, new LinkedHashMap<>()));
    }

    /** The calls to be made now. */
    public List<Ask> on(Input input, Instant now) {
        switch (input) {
            // In front: who has had no value yet waits the least.
            case Input.Add(Demand demand) -> {
                var queue = queue(Line.of(demand));
                if (!queue.containsKey(demand.symbol())) {
                    queue.putFirst(demand.symbol(), Instant.MIN);
                }
            }
            case Input.Drop(Demand demand) -> {
                queue(Line.of(demand)).remove(demand.symbol());
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
    public Duration interval(Country country, Kind kind) {
        return interval(new Line(country, kind));
    }

    private Duration interval(Line line) {
        long others = LINES.stream()
                .filter(other -> !other.equals(line) && !queue(other).isEmpty())
                .count();
        var round = pace.spacing().multipliedBy(Math.max(1, calls(line)) * (1 + others));
        var floor = line.country() == Country.KOREA ? pace.floor() : pace.usFloor();
        return round.compareTo(floor) > 0 ? round : floor;
    }

    /** How many demands of {@code kind} are polled. */
    public int size(Country country, Kind kind) {
        return queue(new Line(country, kind)).size();
    }

    private int calls(Line line) {
        return (queue(line).size() + most(line) - 1) / most(line);
    }

    /** Symbols that one call takes. */
    private int most(Line line) {
        return line.equals(LINES.getFirst()) ? pace.batch() : 1;
    }

    private void over(Ask ask, boolean refused) {
        calls--;
        ask.symbols().forEach(symbol -> underway.remove(new Demand(ask.kind(), symbol)));
        var line = line(ask);
        if (line.kind() != Kind.TRADES) {
            return;
        }
        for (var symbol : ask.symbols()) {
            if (refused && ask.symbols().size() > 1 && queue(line).containsKey(symbol)) {
                smaller.put(symbol, ask.symbols().size() / 2);
                queue(line).remove(symbol);
                queue(line).putFirst(symbol, Instant.MIN);
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
            var ask = next(now);
            if (ask.isEmpty()) {
                break;
            }
            calls++;
            nextAt = nextAt.plus(pace.spacing());
            asks.add(ask.get());
        }
        return asks;
    }

    /** The next call of the first queue behind the last one's that has anything due. */
    private Optional<Ask> next(Instant now) {
        for (int i = 1; i <= LINES.size(); i++) {
            int at = (last + i) % LINES.size();
            var symbols = next(LINES.get(at), now);
            if (!symbols.isEmpty()) {
                last = at;
                return Optional.of(new Ask(LINES.get(at).kind(), symbols));
            }
        }
        return Optional.empty();
    }

    /** Those of {@code line} that are due and go into one call. */
    private List<MarketSymbol> next(Line line, Instant now) {
        var queue = queue(line);
        var symbols = new ArrayList<MarketSymbol>();
        int most = most(line);
        var interval = interval(line);
        for (Iterator<Map.Entry<MarketSymbol, Instant>> it = queue.entrySet().iterator(); it.hasNext(); ) {
            var entry = it.next();
            if (entry.getValue().isAfter(Instant.MIN)
                    && entry.getValue().plus(interval).isAfter(now)) {
                break;
            }
            int together = smaller.getOrDefault(entry.getKey(), most);
            if (symbols.size() >= Math.min(most, together)) {
                break;
            }
            if (underway.add(new Demand(line.kind(), entry.getKey()))) {
                most = Math.min(most, together);
                symbols.add(entry.getKey());
            }
        }
        symbols.forEach(symbol -> {
            queue.remove(symbol);
            queue.putLast(symbol, now);
        });
        return symbols;
    }

    private static Line line(Ask ask) {
        return Line.of(new Demand(ask.kind(), ask.symbols().getFirst()));
    }

    private SequencedMap<MarketSymbol, Instant> queue(Line line) {
        return Optional.ofNullable(queues.get(line)).orElseThrow();
    }
}
