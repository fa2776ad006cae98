package kr.kisgateway.gateway.parent;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kr.kisgateway.market.MarketSymbol;

/**
 * Decides what prices trigger: which parent orders wait for the prices of an instrument, the best price that a trailing one has seen,
 * and which have seen none since the gateway was away. A part of the {@link ParentCore}, on its thread.
 */
final class PriceTriggers {
    /** The best price of a trailing leg is recorded no more often than this; a crash forgets that much. */
    static final Duration BEST_EVERY = Duration.ofSeconds(1);

    private final LegMarket market;
    private final boolean asksAfterAbsence;
    /** Parent orders that wait for a price, the oldest first. */
    private final Map<MarketSymbol, Set<ParentId>> watched = new HashMap<>();
    /** The same, by parent order: which series is watched for one may change. */
    private final Map<ParentId, Set<MarketSymbol>> watchedFor = new HashMap<>();
    /** Parent orders that were read from the journal and have seen no price since. */
    private final Set<ParentId> absent = new HashSet<>();
    /** The best prices since, which are newer than the recorded ones. */
    private final Map<ParentId, Long> best = new HashMap<>();

    private final Map<ParentId, Instant> bestRecorded = new HashMap<>();

    /**
     * @param market of each order
     * @param asksAfterAbsence whether the first price after a start that triggers is left for somebody to decide on
     */
    PriceTriggers(LegMarket market, boolean asksAfterAbsence) {
        this.market = market;
        this.asksAfterAbsence = asksAfterAbsence;
    }

    /** Takes the parent orders of the journal: their next price is the first after an absence. */
    void restore(Collection<Parent> loaded) {
        loaded.stream().filter(PriceTriggers::awaitsPrice).map(Parent::id).forEach(absent::add);
    }

    /** Watches the prices that the parent order waits for, and no others for it. */
    void watch(Parent parent) {
        unwatch(parent.id());
        for (int i = 0; i < parent.legs().size(); i++) {
            if (awaitsPrice(parent, i)) {
                MarketSymbol series = series(parent.plan().legs().get(i));
                watched.computeIfAbsent(series, _ -> new TreeSet<>(ParentId.OLDEST_FIRST))
                        .add(parent.id());
                watchedFor.computeIfAbsent(parent.id(), _ -> new HashSet<>()).add(series);
            }
        }
    }

    private MarketSymbol series(Leg leg) {
        return market.series(leg, (Start.PriceTrigger) leg.start());
    }

    /** Ends that. */
    void unwatch(ParentId parent) {
        for (MarketSymbol series : watchedFor.getOrDefault(parent, Set.of())) {
            Optional.ofNullable(watched.get(series))
                    .filter(parents -> parents.remove(parent) && parents.isEmpty())
                    .ifPresent(_ -> watched.remove(series));
        }
        watchedFor.remove(parent);
    }

    /** The series of prices that the parent order waits for and that are made now. */
    Stream<MarketSymbol> awaited(Parent parent, Instant now) {
        return IntStream.range(0, parent.legs().size())
                .filter(i -> awaitsPrice(parent, i))
                .mapToObj(i -> parent.plan().legs().get(i))
                .filter(leg -> now.isBefore(leg.until()) && market.accepts(leg, now) && market.isPriced(leg, now))
                .map(this::series);
    }

    /** The series of prices that are watched. */
    Set<MarketSymbol> symbols() {
        return Set.copyOf(watched.keySet());
    }

    /** The parent orders that wait for prices of the series, the oldest first. */
    List<ParentId> waitingFor(MarketSymbol symbol) {
        return List.copyOf(watched.getOrDefault(symbol, Set.of()));
    }

    /** Takes that the best price of a parent order was recorded. */
    void bestRecorded(ParentId parent, Instant at) {
        bestRecorded.put(parent, at);
    }

    /** Drops what is known of a parent order that has ended. */
    void forget(ParentId parent) {
        absent.remove(parent);
        best.remove(parent);
        bestRecorded.remove(parent);
    }

    private static boolean awaitsPrice(Parent parent) {
        return IntStream.range(0, parent.legs().size()).anyMatch(i -> awaitsPrice(parent, i));
    }

    private static boolean awaitsPrice(Parent parent, int i) {
        LegState leg = parent.legs().get(i);
        return parent.plan().legs().get(i).start() instanceof Start.PriceTrigger
                && !leg.isEnded()
                && leg.trigger().isEmpty();
    }

    /** What the trades of an instrument that a parent order waits for change about it. */
    Optional<ParentEvent> priceSeen(Parent parent, PriceRange range, Instant now) {
        return parent.cancelBy().isPresent() || parent.stopped().isPresent()
                ? Optional.empty()
                : IntStream.range(0, parent.legs().size())
                        .filter(i -> awaitsPrice(parent, i))
                        .boxed()
                        .findFirst()
                        .flatMap(i -> priceSeen(parent, i, range, now));
    }

    private Optional<ParentEvent> priceSeen(Parent parent, int i, PriceRange range, Instant now) {
        Leg leg = parent.plan().legs().get(i);
        LegState state = parent.legs().get(i);
        // A price of an hour at which nothing could be done about it is none: a stop at the opening is decided by the
        // opening.
        if (state.heldAt().isPresent()
                || !now.isBefore(leg.until())
                || !market.accepts(leg, now)
                || !market.isPriced(leg, now)) {
            return Optional.empty();
        }
        boolean wasAbsent = absent.remove(parent.id());
        OptionalLong reached = reached(parent, state, (Start.PriceTrigger) leg.start(), range);
        if (reached.isPresent()) {
            return Optional.of(
                    wasAbsent && asksAfterAbsence
                            ? new ParentEvent.Held(parent.id(), i, reached.getAsLong())
                            : ParentEvent.Triggered.byItself(parent.id(), i, reached.getAsLong()));
        }
        return leg.start() instanceof Start.Trailing trailing
                ? newBest(parent, i, trailing, range, now)
                : Optional.empty();
    }

    /** The price of the range that triggers. */
    private OptionalLong reached(Parent parent, LegState state, Start.PriceTrigger start, PriceRange range) {
        return switch (start) {
            case Start.AtPrice(MarketSymbol _, Start.Direction direction, long price) ->
                direction.reaches(range.extreme(direction), price)
                        ? OptionalLong.of(range.extreme(direction))
                        : OptionalLong.empty();
            case Start.Trailing trailing -> reachedTrailing(parent, state, trailing, range);
        };
    }

    /** The range's best price may have been before or after its worst: each is compared with what is certain. */
    private OptionalLong reachedTrailing(Parent parent, LegState state, Start.Trailing trailing, PriceRange range) {
        Start.Direction direction = trailing.direction();
        OptionalLong known = knownBest(parent, state);
        long worst = range.extreme(direction);
        if (known.isPresent() && direction.reaches(worst, trailing.level(known.getAsLong()))) {
            return OptionalLong.of(worst);
        }
        long newBest = better(trailing, known, range);
        best.put(parent.id(), newBest);
        return direction.reaches(range.last(), trailing.level(newBest))
                ? OptionalLong.of(range.last())
                : OptionalLong.empty();
    }

    private OptionalLong knownBest(Parent parent, LegState state) {
        return Optional.ofNullable(best.get(parent.id())).map(OptionalLong::of).orElseGet(state::best);
    }

    private static long better(Start.Trailing trailing, OptionalLong known, PriceRange range) {
        long candidate = trailing.direction() == Start.Direction.AT_OR_BELOW ? range.high() : range.low();
        return known.isPresent() && !trailing.isBetter(candidate, known.getAsLong()) ? known.getAsLong() : candidate;
    }

    private Optional<ParentEvent> newBest(
            Parent parent, int i, Start.Trailing trailing, PriceRange range, Instant now) {
        LegState state = parent.legs().get(i);
        long newBest = better(trailing, knownBest(parent, state), range);
        boolean isNew = state.best().isEmpty()
                || trailing.isBetter(newBest, state.best().getAsLong());
        Optional<Instant> last = Optional.ofNullable(bestRecorded.get(parent.id()));
        boolean isDue = last.filter(at -> now.isBefore(at.plus(BEST_EVERY))).isEmpty();
        return isNew && isDue ? Optional.of(new ParentEvent.BestMoved(parent.id(), i, newBest)) : Optional.empty();
    }
}
