package kr.kisgateway.gateway.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.pool.Allocation.Mode;
import kr.kisgateway.gateway.pool.Allocation.Reason;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.Demand.Use;
import kr.kisgateway.gateway.pool.PoolCore.Effect;
import kr.kisgateway.gateway.pool.PoolCore.Input;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("A-04")
class PoolCoreTest {
    private static final PoolRules RULES = new PoolRules(
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            6,
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            50,
            false);

    private PoolCore core = new PoolCore(RULES);
    private final Set<Demand> registered = new HashSet<>();
    private final List<String> effectLog = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-20T00:00:00Z");

    @Test
    void the_first_demands_are_pushed_and_later_ones_are_polled_when_all_slots_are_taken() {
        room(3, 1);
        assertThat(addDemand(trades(1), Use.TAPE)).isEqualTo(Mode.PUSH);
        assertThat(addDemand(books(1), Use.BOOK)).isEqualTo(Mode.PUSH);
        assertThat(addDemand(trades(2), Use.QUOTE)).isEqualTo(Mode.POLL);
        assertThat(addDemand(trades(1), Use.QUOTE)).isEqualTo(Mode.PUSH);

        assertThat(registered).containsExactlyInAnyOrder(trades(1), books(1));
        assertThat(reason(trades(2))).isEqualTo(Reason.OUTWEIGHED);
        assertThat(core.slots()).isEqualTo(2);
    }

    @Test
    void a_freed_slot_goes_to_the_heaviest_polled_demand() {
        room(2, 1);
        addDemand(trades(1), Use.TAPE);
        addDemand(trades(2), Use.QUOTE);
        addDemand(trades(3), Use.TAPE);
        effectLog.clear();

        on(new Input.Unsubscribe(trades(1), Use.TAPE, Optional.empty()));
        assertThat(registered).containsExactly(trades(1));
        assertThat(reason(trades(1))).isEqualTo(Reason.LINGERING);
        on(new Input.Tick());

        assertThat(registered).containsExactly(trades(3));
        // Polled until KIS has confirmed it: no subscriber is without values in between.
        assertThat(effectLog).isEmpty();
        on(new Input.Acked(trades(3)));
        assertThat(effectLog).containsExactly("000003 TRADES PUSH");
        assertThat(core.allocation(trades(1), now)).isEmpty();
    }

    @Test
    void an_unused_slot_is_released_after_a_while_and_an_earlier_return_reclaims_it() {
        room(41, 1);
        addDemand(trades(1), Use.TAPE);
        on(new Input.Unsubscribe(trades(1), Use.TAPE, Optional.empty()));
        pass(1);
        assertThat(addDemand(trades(1), Use.TAPE)).isEqualTo(Mode.PUSH);
        pass(5);
        assertThat(registered).containsExactly(trades(1));
        assertThat(core.churnLeft(now)).isEqualTo(5);

        on(new Input.Unsubscribe(trades(1), Use.TAPE, Optional.empty()));
        pass(3);
        assertThat(registered).isEmpty();
        assertThat(core.allocations(now)).isEmpty();
    }

    @Test
    void a_newcomer_takes_a_place_only_when_it_outweighs_it_by_half_for_long_enough() {
        room(2, 1);
        addDemand(trades(1), Use.TAPE);
        on(new Input.Acked(trades(1)));
        pass(120);
        addDemand(trades(2), Use.TAPE);
        pass(120);
        assertThat(registered).as("the same weight").containsExactly(trades(1));
        addDemand(trades(2), Use.TAPE);
        pass(25);
        assertThat(registered).as("not for long enough").containsExactly(trades(1));
        assertThat(reason(trades(2))).isEqualTo(Reason.RISING);
        on(new Input.Unsubscribe(trades(2), Use.TAPE, Optional.empty()));
        pass(1);
        addDemand(trades(2), Use.TAPE);
        pass(25);
        assertThat(registered).as("the period starts again").containsExactly(trades(1));
        pass(10);

        assertThat(registered).containsExactly(trades(2));
        assertThat(effectLog).contains("000001 TRADES POLL");
    }

    @Test
    void a_raw_demand_waits_without_being_polled_and_takes_the_slot_of_one_that_can_be_polled() {
        room(2, 1);
        addDemand(trades(1), Use.TAPE);
        addDemand(trades(1), Use.QUOTE);
        on(new Input.Acked(trades(1)));
        assertThat(core.hasPlaceFor(raw(1), Optional.empty())).isTrue();
        assertThat(addDemand(raw(1), Use.RAW)).isEqualTo(Mode.NONE);
        pass(55);
        assertThat(registered).as("a slot is kept for a minute").containsExactly(trades(1));
        assertThat(reason(raw(1))).isEqualTo(Reason.RISING);
        pass(10);

        assertThat(registered).containsExactly(raw(1));
        on(new Input.Acked(raw(1)));
        assertThat(effectLog)
                .containsExactly(
                        "000001 TRADES PUSH", "0001 H0UPCNT0 NONE", "000001 TRADES POLL", "0001 H0UPCNT0 PUSH");
        on(new Input.Refused(raw(1)));
        assertThat(effectLog).endsWith("0001 H0UPCNT0 NONE");
        assertThat(core.isRefused(raw(1), now)).isTrue();
    }

    @Test
    void a_raw_demand_without_any_slot_to_expect_has_no_place() {
        room(3, 1);
        assertThat(addDemand(raw(1), Use.RAW)).isEqualTo(Mode.PUSH);
        assertThat(addDemand(raw(2), Use.RAW)).isEqualTo(Mode.PUSH);
        assertThat(core.hasPlaceFor(raw(3), Optional.empty()))
                .as("both slots have raw demands")
                .isFalse();
        assertThat(core.hasPlaceFor(raw(2), Optional.empty()))
                .as("it has its slot")
                .isTrue();
        on(new Input.Unsubscribe(raw(2), Use.RAW, Optional.empty()));
        assertThat(core.hasPlaceFor(raw(3), Optional.empty()))
                .as("an unused slot")
                .isTrue();

        addDemand(trades(1), Use.QUOTE);
        for (int number = 3; number < 5; number++) {
            assertThat(core.hasPlaceFor(raw(number), Optional.empty())).isTrue();
            assertThat(addDemand(raw(number), Use.RAW)).isEqualTo(Mode.NONE);
        }
        assertThat(core.hasPlaceFor(raw(5), Optional.empty()))
                .as("as many wait as there are slots")
                .isFalse();
    }

    @Test
    void a_key_within_its_share_has_a_place_for_a_raw_demand_before_one_beyond_it() {
        room(5, 1);
        for (int number = 1; number <= 4; number++) {
            on(new Input.Subscribe(raw(number), Use.RAW, Optional.of("greedy")));
        }
        assertThat(core.hasPlaceFor(raw(5), Optional.of("greedy")))
                .as("beyond its share")
                .isFalse();
        assertThat(core.hasPlaceFor(raw(5), Optional.of("modest"))).isTrue();
        on(new Input.Subscribe(raw(5), Use.RAW, Optional.of("modest")));
        pass(65);
        assertThat(registered).contains(raw(5)).hasSize(4);
    }

    private static RawDemand raw(int number) {
        return new RawDemand("H0UPCNT0", "%04d".formatted(number), Market.KOREA);
    }

    @Test
    void a_newly_assigned_place_is_retained_for_a_minute() {
        room(2, 1);
        addDemand(trades(1), Use.TAPE);
        for (int i = 0; i < 5; i++) {
            addDemand(trades(2), Use.TAPE);
        }
        pass(55);
        assertThat(registered).containsExactly(trades(1));
        pass(10);
        assertThat(registered).containsExactly(trades(2));
    }

    @Test
    void configured_symbols_and_open_orders_weigh_more() {
        room(2, 1);
        addDemand(trades(1), Use.TAPE);
        addDemand(trades(2), Use.QUOTE);
        on(new Input.OpenOrderSymbols(Set.of(symbol(2))));
        pass(100);
        assertThat(registered).containsExactly(trades(2));
        on(new Input.Pin(trades(3)));
        pass(100);
        assertThat(registered).containsExactly(trades(3));
        on(new Input.Acked(trades(3)));
        assertThat(reason(trades(3))).isEqualTo(Reason.PINNED);
    }

    @Test
    void no_minute_has_more_changes_than_the_rules_allow() {
        room(41, 1);
        for (int i = 1; i <= 8; i++) {
            addDemand(trades(i), Use.TAPE);
        }
        assertThat(registered).hasSize(6);
        assertThat(reason(trades(7))).isEqualTo(Reason.CHURN);
        pass(59);
        assertThat(registered).hasSize(6);
        pass(2);
        assertThat(registered).hasSize(8);
    }

    @Test
    void a_registration_kis_refuses_is_polled_and_retried_later() {
        room(41, 1);
        addDemand(trades(1), Use.TAPE);
        on(new Input.Refused(trades(1)));
        assertThat(effectLog).containsExactly("000001 TRADES PUSH", "000001 TRADES POLL");
        assertThat(reason(trades(1))).isEqualTo(Reason.REFUSED);
        pass(59);
        assertThat(registered).isEmpty();
        pass(2);
        assertThat(registered).containsExactly(trades(1));
    }

    @Test
    @Requirement(value = "I-01", clause = "rest")
    void an_unconfirmed_registration_is_polled_until_it_is_confirmed() {
        room(41, 1);
        assertThat(addDemand(trades(1), Use.TAPE)).isEqualTo(Mode.PUSH);
        pass(6);
        assertThat(effectLog).containsExactly("000001 TRADES PUSH", "000001 TRADES POLL");
        assertThat(reason(trades(1))).isEqualTo(Reason.UNCONFIRMED);
        on(new Input.Acked(trades(1)));
        assertThat(effectLog).last().isEqualTo("000001 TRADES PUSH");

        on(new Input.Lost(trades(1)));
        pass(4);
        assertThat(effectLog).last().isEqualTo("000001 TRADES PUSH");
        pass(2);
        assertThat(effectLog).last().isEqualTo("000001 TRADES POLL");
        assertThat(registered).containsExactly(trades(1));
    }

    @Test
    @Requirement("I-02")
    void a_market_is_polled_while_no_socket_accepts_its_registrations() {
        room(41, 1);
        addDemand(trades(1), Use.TAPE);
        addDemand(books(2), Use.BOOK);
        room(0, 1);
        assertThat(registered).isEmpty();
        assertThat(reason(books(2))).isEqualTo(Reason.NO_SLOTS);
        assertThat(core.allocation(books(2), now).orElseThrow().mode()).isEqualTo(Mode.POLL);
        room(41, 1);
        assertThat(registered).containsExactlyInAnyOrder(trades(1), books(2));
    }

    @Test
    @Requirement("A-07")
    void an_unused_slot_receives_halt_statuses_and_is_released_at_once() {
        core = new PoolCore(withStatuses(60));
        room(4, 1);
        addDemand(trades(1), Use.TAPE);
        pass(1);
        assertThat(registered).as("its trades are not confirmed").containsExactly(trades(1));
        on(new Input.Acked(trades(1)));
        pass(1);
        assertThat(registered).containsExactlyInAnyOrder(trades(1), status(1));
        assertThat(reason(status(1))).isEqualTo(Reason.UNCONFIRMED);
        on(new Input.Acked(status(1)));
        assertThat(reason(status(1))).isEqualTo(Reason.SPARE);
        assertThat(core.allocation(status(1), now).orElseThrow().mode()).isEqualTo(Mode.PUSH);
        assertThat(core.statuses()).isEqualTo(1);

        assertThat(addDemand(books(2), Use.BOOK)).isEqualTo(Mode.PUSH);
        assertThat(registered).as("slots for both").contains(status(1));
        assertThat(addDemand(trades(3), Use.QUOTE)).as("the lightest there is").isEqualTo(Mode.PUSH);
        assertThat(registered).containsExactlyInAnyOrder(trades(1), books(2), trades(3));
        assertThat(reason(status(1))).isEqualTo(Reason.OUTWEIGHED);
        assertThat(core.allocation(status(1), now).orElseThrow().mode()).isEqualTo(Mode.NONE);

        on(new Input.Unsubscribe(trades(3), Use.QUOTE, Optional.empty()));
        pass(10);
        assertThat(registered).as("coming and going moves nothing").containsExactlyInAnyOrder(trades(1), books(2));
        assertThat(reason(status(1))).isEqualTo(Reason.YIELDED);
        pass(60);
        assertThat(registered).containsExactlyInAnyOrder(trades(1), books(2), status(1));
        assertThat(effectLog).noneMatch(line -> line.contains("STATUS"));

        on(new Input.Unsubscribe(trades(1), Use.TAPE, Optional.empty()));
        pass(3);
        assertThat(registered).as("no status without a demand for the stock").containsExactly(books(2));
        assertThat(core.allocation(status(1), now)).isEmpty();
    }

    @Test
    @Requirement("A-07")
    void slots_that_are_free_while_a_client_subscribes_to_stock_after_stock_are_not_taken_by_statuses_first() {
        core = new PoolCore(withStatuses(120));
        room(41, 1);
        for (int i = 1; i <= 20; i++) {
            addDemand(trades(i), Use.TAPE);
            on(new Input.Acked(trades(i)));
            pass(1);
            assertThat(core.statuses()).isZero();
            assertThat(reason(status(1))).isEqualTo(Reason.UNCONFIRMED);
        }
        pass(1);
        assertThat(core.statuses()).isEqualTo(20);
    }

    @Test
    @Requirement("A-07")
    void statuses_get_slots_each_minute_although_a_demand_takes_one_each_second() {
        core = new PoolCore(withStatuses(1_000));
        room(401, 1);
        for (int i = 1; i <= 59; i++) {
            addDemand(trades(i), Use.TAPE);
            on(new Input.Acked(trades(i)));
            pass(1);
            assertThat(core.statuses()).isZero();
        }
        for (int i = 60; i <= 62; i++) {
            addDemand(trades(i), Use.TAPE);
            on(new Input.Acked(trades(i)));
            pass(1);
        }
        assertThat(core.statuses()).isGreaterThanOrEqualTo(60);
    }

    @Test
    @Requirement("A-07")
    void status_registrations_use_at_most_half_of_a_minutes_changes_and_a_refused_one_waits() {
        core = new PoolCore(withStatuses(6));
        room(41, 1);
        for (int i = 1; i <= 3; i++) {
            addDemand(trades(i), Use.TAPE);
            on(new Input.Acked(trades(i)));
        }
        pass(2);
        assertThat(registered).hasSize(3);
        assertThat(reason(status(1))).isEqualTo(Reason.CHURN);
        pass(60);
        assertThat(registered).contains(status(1), status(2), status(3));
        assertThat(core.churnLeft(now)).isEqualTo(3);

        on(new Input.Refused(status(2)));
        pass(120);
        assertThat(registered).doesNotContain(status(2));
        assertThat(reason(status(2))).isEqualTo(Reason.REFUSED);
        pass(30 * 60);
        assertThat(registered).contains(status(2));
        room(4, 1);
        assertThat(registered).as("they go first").containsExactlyInAnyOrder(trades(1), trades(2), trades(3));
    }

    @Test
    void a_key_beyond_its_share_yields_slots_to_a_key_within_its_share_and_retains_its_share() {
        core = new PoolCore(withShare(50));
        room(10, 0);
        for (int number = 1; number <= 10; number++) {
            assertThat(addDemand(trades(number), Use.TAPE, "greedy")).isEqualTo(Mode.PUSH);
        }
        pass(100);
        assertThat(registered).as("no other demand for the slots").hasSize(10);

        for (int number = 101; number <= 107; number++) {
            assertThat(addDemand(trades(number), Use.QUOTE, "modest")).isEqualTo(Mode.POLL);
        }
        assertThat(addDemand(trades(11), Use.TAPE, "greedy")).isEqualTo(Mode.POLL);
        pass(100);

        assertThat(registered)
                .containsExactlyInAnyOrder(
                        trades(1),
                        trades(2),
                        trades(3),
                        trades(4),
                        trades(5),
                        trades(101),
                        trades(102),
                        trades(103),
                        trades(104),
                        trades(105));
        assertThat(reason(trades(6))).isEqualTo(Reason.OVER_SHARE);
        assertThat(reason(trades(106))).isEqualTo(Reason.OVER_SHARE);
        pass(300);
        assertThat(registered).as("the allocation is stable").hasSize(10).contains(trades(5), trades(105));
    }

    @Test
    void a_slot_that_a_key_releases_goes_to_its_next_symbol_within_its_share() {
        core = new PoolCore(withShare(50));
        room(2, 0);
        addDemand(trades(1), Use.TAPE, "greedy");
        addDemand(trades(2), Use.TAPE, "greedy");
        addDemand(trades(3), Use.QUOTE, "modest");
        pass(100);
        assertThat(registered).containsExactlyInAnyOrder(trades(1), trades(3));

        on(new Input.Unsubscribe(trades(1), Use.TAPE, Optional.of("greedy")));
        pass(5);
        assertThat(registered).containsExactlyInAnyOrder(trades(2), trades(3));
        pass(100);
        assertThat(registered).containsExactlyInAnyOrder(trades(2), trades(3));
    }

    @Test
    void a_symbol_shared_with_a_key_within_its_share_or_with_an_open_order_retains_its_slot() {
        core = new PoolCore(withShare(50));
        room(4, 0);
        for (int number = 1; number <= 4; number++) {
            addDemand(trades(number), Use.TAPE, "greedy");
        }
        addDemand(trades(3), Use.QUOTE, "modest");
        on(new Input.OpenOrderSymbols(Set.of(symbol(4))));
        addDemand(trades(5), Use.BOOK, "third");
        pass(100);

        assertThat(registered).containsExactlyInAnyOrder(trades(1), trades(2), trades(3), trades(4));
        assertThat(reason(trades(5))).isEqualTo(Reason.OUTWEIGHED);
    }

    @Test
    void the_share_shrinks_and_grows_with_the_number_of_slots() {
        core = new PoolCore(withShare(50));
        room(8, 0);
        for (int number = 1; number <= 8; number++) {
            addDemand(trades(number), Use.TAPE, "greedy");
        }
        for (int number = 11; number <= 18; number++) {
            addDemand(trades(number), Use.TAPE, "modest");
        }
        pass(100);
        assertThat(registered).containsExactlyInAnyOrderElementsOf(both(4));
        room(4, 0);
        pass(100);
        assertThat(registered).containsExactlyInAnyOrderElementsOf(both(2));
        room(8, 0);
        pass(100);
        assertThat(registered).containsExactlyInAnyOrderElementsOf(both(4));
    }

    private static List<Demand> both(int each) {
        return java.util.stream.IntStream.rangeClosed(1, each)
                .boxed()
                .flatMap(number -> java.util.stream.Stream.of(trades(number), trades(10 + number)))
                .toList();
    }

    private static PoolRules withShare(int share) {
        return new PoolRules(
                RULES.outweighTime(),
                RULES.dwell(),
                RULES.linger(),
                60,
                RULES.confirmTimeout(),
                RULES.retryDelay(),
                share,
                false);
    }

    private Mode addDemand(Demand demand, Use use, String key) {
        return mode(on(new Input.Subscribe(demand, use, Optional.of(key))));
    }

    private static Mode mode(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.SubscribeResult.class::isInstance)
                .map(effect -> ((Effect.SubscribeResult) effect).mode())
                .findFirst()
                .orElseThrow();
    }

    private static PoolRules withStatuses(int churn) {
        return new PoolRules(
                RULES.outweighTime(),
                RULES.dwell(),
                RULES.linger(),
                churn,
                RULES.confirmTimeout(),
                RULES.retryDelay(),
                50,
                true);
    }

    private static Demand status(int number) {
        return new SymbolDemand(Kind.STATUS, symbol(number));
    }

    private Mode addDemand(Demand demand, Use use) {
        return mode(on(new Input.Subscribe(demand, use, Optional.empty())));
    }

    private void room(int registrations, int notices) {
        on(new Input.Capacity(registrations, notices));
    }

    private Reason reason(Demand demand) {
        return core.allocation(demand, now).orElseThrow().reason();
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            on(new Input.Tick());
        }
    }

    private List<Effect> on(Input input) {
        var effects = core.handle(input, now).effects();
        for (var effect : effects) {
            switch (effect) {
                case Effect.Register(Demand demand) ->
                    assertThat(registered.add(demand)).isTrue();
                case Effect.Release(Demand demand) ->
                    assertThat(registered.remove(demand)).isTrue();
                case Effect.ModeChanged(Demand demand, Mode mode) ->
                    effectLog.add(demand.code() + " " + demand.kindName().toUpperCase(Locale.ROOT) + " " + mode);
                case Effect.SubscribeResult _, Effect.Removed _ -> {}
            }
        }
        return effects;
    }

    private static Symbol symbol(int number) {
        return new Symbol("%06d".formatted(number));
    }

    private static Demand trades(int number) {
        return new SymbolDemand(Kind.TRADES, symbol(number));
    }

    private static Demand books(int number) {
        return new SymbolDemand(Kind.BOOKS, symbol(number));
    }
}
