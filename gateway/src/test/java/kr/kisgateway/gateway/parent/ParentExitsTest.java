package kr.kisgateway.gateway.parent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.order.Fill;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderEvent;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderStatus;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

/** What one order's end means for the others of its parent order, one step at a time. */
class ParentExitsTest {
    private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");
    private static final Symbol SYMBOL = Symbol.parse("005930").orElseThrow();
    private static final long ENTRY_PRICE = 70_000;
    private static final long PROFIT_PRICE = 80_000;
    private static final long STOP_PRICE = 60_000;
    private static final long QTY = 10;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    private final List<ParentEffect> effects = new ArrayList<>();
    private final List<ParentEvent> events = new ArrayList<>();
    private Instant now = START;
    private long seq;
    private ParentCore core = new ParentCore(List.of(), () -> OrderId.create(now, random), (_, _) -> true, true);

    private void decide(ParentInput input) {
        take(core.decide(input, now));
        runTimers();
    }

    private void runTimers() {
        while (core.nextTimer().filter(at -> !at.isAfter(now)).isPresent()) {
            take(core.decide(new ParentInput.TimerDue(), now));
        }
    }

    private void take(ParentCore.Step step) {
        step.events().forEach(event -> core.apply(event, ++seq, now));
        events.addAll(step.events());
        effects.addAll(step.effects());
    }

    private void pass(Duration time) {
        now = now.plus(time);
        runTimers();
    }

    private Terms terms(Side side, OrderType type, OptionalLong price) {
        return new Terms("A1", SYMBOL, side, QTY, OrderKind.regular(type), price, Venue.KRX, Optional.empty(), START);
    }

    private Leg takeProfit() {
        return Leg.of(
                Leg.Role.TAKE_PROFIT,
                terms(Side.SELL, OrderType.LIMIT, OptionalLong.of(PROFIT_PRICE)),
                new Start.Now(),
                until());
    }

    private Leg stop() {
        return Leg.of(
                Leg.Role.STOP,
                terms(Side.SELL, OrderType.MARKET, OptionalLong.empty()),
                new Start.AtPrice(SYMBOL, Start.Direction.AT_OR_BELOW, STOP_PRICE),
                until());
    }

    private static Instant until() {
        return START.plus(Duration.ofDays(5));
    }

    private ParentId submit(Plan plan) {
        ParentId id = ParentId.create(now, random);
        decide(new ParentInput.Submit(1, id, plan, new KeyUse("bot/A1", "k" + ++seq, "h"), Optional.empty()));
        return id;
    }

    private ParentId bracket() {
        return submit(new Plan(
                Plan.Kind.BRACKET,
                List.of(
                        Leg.of(
                                Leg.Role.ENTRY,
                                terms(Side.BUY, OrderType.LIMIT, OptionalLong.of(ENTRY_PRICE)),
                                new Start.Now(),
                                until()),
                        takeProfit(),
                        stop())));
    }

    /** A pair whose stop is about to be placed: it was reached, and the take-profit was cancelled for it. */
    private ParentId stopIsDue() {
        ParentId id = submit(new Plan(Plan.Kind.OCO, List.of(takeProfit(), stop())));
        Order profit = rests();
        price(STOP_PRICE);
        ends(canceled(profit, QTY));
        return id;
    }

    /** The order that was placed last, at the exchange. */
    private Order rests() {
        ParentEffect.Place place = lastPlace();
        Order order = accepted(place)
                .apply(new OrderEvent.SendStarted(place.child(), 1, 1, List.of(), 0), now, ++seq)
                .apply(
                        new OrderEvent.BrokerAccepted(
                                place.child(), 1, "06010", ++seq, "090000", OrderEvent.MatchedBy.ANSWER),
                        now,
                        ++seq);
        decide(new ParentInput.ChildAnswered(place.id(), place.child(), Optional.empty()));
        return order;
    }

    private Order accepted(ParentEffect.Place place) {
        return Order.create(
                new OrderEvent.Accepted(
                        place.child(),
                        place.terms(),
                        new KeyUse("bot/A1/parents", "key", "h"),
                        LocalDate.of(2026, 11, 23),
                        OptionalLong.empty()),
                now,
                ++seq);
    }

    private ParentEffect.Place lastPlace() {
        return places().getLast();
    }

    private List<ParentEffect.Place> places() {
        return effects.stream()
                .filter(ParentEffect.Place.class::isInstance)
                .map(ParentEffect.Place.class::cast)
                .toList();
    }

    private List<String> alerts() {
        return raised().map(ParentEffect.Alert::message).toList();
    }

    /** Without those that report an expected trigger. */
    private Stream<ParentEffect.Alert> raised() {
        return effects.stream()
                .filter(ParentEffect.Alert.class::isInstance)
                .map(ParentEffect.Alert.class::cast)
                .filter(it -> it.kind() != ParentAlert.TRIGGERED);
    }

    private Order filled(Order order, long qty) {
        var fill = new Fill(
                "f" + ++seq, order.liveRef().orElseThrow().odno(), qty, qty * ENTRY_PRICE, 90_000, Fill.Source.NOTICE);
        return order.apply(new OrderEvent.Filled(order.id(), qty, qty * ENTRY_PRICE, fill), now, ++seq);
    }

    private Order canceled(Order order, long qty) {
        return order.apply(new OrderEvent.Canceled(order.id(), qty, "canceled"), now, ++seq);
    }

    private Order expired(Order order) {
        return order.apply(new OrderEvent.Expired(order.id(), "SESSION_END"), now, ++seq);
    }

    private void ends(Order order) {
        decide(new ParentInput.OrderEnded(order));
    }

    private void price(long price) {
        decide(new ParentInput.PricesSeen(Map.of(SYMBOL, PriceRange.of(price))));
    }

    private Parent parent(ParentId id) {
        return core.find(id).orElseThrow();
    }

    @Test
    void a_stop_is_not_placed_while_fills_of_the_cancelled_take_profit_are_missing() {
        submit(new Plan(Plan.Kind.OCO, List.of(takeProfit(), stop())));
        Order profit = rests();
        price(STOP_PRICE);

        // The cancel of 6 is confirmed, and the notice of the fill of 4 is on its way.
        Order cancelled = canceled(profit, 6);
        assertThat(cancelled.isMissingFills()).isTrue();
        ends(cancelled);
        assertThat(places()).hasSize(1);

        ends(filled(cancelled, 4));
        assertThat(places()).hasSize(2);
        assertThat(lastPlace().terms().qty()).isEqualTo(6);
    }

    @Test
    void what_a_cancelled_entry_has_filled_unreported_keeps_its_exits() {
        ParentId id = bracket();
        Order cancelled = canceled(rests(), 6);
        ends(cancelled);
        assertThat(parent(id).isOpen()).isTrue();

        ends(filled(cancelled, 4));
        assertThat(lastPlace().terms().qty()).isEqualTo(4);
        assertThat(lastPlace().terms().side()).isEqualTo(Side.SELL);
    }

    @Test
    void fills_that_are_still_missing_after_a_day_are_not_waited_for() {
        submit(new Plan(Plan.Kind.OCO, List.of(takeProfit(), stop())));
        Order cancelled = canceled(rests(), 6);
        price(STOP_PRICE);
        ends(cancelled);
        pass(Duration.ofHours(23));
        assertThat(places()).hasSize(1);

        pass(Duration.ofHours(2));
        assertThat(effects).contains(new ParentEffect.Find(cancelled.id()));
        decide(new ParentInput.OrderFound(cancelled.id(), Optional.of(cancelled)));
        assertThat(places()).hasSize(2);
    }

    @Test
    void a_take_profit_is_placed_again_at_the_price_that_its_order_had_last() {
        ParentId id = submit(new Plan(Plan.Kind.OCO, List.of(takeProfit(), stop())));
        Order profit = rests();
        Order moved = profit.apply(
                new OrderEvent.ModifyRequested(
                        profit.id(),
                        OptionalLong.empty(),
                        OptionalLong.of(75_000),
                        List.of(),
                        now.plusSeconds(5),
                        new KeyUse("bot/A1", "modify", "h")),
                now,
                ++seq);
        assertThat(moved.terms().price()).hasValue(75_000);

        ends(expired(moved));

        assertThat(places()).hasSize(2);
        assertThat(lastPlace().terms().price()).hasValue(75_000);
        var json = new ParentEventJson();
        assertThat(events)
                .filteredOn(ParentEvent.ChildEnded.class::isInstance)
                .singleElement()
                .satisfies(event -> {
                    var entry = ParentEntries.of(event, ParentEventJson.VERSION, now);
                    assertThat(json.read(entry)).isEqualTo(event);
                });
    }

    @Test
    void a_take_profit_stays_when_the_key_ends_before_the_stop_that_would_take_its_place_is_placed() {
        submit(new Plan(Plan.Kind.OCO, List.of(takeProfit(), stop())));
        rests();
        price(STOP_PRICE);
        assertThat(effects).anyMatch(ParentEffect.CancelChild.class::isInstance);
        effects.clear();

        decide(new ParentInput.KeyEnded("bot"));
        pass(Duration.ofMinutes(2));

        assertThat(effects).noneMatch(ParentEffect.CancelChild.class::isInstance);
        assertThat(alerts()).isNotEmpty();
    }

    @Test
    void an_order_that_was_filled_before_its_condition_was_recorded_is_looked_up() {
        OrderId other = OrderId.create(now, random);
        submit(new Plan(
                Plan.Kind.CONDITIONAL,
                List.of(Leg.of(
                        Leg.Role.ORDER,
                        terms(Side.BUY, OrderType.MARKET, OptionalLong.empty()),
                        new Start.AfterFill(other),
                        until()))));

        assertThat(effects).contains(new ParentEffect.Find(other));
    }

    @Test
    void a_take_profit_that_is_refused_is_reported_while_the_stop_goes_on() {
        ParentId id = bracket();
        Order entry = rests();
        ends(filled(entry, QTY));
        decide(new ParentInput.ChildAnswered(
                id, lastPlace().child(), Optional.of(Refusal.of(ErrorCode.MAX_QTY_EXCEEDED, "more than allowed"))));

        assertThat(parent(id).isOpen()).isTrue();
        assertThat(alerts()).singleElement().asString().contains("more than allowed");
    }

    private void refused(ErrorCode code, long sellable) {
        decide(new ParentInput.ChildAnswered(
                lastPlace().id(),
                lastPlace().child(),
                Optional.of(Refusal.of(code, "only " + sellable + " shares").with("sellable", sellable))));
    }

    private List<ParentAlert> alertKinds() {
        return raised().map(ParentEffect.Alert::kind).toList();
    }

    private void assertSettled() {
        assertThat(effects).anyMatch(ParentEffect.AlertSettled.class::isInstance);
    }

    @Test
    void an_exit_whose_shares_are_not_in_the_balance_yet_is_placed_again_and_reported_after_five_seconds() {
        ParentId id = bracket();
        ends(filled(rests(), QTY));
        for (int i = 0; i < 8; i++) {
            refused(ErrorCode.INSUFFICIENT_POSITION_QTY, 0);
            pass(Duration.ofMillis(500));
        }
        assertThat(alertKinds()).isEmpty();
        for (int i = 0; i < 4; i++) {
            refused(ErrorCode.INSUFFICIENT_POSITION_QTY, 0);
            pass(Duration.ofMillis(500));
        }
        assertThat(alertKinds()).containsExactly(ParentAlert.EXIT_WAITS);
        assertThat(places().stream().skip(1).map(ParentEffect.Place::child).distinct())
                .as("the same order")
                .hasSize(1);

        rests();

        assertSettled();
        assertThat(parent(id).legs().get(1).qty()).isEqualTo(QTY);
    }

    @Test
    void an_exit_waits_for_what_may_pass_until_its_time_and_is_then_reported_as_urgent() {
        for (ErrorCode code : List.of(
                ErrorCode.INSUFFICIENT_POSITION_QTY, ErrorCode.DAILY_LIMIT_EXCEEDED, ErrorCode.SYMBOL_RESTRICTED)) {
            effects.clear();
            now = START;
            ParentId id = submit(new Plan(
                    Plan.Kind.TRAILING_STOP,
                    List.of(Leg.of(
                            Leg.Role.ORDER,
                            terms(Side.SELL, OrderType.MARKET, OptionalLong.empty()),
                            new Start.AtPrice(SYMBOL, Start.Direction.AT_OR_BELOW, STOP_PRICE),
                            START.plusSeconds(600)))));
            price(STOP_PRICE);
            while (now.isBefore(START.plusSeconds(610)) && core.find(id).isPresent()) {
                refused(code, 0);
                pass(Duration.ofSeconds(5));
            }
            assertThat(core.find(id)).isEmpty();
            assertThat(alertKinds()).as("%s", code).containsExactly(ParentAlert.EXIT_WAITS, ParentAlert.NO_EXIT);
        }
    }

    @Test
    void a_stop_sells_the_part_that_may_be_sold_at_once_and_the_others_when_they_may() {
        stopIsDue();
        refused(ErrorCode.INSUFFICIENT_POSITION_QTY, 4);
        assertThat(lastPlace().terms().qty()).isEqualTo(4);
        assertThat(alertKinds()).containsExactly(ParentAlert.EXIT_WAITS);
        assertThat(alerts().getFirst()).contains("4 of 10 shares");

        ends(filled(rests(), 4));
        assertThat(lastPlace().terms().qty()).isEqualTo(6);
        refused(ErrorCode.INSUFFICIENT_POSITION_QTY, 0);
        pass(Duration.ofMinutes(10));
        ends(filled(rests(), 6));

        assertThat(core.size()).isZero();
        assertSettled();
        assertThat(alertKinds()).doesNotContain(ParentAlert.NO_EXIT, ParentAlert.NOT_PLACED);
    }

    @Test
    void a_part_of_an_exit_survives_a_crash_before_it_is_placed() {
        ParentId id = stopIsDue();
        refused(ErrorCode.INSUFFICIENT_POSITION_QTY, 4);
        OrderId part = lastPlace().child();
        Parent before = parent(id);
        effects.clear();
        core = new ParentCore(List.of(before), () -> OrderId.create(now, random), (_, _) -> true, true);
        take(core.start(now));
        assertThat(places()).isEmpty();
        decide(new ParentInput.OrderFound(part, Optional.empty()));
        assertThat(lastPlace().child()).isEqualTo(part);
        assertThat(lastPlace().terms().qty()).isEqualTo(4);
        ends(filled(rests(), 4));
        assertThat(lastPlace().terms().qty()).isEqualTo(6);
    }

    @Test
    void a_take_profit_that_waits_gives_way_to_the_stop_at_once() {
        ParentId id = bracket();
        ends(filled(rests(), QTY));
        refused(ErrorCode.INSUFFICIENT_POSITION_QTY, 0);
        price(STOP_PRICE);
        assertThat(lastPlace().terms().isMarket()).isTrue();
        assertThat(lastPlace().terms().qty()).isEqualTo(QTY);
        assertThat(parent(id).legs().get(1).unplaced()).isPresent();
    }

    @Test
    void an_exit_that_kis_refuses_for_its_shares_is_placed_again_three_times_and_no_more() {
        stopIsDue();
        int before = places().size();
        for (int i = 0; i < 4; i++) {
            Order stop = rests();
            ends(stop.apply(new OrderEvent.BrokerRefused(stop.id(), 1, "APBK0400", "주문 가능한 수량을 초과했습니다."), now, ++seq));
            pass(Duration.ofSeconds(31));
        }
        assertThat(places()).hasSize(before + 3);
        assertThat(core.size()).isZero();
        assertThat(alertKinds()).endsWith(ParentAlert.NO_EXIT);
    }

    /** The order that was placed last, of which KIS took no attempt. */
    private void notTaken() {
        ParentEffect.Place place = lastPlace();
        decide(new ParentInput.ChildAnswered(place.id(), place.child(), Optional.empty()));
        ends(accepted(place)
                .apply(
                        new OrderEvent.Rejected(place.child(), "RETRY_EXHAUSTED", "TOKEN_UNAVAILABLE none"),
                        now,
                        ++seq));
    }

    @Test
    void a_stop_that_kis_does_not_take_is_placed_again_until_it_does_and_reported_once() {
        stopIsDue();
        int before = places().size();
        for (int i = 0; i < 10; i++) {
            notTaken();
            assertThat(places()).as("a pause").hasSize(before + i);
            pass(Duration.ofSeconds(5));
            assertThat(places()).as("another").hasSize(before + i + 1);
        }
        assertThat(alertKinds()).containsExactly(ParentAlert.EXIT_WAITS);
        assertThat(alerts().getFirst()).contains("KIS did not take its STOP: RETRY_EXHAUSTED TOKEN_UNAVAILABLE none");
        assertThat(effects).noneMatch(ParentEffect.AlertSettled.class::isInstance);

        Order stop = rests();
        pass(Duration.ofSeconds(5));
        assertThat(effects).last().isEqualTo(new ParentEffect.Find(stop.id()));
        decide(new ParentInput.OrderFound(stop.id(), Optional.of(stop)));
        assertSettled();
        ends(filled(stop, QTY));
        assertThat(core.size()).isZero();
        assertThat(alertKinds()).as("the position was closed").containsExactly(ParentAlert.EXIT_WAITS);
    }

    @Test
    void a_take_profit_that_kis_does_not_take_delays_no_stop() {
        submit(new Plan(Plan.Kind.OCO, List.of(takeProfit(), stop())));
        notTaken();
        int before = places().size();
        price(STOP_PRICE);
        assertThat(places()).hasSize(before + 1);
        assertThat(lastPlace().terms().kind()).isEqualTo(OrderKind.MARKET);
    }

    @Test
    void a_part_that_kis_does_not_take_is_reported_once_until_all_shares_are_taken() {
        stopIsDue();
        notTaken();
        pass(Duration.ofSeconds(5));
        for (int i = 0; i < 3; i++) {
            refused(ErrorCode.INSUFFICIENT_POSITION_QTY, 4);
            assertThat(lastPlace().terms().qty()).isEqualTo(4);
            notTaken();
            pass(Duration.ofSeconds(5));
        }
        assertThat(alertKinds()).containsExactly(ParentAlert.EXIT_WAITS);
        assertThat(effects).noneMatch(ParentEffect.AlertSettled.class::isInstance);
        refused(ErrorCode.INSUFFICIENT_POSITION_QTY, 4);
        Order part = rests();
        pass(Duration.ofSeconds(5));
        decide(new ParentInput.OrderFound(part.id(), Optional.of(part)));
        assertThat(effects).as("a part only").noneMatch(ParentEffect.AlertSettled.class::isInstance);
        ends(filled(part, 4));
        Order others = rests();
        assertSettled();
        ends(filled(others, 6));
        assertThat(core.size()).isZero();
    }

    @Test
    void an_exit_that_kis_refuses_for_its_shares_after_it_took_none_is_still_reported() {
        stopIsDue();
        notTaken();
        pass(Duration.ofSeconds(5));
        notTaken();
        pass(Duration.ofSeconds(5));
        assertThat(alertKinds()).containsExactly(ParentAlert.EXIT_WAITS);
        ParentEffect.Place place = lastPlace();
        decide(new ParentInput.ChildAnswered(place.id(), place.child(), Optional.empty()));
        ends(accepted(place)
                .apply(new OrderEvent.SendStarted(place.child(), 1, 1, List.of(), 0), now, ++seq)
                .apply(new OrderEvent.BrokerRefused(place.child(), 1, "APBK0400", "주문 가능한 수량을 초과했습니다."), now, ++seq));
        assertThat(effects).noneMatch(ParentEffect.AlertSettled.class::isInstance);
    }

    @Test
    void an_entry_that_kis_does_not_take_is_not_placed_again() {
        bracket();
        int before = places().size();
        notTaken();
        pass(Duration.ofMinutes(1));
        assertThat(places()).hasSize(before);
        assertThat(core.size()).isZero();
        assertThat(alertKinds()).containsExactly(ParentAlert.NOT_PLACED);
    }

    @Test
    void what_is_final_ends_a_stop_and_is_urgent() {
        stopIsDue();
        refused(ErrorCode.KILL_SWITCH, 0);
        assertThat(core.size()).isZero();
        assertThat(alertKinds()).containsExactly(ParentAlert.NO_EXIT);
    }

    @Test
    void the_end_of_a_key_is_urgent_where_shares_lose_their_stop() {
        submit(new Plan(Plan.Kind.OCO, List.of(takeProfit(), stop())));
        rests();
        bracket();
        decide(new ParentInput.KeyEnded("bot"));
        assertThat(alertKinds()).containsExactlyInAnyOrder(ParentAlert.NO_EXIT, ParentAlert.NO_EXIT);
        effects.clear();
        now = START.plusSeconds(1);
        core = new ParentCore(List.of(), () -> OrderId.create(now, random), (_, _) -> false, true);
        bracket();
        decide(new ParentInput.KeyEnded("bot"));
        assertThat(alertKinds()).containsExactly(ParentAlert.NOT_PLACED);
    }

    @Test
    void a_stop_of_an_oco_that_the_exchange_refuses_is_reported() {
        stopIsDue();
        Order stop = rests();
        ends(stop.apply(new OrderEvent.Rejected(stop.id(), "APBK0000", "halted"), now, ++seq));

        assertThat(core.size()).isZero();
        assertThat(alerts()).singleElement().asString().contains(QTY + " shares have no exit");
    }

    @Test
    void an_order_at_a_price_that_the_exchange_refuses_is_reported() {
        submit(new Plan(
                Plan.Kind.CONDITIONAL,
                List.of(Leg.of(
                        Leg.Role.ORDER,
                        terms(Side.SELL, OrderType.MARKET, OptionalLong.empty()),
                        new Start.AtPrice(SYMBOL, Start.Direction.AT_OR_BELOW, STOP_PRICE),
                        until()))));
        price(STOP_PRICE);
        Order order = rests();
        ends(order.apply(new OrderEvent.Rejected(order.id(), "APBK0000", "halted"), now, ++seq));

        assertThat(core.size()).isZero();
        assertThat(alerts()).singleElement().asString().contains("halted");
    }

    @Test
    void a_held_stop_that_is_moved_waits_for_its_new_price() {
        ParentId id = submit(new Plan(Plan.Kind.OCO, List.of(takeProfit(), stop())));
        Parent before = parent(id);
        core = new ParentCore(List.of(before), () -> OrderId.create(now, random), (_, _) -> true, true);
        take(core.start(now));
        price(STOP_PRICE);
        assertThat(parent(id).isHeld()).isTrue();

        Plan plan = parent(id).plan();
        Plan lower = new Plan(
                plan.kind(),
                List.of(
                        plan.legs().getFirst(),
                        plan.legs()
                                .getLast()
                                .with(new Start.AtPrice(SYMBOL, Start.Direction.AT_OR_BELOW, STOP_PRICE - 5_000))));
        decide(new ParentInput.Modify(1, id, plan, lower, Set.of(), Optional.empty()));

        assertThat(parent(id).isHeld()).isFalse();
        price(STOP_PRICE - 5_000);
        assertThat(parent(id).legs().getLast().trigger()).hasValue(STOP_PRICE - 5_000);
    }

    @Test
    void an_end_that_was_missed_while_the_order_was_looked_up_is_looked_up_again() {
        ParentId id = submit(new Plan(Plan.Kind.OCO, List.of(takeProfit(), stop())));
        Order profit = rests();
        Parent before = parent(id);
        core = new ParentCore(List.of(before), () -> OrderId.create(now, random), (_, _) -> true, true);
        take(core.start(now));
        effects.clear();
        decide(new ParentInput.EndsMissed());
        decide(new ParentInput.OrderFound(profit.id(), Optional.of(profit)));

        assertThat(effects).contains(new ParentEffect.Find(profit.id()));
        decide(new ParentInput.OrderFound(profit.id(), Optional.of(filled(profit, QTY))));
        assertThat(events)
                .filteredOn(ParentEvent.ChildEnded.class::isInstance)
                .singleElement()
                .satisfies(event -> {
                    assertThat(((ParentEvent.ChildEnded) event).status()).isEqualTo(OrderStatus.FILLED);
                });
    }

    @Test
    void a_take_profit_that_rests_is_placed_again_until_a_time_that_was_changed_meanwhile() {
        ParentId id = submit(new Plan(Plan.Kind.OCO, List.of(takeProfit(), stop())));
        Order profit = rests();
        Plan plan = parent(id).plan();
        Instant later = until().plus(Duration.ofDays(5));
        Plan longer = new Plan(
                plan.kind(), plan.legs().stream().map(leg -> leg.with(later)).toList());
        decide(new ParentInput.Modify(1, id, plan, longer, Set.of(), Optional.empty()));
        assertThat(parent(id).plan()).isEqualTo(longer);

        pass(Duration.ofDays(6));
        ends(expired(profit));

        assertThat(places()).hasSize(2);
        assertThat(lastPlace().terms().dispatchBy()).isEqualTo(later);
        Plan dearer =
                longer.with(0, longer.legs().getFirst().with(terms(Side.SELL, OrderType.LIMIT, OptionalLong.of(1))));
        decide(new ParentInput.Modify(2, id, longer, dearer, Set.of(), Optional.empty()));
        assertThat(parent(id).plan()).isEqualTo(longer);
    }

    private ParentEffect.Answer modify(ParentId id, long qty, Optional<KeyUse> key) {
        Parent parent = parent(id);
        Change change = PlanParser.change(
                parent, RequestBody.parse(("{\"qty\":" + qty + "}").getBytes(StandardCharsets.UTF_8)), now);
        decide(new ParentInput.Modify(7, id, parent.plan(), change.plan(), change.dropped(), key));
        return effects.stream()
                .filter(ParentEffect.Reply.class::isInstance)
                .map(it -> ((ParentEffect.Reply) it).answer())
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private List<ParentEffect.ResizeChild> resizes() {
        return effects.stream()
                .filter(ParentEffect.ResizeChild.class::isInstance)
                .map(ParentEffect.ResizeChild.class::cast)
                .toList();
    }

    /** The order once KIS has confirmed that it is smaller. */
    private Order resized(Order order, long qty) {
        return order.apply(
                new OrderEvent.ModifyRequested(
                        order.id(),
                        OptionalLong.of(qty),
                        OptionalLong.empty(),
                        List.of(),
                        now,
                        new KeyUse("bot/A1/parents", "r", "h")),
                now,
                ++seq);
    }

    @Test
    void a_smaller_bracket_makes_its_entry_smaller_once_and_its_exits_follow() {
        ParentId id = bracket();
        Order entry = rests();
        assertThat(modify(id, 6, Optional.empty())).isInstanceOf(ParentEffect.Answer.Accepted.class);
        assertThat(resizes()).containsExactly(new ParentEffect.ResizeChild(id, entry.id(), 6));
        assertThat(parent(id).legs().getFirst().qty()).isEqualTo(6);

        decide(new ParentInput.ResizeAnswered(id, entry.id(), Optional.empty()));
        pass(Duration.ofSeconds(1));
        decide(new ParentInput.OrderFound(entry.id(), Optional.of(resized(entry, 6))));
        ends(filled(resized(entry, 6), 6));

        assertThat(resizes()).hasSize(1);
        assertThat(lastPlace().terms().qty()).isEqualTo(6);
        assertThat(alerts()).isEmpty();
    }

    @Test
    void a_crash_before_the_request_for_fewer_shares_makes_it_after_the_start() {
        ParentId id = bracket();
        Order entry = rests();
        modify(id, 6, Optional.empty());
        Parent before = parent(id);
        effects.clear();
        core = new ParentCore(List.of(before), () -> OrderId.create(now, random), (_, _) -> true, true);
        take(core.start(now));
        assertThat(resizes()).isEmpty();
        decide(new ParentInput.OrderFound(entry.id(), Optional.of(entry)));
        assertThat(resizes()).containsExactly(new ParentEffect.ResizeChild(id, entry.id(), 6));
    }

    @Test
    void an_entry_that_has_filled_more_meanwhile_is_cancelled_and_all_it_filled_is_closed() {
        ParentId id = bracket();
        Order entry = rests();
        modify(id, 6, Optional.empty());
        decide(new ParentInput.ResizeAnswered(
                id, entry.id(), Optional.of(Refusal.of(ErrorCode.INVALID_QTY, "filled"))));
        Order filled = filled(entry, 7);
        decide(new ParentInput.OrderFound(entry.id(), Optional.of(filled)));
        assertThat(effects).contains(new ParentEffect.CancelChild(id, entry.id(), 0));
        ends(canceled(filled, 3));
        assertThat(lastPlace().terms().qty()).isEqualTo(7);
    }

    @Test
    void a_smaller_pair_leaves_the_shares_that_are_taken_out_of_it() {
        ParentId id = submit(new Plan(Plan.Kind.OCO, List.of(takeProfit(), stop())));
        Order profit = rests();
        modify(id, 4, Optional.empty());
        decide(new ParentInput.ResizeAnswered(id, profit.id(), Optional.empty()));
        price(STOP_PRICE);
        ends(canceled(resized(profit, 4), 4));
        assertThat(lastPlace().terms().qty()).isEqualTo(4);
        ends(filled(rests(), 4));
        assertThat(core.size()).isZero();
        assertThat(alerts()).isEmpty();
    }

    @Test
    void what_kis_does_not_make_smaller_is_reported_and_not_requested_again() {
        ParentId id = submit(new Plan(Plan.Kind.OCO, List.of(takeProfit(), stop())));
        Order profit = rests();
        modify(id, 4, Optional.empty());
        decide(new ParentInput.ResizeAnswered(id, profit.id(), Optional.empty()));
        pass(Duration.ofSeconds(1));
        decide(new ParentInput.OrderFound(profit.id(), Optional.of(profit)));
        pass(Duration.ofSeconds(5));
        decide(new ParentInput.OrderFound(profit.id(), Optional.of(profit)));
        assertThat(resizes()).hasSize(1);
        assertThat(alerts()).singleElement().asString().contains("keeps 10").contains("change the order itself");
        // It fills more than it was to: nothing is left for the stop.
        ends(filled(profit, QTY));
        assertThat(core.size()).isZero();
    }

    @Test
    void a_change_of_a_key_is_made_once_and_another_with_the_key_is_refused() {
        ParentId id = bracket();
        rests();
        var use = new KeyUse("bot/A1", "c1", "h1");
        assertThat(modify(id, 6, Optional.of(use))).isEqualTo(new ParentEffect.Answer.Accepted(id, false));
        assertThat(modify(id, 5, Optional.empty())).isEqualTo(new ParentEffect.Answer.Accepted(id, false));
        assertThat(modify(id, 4, Optional.of(use))).isEqualTo(new ParentEffect.Answer.Accepted(id, true));
        assertThat(parent(id).plan().terms().qty()).isEqualTo(5);
        assertThat(modify(id, 4, Optional.of(new KeyUse("bot/A1", "c1", "h2"))))
                .isInstanceOfSatisfying(ParentEffect.Answer.Refused.class, refused -> {
                    assertThat(refused.refusal().code()).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_BODY_MISMATCH);
                });
        assertThat(parent(id).plan().terms().qty()).isEqualTo(5);
    }

    @Test
    void a_change_is_read_from_the_journal_as_it_was_written_also_in_the_form_before_keys() {
        ParentId id = bracket();
        rests();
        modify(id, 6, Optional.of(new KeyUse("bot/A1", "c1", "h1")));
        var json = new ParentEventJson();
        var modified = new ParentEvent.Modified(
                id, parent(id).plan(), Set.of(1, 2), Optional.of(new KeyUse("bot/A1", "c1", "h1")));
        assertThat(json.read(ParentEntries.of(modified, ParentEventJson.VERSION, now)))
                .isEqualTo(modified);
        var plain = new ParentEvent.Modified(id, parent(id).plan(), Set.of(), Optional.empty());
        assertThat(json.read(ParentEntries.of(plain, 2, now))).isEqualTo(plain);
        var released = new ParentEvent.Triggered(
                id, 2, STOP_PRICE, Optional.of("bot"), Optional.of(new KeyUse("bot/A1", "c2", "h2")));
        assertThat(json.read(ParentEntries.of(released, ParentEventJson.VERSION, now)))
                .isEqualTo(released);
    }
}
