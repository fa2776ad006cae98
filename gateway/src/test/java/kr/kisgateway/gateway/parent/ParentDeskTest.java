package kr.kisgateway.gateway.parent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.journal.JournalPlace;
import kr.kisgateway.gateway.journal.JournalTables;
import kr.kisgateway.gateway.kis.rest.KisOrderForm;
import kr.kisgateway.gateway.order.AccountDay;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.Fill;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderContextSource;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderEffect;
import kr.kisgateway.gateway.order.OrderHours;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderInput;
import kr.kisgateway.gateway.order.OrderIntake;
import kr.kisgateway.gateway.order.OrderListener;
import kr.kisgateway.gateway.order.OrderSettings;
import kr.kisgateway.gateway.order.OrderStore;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLimits;
import kr.kisgateway.gateway.risk.RiskPolicy;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OpenFixedCalendar;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivisions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The desk of parent orders with a real order desk and journal; the facts for the checks arrive when a test permits. */
@Tag("slow")
class ParentDeskTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private JournalPlace place;

    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger evaluations = new AtomicInteger();
    private volatile CountDownLatch facts = new CountDownLatch(0);
    private OrderDesk orders;
    private ParentDesk desk;

    /** A broker that accepts all. */
    private final class Accepting implements Broker {
        @Override
        public SlotAnswer acquireSlot(String account, Lane lane, String tenant, Instant deadline) {
            return new SlotAnswer.Granted(() -> {});
        }

        @Override
        public Optional<Slot> acquireFreeSlot(String account, Lane lane, String tenant, Instant deadline) {
            return Optional.of(() -> {});
        }

        @Override
        public Outcome place(Slot slot, Terms terms) {
            return new Outcome.Taken("06010", sent.incrementAndGet(), "100000");
        }

        @Override
        public Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long qty, long price) {
            return new Outcome.Refused("APBK0344", "not now");
        }

        @Override
        public Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all) {
            return new Outcome.Refused("APBK0344", "not now");
        }

        @Override
        public DailyOrders requestDailyOrders(AccountDay day) {
            return new DailyOrders.Complete(CLOCK.instant(), List.of());
        }
    }

    private final class Facts implements OrderContextSource {
        @Override
        public OrderInput.OrderContext load(String principal, Terms terms) {
            return new OrderInput.OrderContext(
                    MarketFacts.none(), new Observation.Unknown<>("test"), OptionalLong.empty(), List.of());
        }

        @Override
        public OrderEffect.Answer evaluate(
                String principal, Terms terms, Function<OrderInput.OrderContext, OrderEffect.Answer> evaluation) {
            evaluations.incrementAndGet();
            try {
                facts.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return evaluation.apply(load(principal, terms));
        }
    }

    private static final class Prices implements PriceSupply {
        @Override
        public void watch(MarketSymbol symbol) {
            // none is obtained
        }

        @Override
        public void unwatch(MarketSymbol symbol) {
            // none is obtained
        }

        @Override
        public Optional<Requested> request(MarketSymbol symbol) {
            return Optional.empty();
        }
    }

    private static final class Silent implements OrderListener {
        @Override
        public void orderChanged(Order order) {
            // ignored
        }

        @Override
        public void fillExecuted(Order order, Fill fill) {
            // ignored
        }

        @Override
        public void alertRaised(Instant at, OrderEffect.Alert alert) {
            // ignored
        }

        @Override
        public void alertSettled(Instant at, OrderEffect.AlertSettled over) {
            // ignored
        }
    }

    JournalPlace place(Path folder) {
        return new JournalPlace.Sqlite(folder, CLOCK);
    }

    @BeforeEach
    void start() {
        place = place(folder);
        orders = new OrderDesk(
                new OrderSettings(
                        Map.of("A1", "K1"), 10_000, true, Duration.ofSeconds(5), Duration.ofSeconds(5), false),
                new RiskRules((_, _) -> Optional.empty()),
                RiskPolicy.of(RiskLimits.none()),
                new OrderHours(
                        new KisOrderForm(OrderDivisions.load(), false),
                        new OpenFixedCalendar(LocalDate.of(2026, 11, 20))),
                CLOCK,
                new Accepting(),
                new Silent(),
                () -> place.open(new JournalTables(List.of(new ParentStore(), new OrderStore()))),
                _ -> RiskLayers.of(RiskLimits.none()));
        orders.start();
        until("ready", () -> orders.state() == OrderDesk.State.READY);
        desk = new ParentDesk(
                orders,
                new OrderIntake(orders, new Facts(), CLOCK, random),
                _ -> true,
                Map.of(
                        ParentAlert.NOT_PLACED,
                        new AlertSource(new AlertLog(_ -> {}), AlertEvent.PARENT_ORDER_NOT_PLACED, CLOCK),
                        ParentAlert.TRIGGERED,
                        new AlertSource(new AlertLog(_ -> {}), AlertEvent.PARENT_ORDER_TRIGGERED, CLOCK)),
                new Prices(),
                terms -> terms,
                (_, _) -> true,
                true,
                CLOCK,
                random);
    }

    @AfterEach
    void stop() {
        facts.countDown();
        desk.close();
        orders.close();
    }

    private interface Condition {
        boolean isTrue();
    }

    private static void until(String what, Condition condition) {
        Instant end = CLOCK.instant().plus(LIMIT);
        var never = new CountDownLatch(1);
        while (!condition.isTrue()) {
            assertThat(CLOCK.instant()).as(what).isBefore(end);
            try {
                assertThat(never.await(10, TimeUnit.MILLISECONDS)).isFalse();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Plan plan(Instant at, long price) {
        return Plan.scheduled(
                new Terms(
                        "A1",
                        Symbol.parse("005930").orElseThrow(),
                        Side.BUY,
                        1,
                        OrderKind.regular(OrderType.LIMIT),
                        OptionalLong.of(price),
                        Venue.KRX,
                        Optional.empty(),
                        at),
                at,
                at.plusSeconds(600));
    }

    private ParentId accepted(Instant at) {
        return ((ParentEffect.Answer.Accepted) desk.submit(plan(at, 70_000), new KeyUse("bot/A1", "k1", "h"))).id();
    }

    private Parent parent(ParentId id) {
        return desk.find(id).orElseThrow();
    }

    @Test
    void hundreds_that_were_about_to_be_placed_when_the_gateway_stopped_are_all_placed() {
        Instant now = CLOCK.instant();
        for (int i = 0; i < 600; i++) {
            var id = ParentId.create(now, random);
            var accepted = new ParentEvent.Accepted(
                    id, plan(now, 50_000 + 100L * i), new KeyUse("bot" + i / 200 + "/A1", "k" + i, "h"));
            var started = new ParentEvent.ChildStarted(id, 0, OrderId.create(now, random), 1);
            Parent created = Parent.create(accepted, 1, now);
            assertThat(orders.append(new ParentStore()
                            .append(List.of(accepted, started), List.of(created, created.apply(started, 2, now)))))
                    .isInstanceOf(OrderEffect.Answer.Appended.class);
        }

        desk.start();

        until("all are sent", () -> sent.get() == 600);
    }

    @Test
    void a_cancel_acknowledged_while_the_facts_for_the_checks_are_loaded_prevents_the_order() {
        facts = new CountDownLatch(1);
        desk.start();
        ParentId id = accepted(CLOCK.instant().plusMillis(50));
        until("the facts are requested", () -> evaluations.get() == 1);

        assertThat(desk.cancel(id, "bot")).isEqualTo(new ParentEffect.Answer.Accepted(id, false));
        facts.countDown();

        until("it has ended", () -> !parent(id).isOpen());
        assertThat(parent(id).outcome()).contains(Parent.Outcome.CANCELED);
        assertThat(orders.find(parent(id).children().findFirst().orElseThrow())).isEmpty();
        assertThat(sent).hasValue(0);
    }
}
