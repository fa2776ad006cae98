package kr.kisgateway.gateway.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.DeliveryMode;
import kr.kisgateway.gateway.stream.EmptyOrderReplay;
import kr.kisgateway.gateway.stream.SessionSnapshot;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.gateway.stream.StreamSettings;
import kr.kisgateway.gateway.stream.StreamSources;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.VenueSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("A-04")
class SessionPoolTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Symbol HYNIX = new Symbol("000660");
    private static final UsSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");

    private final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");
    private final QuoteStore store = new QuoteStore(clock);
    private final Kis kis = new Kis();
    private SessionPool pool =
            new SessionPool(PoolRules.standard(1, 50, false), List.of(Market.KOREA, Market.US), false, clock);
    private final StreamHub hub = new StreamHub(
            StreamSettings.standard(),
            pool,
            store,
            Lookups.shipped(),
            new StreamSources(
                    List::of,
                    new EmptyOrderReplay(),
                    () -> new SessionSnapshot("IDLE", false, Optional.empty(), "REGULAR"),
                    (_, _, _) -> Optional.empty(),
                    _ -> true),
            () -> "trace",
            clock);
    /** Nothing runs by itself: a test triggers each step. */
    private final ArrayDeque<Runnable> work = new ArrayDeque<>();

    private final Set<Symbol> ordered = new HashSet<>();
    private boolean marketOpen = true;

    @Test
    void configured_demands_from_before_the_sockets_exist_are_registered_at_the_start() {
        pool.pin(SAMSUNG);
        start();
        assertThat(kis.registered).containsExactly(new SymbolDemand(Kind.TRADES, SAMSUNG));
    }

    @Test
    @Requirement(value = "I-01", clause = "rest")
    void a_demand_without_a_slot_is_polled_and_arrives_as_a_quote() {
        start();
        kis.places = 2;
        advance(600);
        assertThat(pool.acquire(Channel.TRADES, SAMSUNG, Optional.empty())).isEqualTo(DeliveryMode.push());
        assertThat(pool.acquire(Channel.QUOTES, HYNIX, Optional.empty())).isEqualTo(DeliveryMode.poll(1_000));
        assertThat(pool.acquire(Channel.BOOKS, HYNIX, Optional.empty())).isEqualTo(DeliveryMode.poll(1_000));
        advance(500);
        advance(500);

        assertThat(kis.polls).containsExactlyInAnyOrder("prices [000660]", "book 000660");
        assertThat(store.last(HYNIX).orElseThrow().trade().price()).isEqualTo(70_000);
        assertThat(store.last(HYNIX).orElseThrow().polled()).isTrue();
        assertThat(store.lastBook(HYNIX)).isPresent();
        assertThat(pool.snapshot().pollCalls()).isEqualTo(2);
    }

    @Test
    void a_price_of_a_venue_without_a_slot_takes_a_call_of_its_own() {
        start();
        kis.places = 1;
        advance(600);
        var nxt = new VenueSymbol(SAMSUNG, PriceSeries.NXT);
        pool.acquire(Channel.QUOTES, SAMSUNG, Optional.empty());
        pool.acquire(Channel.QUOTES, HYNIX, Optional.empty());
        assertThat(pool.acquire(Channel.QUOTES, nxt, Optional.empty())).isInstanceOf(DeliveryMode.Poll.class);
        advance(500);
        advance(500);

        assertThat(kis.polls).contains("prices [005930.NXT]");
        assertThat(store.last(nxt).orElseThrow().polled()).isTrue();
        assertThat(pool.snapshot().polling().get(Market.KOREA).quotes()).isEqualTo(3);
        pool.release(Channel.QUOTES, nxt, Optional.empty());
        assertThat(pool.snapshot().polling().get(Market.KOREA).quotes()).isEqualTo(2);
    }

    @Test
    void an_answer_after_the_push_began_is_discarded() {
        start();
        kis.places = 1;
        advance(600);
        pool.acquire(Channel.QUOTES, SAMSUNG, Optional.empty());
        kis.places = 41;
        work.clear();
        clock.advance(Duration.ofMillis(600));
        pool.tick();
        assertThat(work).isNotEmpty();
        pool.acked(new SymbolDemand(Kind.TRADES, SAMSUNG));
        run();

        assertThat(kis.polls).isNotEmpty();
        assertThat(store.last(SAMSUNG)).isEmpty();
    }

    @Test
    void polling_yields_to_callers_but_not_forever_and_pauses_while_nothing_trades() {
        start();
        kis.places = 1;
        advance(600);
        pool.acquire(Channel.QUOTES, SAMSUNG, Optional.empty());
        advance(250);
        assertThat(kis.polls).hasSize(1);
        kis.othersWait = true;
        advance(1_500);
        assertThat(kis.polls).hasSize(1);
        advance(1_000);
        assertThat(kis.polls).hasSize(2);

        kis.othersWait = false;
        marketOpen = false;
        for (int i = 0; i < 50; i++) {
            advance(1_000);
        }
        assertThat(kis.polls).hasSize(2);
        advance(10_000);
        assertThat(kis.polls).hasSize(3);
    }

    @Test
    void a_failed_poll_is_counted_and_repeated() {
        start();
        kis.places = 1;
        kis.failing = true;
        advance(600);
        pool.acquire(Channel.QUOTES, SAMSUNG, Optional.empty());
        advance(250);
        assertThat(pool.snapshot().pollFailures()).isEqualTo(1);
        kis.failing = false;
        advance(1_200);
        assertThat(store.last(SAMSUNG)).isPresent();
    }

    @Test
    void a_registration_a_socket_does_not_take_is_left_to_polling() {
        start();
        kis.taking = false;
        assertThat(pool.acquire(Channel.TRADES, SAMSUNG, Optional.empty())).isEqualTo(DeliveryMode.push());
        assertThat(pool.acquire(Channel.TRADES, SAMSUNG, Optional.empty())).isEqualTo(DeliveryMode.poll(1_000));
        assertThat(why(SAMSUNG)).contains("refused", "polled every 1.0 s", "trades is silent");
    }

    @Test
    @Requirement("I-02")
    void a_us_stock_without_a_slot_is_polled_and_its_price_is_published() {
        kis.places = 1;
        start();
        assertThat(pool.acquire(Channel.QUOTES, APPLE, Optional.empty())).isEqualTo(DeliveryMode.poll(1_000));
        advance(1_000);
        assertThat(kis.polls).contains("prices [AAPL.NASD]");
        assertThat(store.last(APPLE).orElseThrow().polled()).isTrue();
        assertThat(store.last(APPLE).orElseThrow().trade().price()).isEqualTo(1_873_400);
    }

    @Test
    @Requirement("I-02")
    void countries_on_shared_sockets_share_the_slots_by_weight() {
        kis.places = 3;
        start();
        assertThat(pool.acquire(Channel.TRADES, SAMSUNG, Optional.empty())).isEqualTo(DeliveryMode.push());
        assertThat(pool.acquire(Channel.TRADES, APPLE, Optional.empty())).isEqualTo(DeliveryMode.push());
        assertThat(pool.acquire(Channel.QUOTES, HYNIX, Optional.empty())).isEqualTo(DeliveryMode.poll(1_000));
    }

    @Test
    @Requirement("I-02")
    void countries_on_separate_sockets_take_no_slots_from_each_other() {
        kis.places = 2;
        pool = new SessionPool(PoolRules.standard(1, 50, false), List.of(Market.KOREA, Market.US), true, clock);
        start();
        kis.usPlaces = 3;
        advance(600);
        assertThat(pool.acquire(Channel.TRADES, SAMSUNG, Optional.empty())).isEqualTo(DeliveryMode.push());
        assertThat(pool.acquire(Channel.TRADES, HYNIX, Optional.empty())).isEqualTo(DeliveryMode.poll(1_000));
        assertThat(pool.acquire(Channel.TRADES, APPLE, Optional.empty())).isEqualTo(DeliveryMode.push());
        assertThat(pool.snapshot().places().get(Market.US).slots()).isEqualTo(2);

        // New York's hours on this socket end.
        kis.usPlaces = 0;
        advance(600);
        assertThat(kis.registered).containsExactly(new SymbolDemand(Kind.TRADES, SAMSUNG));
        assertThat(why(APPLE)).contains("No socket takes registrations of this market now");
    }

    @Test
    @Requirement("I-02")
    void a_demand_that_cannot_be_registered_by_its_new_key_is_polled() {
        start();
        assertThat(pool.acquire(Channel.TRADES, APPLE, Optional.empty())).isEqualTo(DeliveryMode.push());
        kis.renewalDue = true;
        advance(600);
        assertThat(why(APPLE)).contains("refused", "polled every");
    }

    @Test
    void the_reason_of_an_allocation_is_one_sentence() {
        kis.places = 2;
        start();
        pool.acquire(Channel.TRADES, SAMSUNG, Optional.empty());
        pool.acked(new SymbolDemand(Kind.TRADES, SAMSUNG));
        pool.acquire(Channel.QUOTES, HYNIX, Optional.empty());
        assertThat(why(SAMSUNG))
                .isEqualTo("KIS pushes it on K1: it weighs 4 (1 subscriber), and 1 of 1 slots are taken.");
        assertThat(why(HYNIX))
                .isEqualTo(
                        "All 1 slots are taken by demands that weigh 4 or more, and it weighs 2 (1 subscriber), so it is"
                                + " polled every 1.0 s. Polling has no tape: the channel trades is silent,"
                                + " and programs at the KIS-compatible port get each polled value as a frame.");
        kis.open = false;
        assertThat(why(SAMSUNG))
                .isEqualTo(
                        "It is registered on K1, whose socket is not open: KIS pushes nothing of it until the socket is"
                                + " open again.");
        assertThat(why(HYNIX)).as("a polled one has no socket").startsWith("All 1 slots are taken");
        kis.open = true;
        ordered.add(HYNIX);
        advance(6_000);
        advance(600);
        assertThat(why(HYNIX)).contains("weighs 102 (1 subscriber, an open order)", "takes that slot");
    }

    private String why(MarketSymbol symbol) {
        var demand = new SymbolDemand(Kind.TRADES, symbol);
        var glance = pool.snapshot();
        return glance.allocations().stream()
                .filter(allocation -> allocation.demand().equals(demand))
                .map(allocation -> AllocationExplanation.of(allocation, glance, pool.appKeyOf(demand), kis.open))
                .findFirst()
                .orElse("");
    }

    private void start() {
        pool.start(
                new SessionPool.Environment(
                        kis, kis, hub, store, () -> Set.copyOf(ordered), market -> marketOpen, work::add),
                new ManualTaskRunner());
        run();
    }

    private void advance(long millis) {
        clock.advance(Duration.ofMillis(millis));
        pool.tick();
        run();
    }

    private void run() {
        while (!work.isEmpty()) {
            work.remove().run();
        }
    }

    /** Scripted sockets and REST. */
    private static final class Kis implements Sockets, PollSource {
        private final Set<Demand> registered = new HashSet<>();
        private final List<String> polls = new ArrayList<>();
        private int places = 41;
        private int usPlaces = -1;
        private boolean renewalDue;
        private boolean taking = true;
        private boolean open = true;
        private boolean failing;
        private boolean othersWait;

        @Override
        public Placement register(Demand demand) {
            return taking && registered.add(demand) ? Placement.REQUESTED : Placement.REFUSED;
        }

        @Override
        public void release(Demand demand) {
            registered.remove(demand);
        }

        @Override
        public Capacity room(Market market) {
            return new Capacity(
                    market.equals(Market.US) && usPlaces >= 0 ? usPlaces : places, 1, Optional.<Instant>empty());
        }

        @Override
        public Optional<String> appKeyOf(Demand demand) {
            return registered.contains(demand) ? Optional.of("K1") : Optional.empty();
        }

        @Override
        public PollResult requestPrices(List<MarketSymbol> symbols) {
            polls.add("prices " + symbols);
            return failing
                    ? new PollResult.Failed(false, "TIMEOUT")
                    : new PollResult.Prices(symbols.stream()
                            .map(symbol -> figures(symbol, symbol instanceof UsSymbol ? 1_873_400 : 70_000))
                            .toList());
        }

        private static Trade figures(MarketSymbol symbol, long price) {
            return new Trade(
                    symbol,
                    0,
                    0,
                    price,
                    0,
                    100,
                    price - 1_000,
                    price + 1_000,
                    price - 2_000,
                    price + 100,
                    0,
                    1_000,
                    1_000 * price,
                    '-');
        }

        @Override
        public PollResult requestBook(MarketSymbol symbol) {
            polls.add("book " + symbol);
            if (symbol instanceof UsSymbol) {
                return new PollResult.Failed(true, "UNSUPPORTED");
            }
            return new PollResult.Book(new OrderBook(symbol, 110_000, new long[4 * OrderBook.LEVELS], 0, 0));
        }

        @Override
        public List<Demand> refreshKeys() {
            if (renewalDue) {
                renewalDue = false;
                return registered.stream()
                        .filter(it -> it.market().equals(Market.US))
                        .toList();
            }
            return List.of();
        }

        @Override
        public boolean hasWaitingCallers() {
            return othersWait;
        }

        @Override
        public Duration spacing() {
            return Duration.ofMillis(250);
        }

        @Override
        public int batchMax() {
            return 30;
        }
    }
}
