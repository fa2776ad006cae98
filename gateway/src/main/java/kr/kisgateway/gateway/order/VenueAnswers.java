package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.function.Supplier;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Venue;

/**
 * A broker, and how it answered the last requests of each venue: what the choice of a venue is decided by. In memory: after a
 * start nothing is known.
 */
public final class VenueAnswers implements Broker {
    /** Answers that the median is taken of. */
    private static final int ANSWERS = 5;
    /** Symbols with a refusal that is remembered; the oldest is forgotten first. */
    private static final int REFUSALS_MAX = 2_000;

    private final Broker broker;
    private final InstantSource clock;
    private final Duration hold;
    private final Map<Venue, Deque<Answered>> answers = new EnumMap<>(Venue.class);
    private final SequencedMap<Place, Refusal> refusals = new LinkedHashMap<>();

    private record Answered(Instant at, long millis) {}

    private record Place(MarketSymbol symbol, Venue venue) {}

    private record Refusal(Instant at, String code) {}

    /** @param hold how long answers and refusals count */
    public VenueAnswers(Broker broker, Duration hold, InstantSource clock) {
        this.broker = broker;
        this.hold = hold;
        this.clock = clock;
    }

    /** Median time of the last answers to orders of {@code venue}, in milliseconds; empty where there were none. */
    synchronized OptionalLong medianMillis(Venue venue) {
        Instant since = clock.instant().minus(hold);
        long[] millis = answers.getOrDefault(venue, new ArrayDeque<>()).stream()
                .filter(it -> it.at().isAfter(since))
                .mapToLong(Answered::millis)
                .sorted()
                .toArray();
        return millis.length == 0 ? OptionalLong.empty() : OptionalLong.of(millis[millis.length / 2]);
    }

    /** The code of the last order of {@code symbol} on {@code venue}, if KIS refused it. */
    synchronized Optional<String> refusal(MarketSymbol symbol, Venue venue) {
        return Optional.ofNullable(refusals.get(new Place(symbol, venue)))
                .filter(it -> it.at().isAfter(clock.instant().minus(hold)))
                .map(Refusal::code);
    }

    private Outcome measured(Terms terms, boolean places, Supplier<Outcome> request) {
        Instant begin = clock.instant();
        Outcome outcome = request.get();
        Instant end = clock.instant();
        record(terms, places, Math.max(0, Duration.between(begin, end).toMillis()), outcome, end);
        return outcome;
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        meters.cacheLimit("venue_refusals", this::remembered, REFUSALS_MAX);
    }

    private synchronized int remembered() {
        return refusals.size();
    }

    private synchronized void record(Terms terms, boolean places, long millis, Outcome outcome, Instant at) {
        Deque<Answered> ofVenue = answers.computeIfAbsent(terms.venue(), _ -> new ArrayDeque<>());
        if (ofVenue.size() == ANSWERS) {
            ofVenue.removeFirst();
        }
        ofVenue.addLast(new Answered(at, millis));
        if (places) {
            var place = new Place(terms.symbol(), terms.venue());
            refusals.remove(place);
            if (outcome instanceof Outcome.Refused(String code, String _)) {
                refusals.put(place, new Refusal(at, code));
                if (refusals.size() > REFUSALS_MAX) {
                    refusals.pollFirstEntry();
                }
            }
        }
    }

    @Override
    public SlotAnswer acquireSlot(String account, Lane lane, String tenant, Instant deadline) {
        return broker.acquireSlot(account, lane, tenant, deadline);
    }

    @Override
    public Optional<Slot> acquireFreeSlot(String account, Lane lane, String tenant, Instant deadline) {
        return broker.acquireFreeSlot(account, lane, tenant, deadline);
    }

    @Override
    public Outcome place(Slot slot, Terms terms) {
        return measured(terms, true, () -> broker.place(slot, terms));
    }

    @Override
    public Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long qty, long price) {
        return measured(terms, false, () -> broker.modify(slot, terms, orgNo, odno, qty, price));
    }

    @Override
    public Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all) {
        return measured(terms, false, () -> broker.cancel(slot, terms, orgNo, odno, qty, all));
    }

    @Override
    public DailyOrders requestDailyOrders(AccountDay day) {
        return broker.requestDailyOrders(day);
    }
}
