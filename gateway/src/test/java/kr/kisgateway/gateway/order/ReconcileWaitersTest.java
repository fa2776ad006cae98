package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.order.Broker.DailyOrders.Complete;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Correction;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers who wait for a comparison with the lists of two accounts. */
class ReconcileWaitersTest {
    private static final Instant NOW = TradingDayFixture.MORNING;
    private static final TradingDay TODAY = TradingDay.korean(LocalDate.of(2026, 11, 20));
    private static final AccountDay FIRST = new AccountDay("A1", TODAY);
    private static final AccountDay SECOND = new AccountDay("B1", TODAY);
    private static final OrderId ORDER = OrderId.create(NOW, new SplittableRandom(1));

    private final OrderRegistry registry = new OrderRegistry(Map.of(), (_, _) -> {});
    private final DecisionContext context = new DecisionContext(registry);
    private final DailyOrdersSchedule schedule = new DailyOrdersSchedule(List.of("A1", "B1"), Duration.ofSeconds(5));
    private final ReconcileWaiters waiters = new ReconcileWaiters(
            new LinkedHashSet<>(List.of("A1", "B1")),
            TradingDayFixture.hours(TradingDayFixture.CALENDAR),
            registry,
            context,
            schedule);

    @BeforeEach
    void begin() {
        context.begin(NOW);
    }

    private List<OrderEffect> effects() {
        return context.takeStep().effects();
    }

    private static Correction correction(OrderStatus corrected) {
        return new Correction(ORDER, OrderStatus.SENT, "filled 1, open 0, canceled 0", corrected, NOW);
    }

    private void compare(AccountDay day, Instant requestedAt, long checked, Reconciler.Outcome outcome) {
        waiters.listCompared(day, new Complete(requestedAt, List.of()), checked, outcome);
    }

    private static Reconciler.Outcome outcome(long mismatched, long adopted, Correction... corrections) {
        return new Reconciler.Outcome(mismatched, adopted, List.of(corrections));
    }

    private void loadOrderOf(AccountDay day) {
        var terms = new Terms(
                day.account(),
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                10,
                OrderKind.LIMIT,
                OptionalLong.of(70_000),
                Venue.KRX,
                Optional.empty(),
                NOW.plusSeconds(5));
        registry.load(Order.create(
                new OrderEvent.Accepted(
                        ORDER,
                        terms,
                        new KeyUse("local/A1", "k1", "hash"),
                        day.day().date(),
                        OptionalLong.empty()),
                NOW,
                1));
    }

    @Test
    void a_caller_receives_the_sums_of_all_lists_requested_after_the_call() {
        waiters.add(7);
        assertThat(schedule.startRequests(NOW)).containsExactly(FIRST, SECOND);
        compare(FIRST, NOW.minusNanos(1), 100, outcome(100, 100));
        compare(FIRST, NOW, 5, outcome(3, 2, correction(OrderStatus.FILLED)));
        compare(FIRST, NOW, 100, outcome(100, 100));
        assertThat(effects()).as("one list is outstanding").isEmpty();
        compare(SECOND, NOW, 11, outcome(7, 4, correction(OrderStatus.CANCELED)));
        assertThat(effects())
                .containsExactly(new OrderEffect.Reply(
                        7,
                        new Answer.Reconciled(
                                16,
                                10,
                                2,
                                6,
                                List.of(correction(OrderStatus.FILLED), correction(OrderStatus.CANCELED)))));
        compare(SECOND, NOW, 11, outcome(7, 4));
        assertThat(effects()).as("a caller is answered once").isEmpty();
    }

    @Test
    void a_caller_waits_for_the_list_of_each_day_with_an_open_order() {
        var earlier = new AccountDay("A1", TradingDay.korean(LocalDate.of(2026, 11, 19)));
        loadOrderOf(earlier);
        waiters.add(7);
        compare(FIRST, NOW, 0, outcome(0, 0));
        compare(SECOND, NOW, 0, outcome(0, 0));
        assertThat(effects()).as("the list of the day before is outstanding").isEmpty();
        compare(earlier, NOW, 1, outcome(1, 0));
        assertThat(effects()).containsExactly(new OrderEffect.Reply(7, new Answer.Reconciled(1, 1, 0, 0, List.of())));
    }

    @Test
    void a_list_that_cannot_be_read_refuses_the_callers_who_wait_for_it_and_no_other() {
        waiters.add(7);
        compare(FIRST, NOW, 0, outcome(0, 0));
        waiters.add(8);
        waiters.listFailed(FIRST, "OPSQ2000");
        assertThat(effects()).singleElement().isInstanceOfSatisfying(OrderEffect.Reply.class, reply -> {
            assertThat(reply.ticket()).isEqualTo(8);
            assertThat(((Answer.Refused) reply.answer()).refusal().code()).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT);
            assertThat(((Answer.Refused) reply.answer()).refusal().message())
                    .isEqualTo("the broker's list of 2026-11-20 of A1 could not be read (OPSQ2000); retry");
        });
        compare(SECOND, NOW, 2, outcome(0, 1));
        assertThat(effects())
                .as("the refused caller is not answered twice")
                .containsExactly(new OrderEffect.Reply(7, new Answer.Reconciled(2, 0, 0, 1, List.of())));
    }
}
