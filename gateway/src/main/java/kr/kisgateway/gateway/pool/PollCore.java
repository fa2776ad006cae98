package kr.kisgateway.gateway.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;

/**
 * Decides the next REST call for demands that KIS does not push.
 *
 * <p><b>Policy.</b> Calls leave {@link Pace#spacing} apart, however many demands there are: with more of them each is polled
 * less often, and {@link #interval} is its polling interval. Up to {@link Pace#batch} Korean prices share a call, everything
 * else takes one each; the prices and the books of each market are queues that take turns. The demand polled longest ago comes
 * first. At most {@value #IN_FLIGHT_MAX} calls are in flight. KIS refuses a call about thirty symbols because of one: then
 * its symbols are requested in ever smaller groups until KIS answers.
 */
public final class PollCore {
    static final int IN_FLIGHT_MAX = 4;

    /**
     * Pace of polling.
     *
     * @param spacing between two calls
     * @param batch Korean symbols per price call
     * @param intervalMin minimum polling interval of a symbol, for each market
     */
    public record Pace(Duration spacing, int batch, Map<Market, Duration> intervalMin) {
        public Pace {
            intervalMin = Map.copyOf(intervalMin);
        }
    }

    public sealed interface Input {
        record Add(SymbolDemand demand) implements Input {}

        record Remove(SymbolDemand demand) implements Input {}

        /** {@code call} is over; {@code refused} when KIS refused it as it was. */
        record Completed(PollCall call, boolean refused) implements Input {}

        /** Time passed; nothing is requested while {@code yielding}. */
        record Tick(Pace pace, boolean yielding) implements Input {}
    }

    /** One call: prices of several symbols, or the book of one. */
    public record PollCall(Kind kind, List<MarketSymbol> symbols) {
        public PollCall {
            symbols = List.copyOf(symbols);
        }
    }

    /** Key of a queue; the queues take turns. */
    private record QueueKey(Market market, Kind kind, boolean venuePrices) {
        static QueueKey of(SymbolDemand demand) {
            return new QueueKey(
                    demand.market(),
                    demand.kind(),
                    demand.kind() == Kind.TRADES && demand.venue().isPresent());
        }

        static QueueKey of(Market market, Kind kind) {
            return new QueueKey(market, kind, false);
        }
    }

    /** The only prices that share a call. */
    private static final QueueKey KOREAN_PRICES = QueueKey.of(Market.KOREA, Kind.TRADES);

    /** Time of the last poll of each symbol, longest ago first. */
    private final Map<QueueKey, SequencedMap<MarketSymbol, Instant>> queues = new HashMap<>();

    private final Map<MarketSymbol, Integer> reducedBatches = new HashMap<>();
    private final Set<SymbolDemand> inFlight = new HashSet<>();
    private int calls;
    private Instant nextAt = Instant.MIN;
    private final List<QueueKey> queueKeys;
    private int lastQueue;
    private Pace pace;

    /** @param pace of all markets, until the first tick changes it */
    public PollCore(Collection<Market> markets, Pace pace) {
        this.pace = pace;
        this.queueKeys = markets.stream()
                .flatMap(market -> Stream.of(
                        QueueKey.of(market, Kind.TRADES),
                        QueueKey.of(market, Kind.BOOKS),
                        new QueueKey(market, Kind.TRADES, true)))
                .toList();
        this.lastQueue = queueKeys.size() - 1;
        queueKeys.forEach(queueKey -> queues.put(queueKey, new LinkedHashMap<>()));
    }

    /** Returns the calls to make now. */
    public List<PollCall> handle(Input input, Instant now) {
        switch (input) {
            // In front: a symbol without a value waits least.
            case Input.Add(SymbolDemand demand) -> {
                var queue = queue(QueueKey.of(demand));
                if (!queue.containsKey(demand.symbol())) {
                    queue.putFirst(demand.symbol(), Instant.MIN);
                }
            }
            case Input.Remove(SymbolDemand demand) -> {
                queue(QueueKey.of(demand)).remove(demand.symbol());
                if (demand.kind() == Kind.TRADES) {
                    reducedBatches.remove(demand.symbol());
                }
            }
            case Input.Completed(PollCall call, boolean refused) -> onCompleted(call, refused);
            case Input.Tick(Pace newPace, boolean yielding) -> {
                pace = newPace;
                return yielding ? List.of() : dueCalls(now);
            }
        }
        return List.of();
    }

    /** Current polling interval of each demand of {@code kind}, without prices of venues. */
    public Duration interval(Market market, Kind kind) {
        return interval(QueueKey.of(market, kind));
    }

    /** Current polling interval of {@code demand}. */
    public Duration interval(SymbolDemand demand) {
        return interval(QueueKey.of(demand));
    }

    /** Current polling interval of each price of a venue: such a price takes a call of its own. */
    public Duration venuePriceInterval(Market market) {
        return interval(new QueueKey(market, Kind.TRADES, true));
    }

    private Duration interval(QueueKey queueKey) {
        long others = queueKeys.stream()
                .filter(other -> !other.equals(queueKey) && !queue(other).isEmpty())
                .count();
        var cycle = pace.spacing().multipliedBy(Math.max(1, calls(queueKey)) * (1 + others));
        var intervalMin =
                Optional.ofNullable(pace.intervalMin().get(queueKey.market())).orElseThrow();
        return cycle.compareTo(intervalMin) > 0 ? cycle : intervalMin;
    }

    /** Number of polled demands of {@code kind}. */
    public int size(Market market, Kind kind) {
        int ofVenues =
                kind == Kind.TRADES ? queue(new QueueKey(market, kind, true)).size() : 0;
        return queue(QueueKey.of(market, kind)).size() + ofVenues;
    }

    private int calls(QueueKey queueKey) {
        return (queue(queueKey).size() + batchMax(queueKey) - 1) / batchMax(queueKey);
    }

    /** Symbols per call. */
    private int batchMax(QueueKey queueKey) {
        return queueKey.equals(KOREAN_PRICES) ? pace.batch() : 1;
    }

    private void onCompleted(PollCall call, boolean refused) {
        calls--;
        call.symbols().forEach(symbol -> inFlight.remove(new SymbolDemand(call.kind(), symbol)));
        var queueKey = queueKeyOf(call);
        if (queueKey.kind() != Kind.TRADES) {
            return;
        }
        for (var symbol : call.symbols()) {
            if (refused && call.symbols().size() > 1 && queue(queueKey).containsKey(symbol)) {
                reducedBatches.put(symbol, call.symbols().size() / 2);
                queue(queueKey).remove(symbol);
                queue(queueKey).putFirst(symbol, Instant.MIN);
            } else if (!refused) {
                reducedBatches.remove(symbol);
            }
        }
    }

    private List<PollCall> dueCalls(Instant now) {
        var dueCalls = new ArrayList<PollCall>();
        // No burst after a pause: one late call is made up for, the rest is not.
        nextAt = nextAt.isBefore(now.minus(pace.spacing())) ? now.minus(pace.spacing()) : nextAt;
        while (!nextAt.isAfter(now) && calls < IN_FLIGHT_MAX) {
            var call = nextCall(now);
            if (call.isEmpty()) {
                break;
            }
            calls++;
            nextAt = nextAt.plus(pace.spacing());
            dueCalls.add(call.get());
        }
        return dueCalls;
    }

    /** The next call of the first queue after the last one's with a symbol due. */
    private Optional<PollCall> nextCall(Instant now) {
        for (int i = 1; i <= queueKeys.size(); i++) {
            int index = (lastQueue + i) % queueKeys.size();
            var symbols = nextCall(queueKeys.get(index), now);
            if (!symbols.isEmpty()) {
                lastQueue = index;
                return Optional.of(new PollCall(queueKeys.get(index).kind(), symbols));
            }
        }
        return Optional.empty();
    }

    /** Symbols of {@code queueKey} that are due and fit into one call. */
    private List<MarketSymbol> nextCall(QueueKey queueKey, Instant now) {
        var queue = queue(queueKey);
        var symbols = new ArrayList<MarketSymbol>();
        int limit = batchMax(queueKey);
        var interval = interval(queueKey);
        for (Iterator<Map.Entry<MarketSymbol, Instant>> it = queue.entrySet().iterator(); it.hasNext(); ) {
            var entry = it.next();
            if (entry.getValue().isAfter(Instant.MIN)
                    && entry.getValue().plus(interval).isAfter(now)) {
                break;
            }
            int batchSize = reducedBatches.getOrDefault(entry.getKey(), limit);
            if (symbols.size() >= Math.min(limit, batchSize)) {
                break;
            }
            if (inFlight.add(new SymbolDemand(queueKey.kind(), entry.getKey()))) {
                limit = Math.min(limit, batchSize);
                symbols.add(entry.getKey());
            }
        }
        symbols.forEach(symbol -> {
            queue.remove(symbol);
            queue.putLast(symbol, now);
        });
        return symbols;
    }

    private static QueueKey queueKeyOf(PollCall call) {
        return QueueKey.of(new SymbolDemand(call.kind(), call.symbols().getFirst()));
    }

    private SequencedMap<MarketSymbol, Instant> queue(QueueKey queueKey) {
        return Optional.ofNullable(queues.get(queueKey)).orElseThrow();
    }
}
