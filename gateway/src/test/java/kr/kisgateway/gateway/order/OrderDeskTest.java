package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalAppend;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalPlace;
import kr.kisgateway.gateway.journal.JournalRows;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.gateway.risk.RiskLimits;
import kr.kisgateway.gateway.risk.RiskPolicy;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.market.OpenFixedCalendar;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The desk with a real journal on disk and a scripted broker behind the port. */
@Tag("slow")
class OrderDeskTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final InstantSource CLOCK = InstantSource.system();
    private final RandomGenerator random = new java.util.Random(7) /* safe for many threads */;
    private final FakeBroker broker = new FakeBroker(CLOCK);
    private final AtomicBoolean feedFails = new AtomicBoolean();
    private final List<OrderDesk> desks = new ArrayList<>();

    private JournalPlace place;
    /** The trading day of the desks that start. */
    private LocalDate day = DAY;

    @BeforeEach
    void createPlace(@TempDir Path folder) {
        place = place(folder);
    }

    JournalPlace place(Path folder) {
        return new JournalPlace.Sqlite(folder, CLOCK);
    }

    private final ConcurrentLinkedQueue<OrderEffect.Alert> alerts = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<AlertEvent> settled = new ConcurrentLinkedQueue<>();
    /** The orders in the order in which the desk published them. */
    private final ConcurrentLinkedQueue<Order> publishedOrders = new ConcurrentLinkedQueue<>();
    /** How far the desk's clock is ahead of the machine's. */
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    /** Publishing an order at this price blocks the desk until {@link #feedMayContinue}. */
    private static final long BLOCKING_PRICE = 61_000;

    private final AtomicInteger lostAnswers = new AtomicInteger();
    /** Whether another gateway owns the journal whenever the desk's was closed. */
    private volatile boolean otherOwner;

    private volatile CountDownLatch feedMayContinue = new CountDownLatch(0);

    private void blockFeed() {
        try {
            feedMayContinue.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private OrderDesk desk(Journal.Tables tables) {
        return desk(tables, TradingDayFixture.settings(1_000, true));
    }

    /** A desk with this account behind A1. */
    private OrderDesk desk(String account) {
        var settings = TradingDayFixture.settings(1_000, true);
        return desk(
                new OrderStore(),
                new OrderSettings(
                        settings.accounts(),
                        settings.sendsPerSecond(),
                        settings.dispatchEnabled(),
                        settings.modifyTimeout(),
                        settings.reconcileInterval(),
                        settings.killSwitch(),
                        settings.commissions(),
                        Map.of("A1", new AccountFingerprint("key", account))));
    }

    private OrderDesk desk(Journal.Tables tables, OrderSettings settings) {
        var desk = new OrderDesk(
                settings,
                new RiskRules((_, _) -> Optional.empty()),
                RiskPolicy.of(RiskLimits.none()),
                TradingDayFixture.hours(new OpenFixedCalendar(day)),
                () -> CLOCK.instant().plus(ahead.get()),
                broker,
                new OrderListener() {
                    @Override
                    public void orderChanged(Order order) {
                        publishedOrders.add(order);
                        if (order.terms().price().orElse(0) == BLOCKING_PRICE) {
                            blockFeed();
                        }
                        if (feedFails.get()) {
                            throw new IllegalStateException("a listener's defect");
                        }
                    }

                    @Override
                    public void fillExecuted(Order order, Fill fill) {
                        // ignored
                    }

                    @Override
                    public void alertRaised(Instant at, OrderEffect.Alert alert) {
                        alerts.add(alert);
                    }

                    @Override
                    public void alertSettled(Instant at, OrderEffect.AlertSettled over) {
                        settled.add(over.kind());
                    }
                },
                () -> openJournal(tables),
                _ -> RiskLayers.of(RiskLimits.none()));
        desks.add(desk);
        return desk;
    }

    private OrderDesk started() {
        OrderDesk desk = desk(new OrderStore());
        desk.start();
        until("ready", () -> desk.state() == OrderDesk.State.READY);
        return desk;
    }

    @AfterEach
    void stop() {
        broker.slots.countDown();
        broker.answers.countDown();
        broker.lists.countDown();
        feedMayContinue.countDown();
        desks.forEach(desk -> desk.stop(Duration.ofSeconds(5)));
    }

    private static Terms terms(long price) {
        return new Terms(
                "A1",
                new Symbol("005930"),
                Side.BUY,
                1,
                OrderKind.LIMIT,
                OptionalLong.of(price),
                Venue.KRX,
                Optional.of("s1"),
                CLOCK.instant().plusSeconds(60));
    }

    private Answer place(OrderDesk desk, long price, String key) {
        return desk.place(input(price, key));
    }

    private OrderInput.Place input(long price, String key) {
        Terms terms = terms(price);
        return new OrderInput.Place(
                0,
                OrderId.create(CLOCK.instant(), random),
                terms,
                new KeyUse("local/A1", key, OrderRequestParser.hash(terms, false)),
                TradingDayFixture.emptyContext(),
                Optional.empty(),
                OrderInput.Mode.PLACE);
    }

    @Test
    void a_thousand_concurrent_callers_are_all_answered_and_each_order_is_sent_once() throws InterruptedException {
        OrderDesk desk = started();
        var accepted = new ConcurrentLinkedQueue<OrderId>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int n = i;
            callers.add(Thread.startVirtualThread(() -> {
                if (place(desk, 50_000 + 100L * n, "k" + n) instanceof Answer.Accepted a) {
                    accepted.add(a.order());
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(accepted).hasSize(1_000).doesNotHaveDuplicates();
        until("all sent", () -> desk.open().stream().allMatch(o -> o.status() == OrderStatus.SENT));
        assertThat(broker.placed).hasValue(1_000);
        assertThat(BoundMeters.of(desk::bindTo).value("order.accepted")).isEqualTo(1_000);
    }

    @Test
    void one_key_used_by_concurrent_callers_makes_one_order() throws InterruptedException {
        OrderDesk desk = started();
        var orders = new ConcurrentLinkedQueue<OrderId>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            callers.add(Thread.startVirtualThread(() -> {
                switch (place(desk, 70_000, "same")) {
                    case Answer.Accepted a -> orders.add(a.order());
                    case Answer.Refused r -> assertThat(r.refusal().code()).isEqualTo(ErrorCode.IDEMPOTENCY_IN_FLIGHT);
                    case Answer other -> throw new AssertionError(other);
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(orders.stream().distinct()).hasSize(1);
        assertThat(BoundMeters.of(desk::bindTo).value("order.accepted")).isEqualTo(1);
    }

    /** The accounts recorded for aliases, in the journal's form. */
    private List<String> assignments() {
        try (Journal journal = place.open(new OrderStore())) {
            return journal.onWriter(connection -> {
                List<String> payloads = new ArrayList<>();
                JournalRows.entriesOf(connection, ControlEvent.STREAM, entry -> payloads.add(entry.payload()));
                return payloads;
            });
        }
    }

    @Test
    void an_open_order_of_an_earlier_release_continues_and_then_belongs_to_one_account() {
        OrderDesk earlier = started();
        OrderId id = ((Answer.Accepted) place(earlier, 70_000, "k1")).order();
        until("sent", () -> earlier.find(id).orElseThrow().status() == OrderStatus.SENT);
        earlier.stop(Duration.ofSeconds(5));

        OrderDesk updated = desk("first");
        updated.start();
        assertThat(updated.find(id).orElseThrow().status()).isEqualTo(OrderStatus.SENT);
        updated.stop(Duration.ofSeconds(5));
        for (int i = 0; i < 2; i++) {
            OrderDesk refused = desk("second");
            assertThatThrownBy(refused::start)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(id.text())
                    .hasMessageContaining("another account number");
            refused.stop(Duration.ofSeconds(5));
        }
        assertThat(assignments())
                .containsExactly("{\"account\":\"A1\",\"fingerprint_key\":\"key\",\"fingerprint\":\"first\"}");
    }

    @Test
    void an_open_parent_order_stops_the_start_of_another_account_before_anything_is_recorded() {
        OrderDesk first = desk("first");
        first.start();
        first.stop(Duration.ofSeconds(5));
        OrderDesk refused = desk("second");
        refused.requireAccountsOf(_ -> Map.of("par_1", "A1"));
        assertThatThrownBy(refused::start)
                .isInstanceOf(JournalException.class)
                .hasMessageStartingWith("parent order par_1 of account A1 is open");
        refused.stop(Duration.ofSeconds(5));
        assertThat(assignments()).hasSize(1);

        OrderDesk ended = desk("second");
        ended.start();
        ended.stop(Duration.ofSeconds(5));
        assertThat(assignments()).hasSize(2);
    }

    @Test
    void after_a_restart_orders_keys_and_history_are_restored() {
        OrderDesk first = started();
        OrderId id = ((Answer.Accepted) place(first, 70_000, "k1")).order();
        until("sent", () -> first.find(id).orElseThrow().status() == OrderStatus.SENT);
        Order before = first.find(id).orElseThrow();
        first.stop(Duration.ofSeconds(5));

        OrderDesk second = started();
        assertThat(second.find(id)).contains(before);
        assertThat(((Answer.Accepted) place(second, 70_000, "k1")).replay()).isTrue();
        assertThat(second.events(id))
                .extracting(e -> e.type())
                .containsExactly("Accepted", "SendStarted", "BrokerAccepted");
        assertThat(second.list(
                        new OrderStore.Filter(
                                Optional.of(Set.of("A1")),
                                Optional.of(Set.of(OrderStatus.SENT, OrderStatus.UNKNOWN)),
                                Optional.of(Set.of("005930")),
                                Optional.of("s1"),
                                Optional.of(DAY),
                                Optional.empty()),
                        Optional.empty(),
                        10))
                .containsExactly(before);
        assertThat(broker.placed).hasValue(1);
    }

    @Test
    void keys_of_an_earlier_day_are_known_to_orders_that_are_decided_together() throws InterruptedException {
        OrderDesk first = started();
        OrderId bought = placeAndFill(first, 70_000, "k1");
        placeAndFill(first, 70_100, "k2");
        first.stop(Duration.ofSeconds(5));

        broker.book.clear();
        day = DAY.plusDays(3);
        OrderDesk later = started();
        assertThat(later.recentlyEnded()).isEmpty();
        blockDesk(later);
        var answers = new ConcurrentHashMap<String, Answer>();
        var prices = Map.of("k1", 70_000L, "k2", 72_000L, "k3", 70_000L);
        List<Thread> callers = prices.entrySet().stream()
                .map(order -> Thread.startVirtualThread(
                        () -> answers.put(order.getKey(), place(later, order.getValue(), order.getKey()))))
                .toList();
        until("all wait", () -> callers.stream().allMatch(c -> c.getState() == Thread.State.TIMED_WAITING));
        feedMayContinue.countDown();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(answers.get("k1")).isInstanceOfSatisfying(Answer.Accepted.class, repeated -> {
            assertThat(repeated.replay()).isTrue();
            assertThat(repeated.order()).isEqualTo(bought);
        });
        assertThat(answers.get("k2"))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        other -> assertThat(other.refusal().code()).isEqualTo(ErrorCode.IDEMPOTENCY_KEY_BODY_MISMATCH));
        assertThat(answers.get("k3"))
                .isInstanceOfSatisfying(
                        Answer.Accepted.class,
                        unused -> assertThat(unused.replay()).isFalse());
        assertThat(later.list(EVERY_ORDER, Optional.empty(), 10)).hasSize(4);
    }

    private static final OrderStore.Filter EVERY_ORDER = new OrderStore.Filter(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private OrderId placeAndFill(OrderDesk desk, long price, String key) {
        OrderId id = ((Answer.Accepted) place(desk, price, key)).order();
        until("sent", () -> desk.find(id).orElseThrow().status() == OrderStatus.SENT);
        desk.receiveNotice(filled(desk, id, price));
        until("filled", () -> desk.find(id).orElseThrow().status() == OrderStatus.FILLED);
        return id;
    }

    private static Broker.Notice filled(OrderDesk desk, OrderId id, long price) {
        return new Broker.Notice(
                "A1",
                Broker.Notice.Kind.FILLED,
                desk.find(id).orElseThrow().liveRef().orElseThrow().odno(),
                0,
                new Symbol("005930"),
                Side.BUY,
                1,
                price,
                100_001,
                "06010",
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void a_stop_waits_for_the_answer_in_flight() throws InterruptedException {
        OrderDesk desk = started();
        broker.answers = new CountDownLatch(1);
        OrderId id = ((Answer.Accepted) place(desk, 70_000, "k1")).order();
        until("in flight", () -> broker.placed.get() == 1);
        Thread stopping = Thread.ofPlatform().start(() -> desk.stop(Duration.ofSeconds(5)));
        broker.answers.countDown();
        stopping.join();

        OrderDesk restarted = started();
        assertThat(restarted.find(id).orElseThrow().status()).isEqualTo(OrderStatus.SENT);
        assertThat(restarted.events(id)).extracting(e -> e.type()).doesNotContain("SendInDoubt");
    }

    @Test
    void orders_are_refused_while_the_brokers_list_cannot_be_read() {
        broker.listWorks.set(false);
        OrderDesk desk = desk(new OrderStore());
        desk.start();
        Answer answer = place(desk, 70_000, "k1");
        Refusal refusal = ((Answer.Refused) answer).refusal();
        assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_READY);
        assertThat(refusal.details()).containsEntry("blockers", List.of("RECONCILING"));
        assertThat(desk.state()).isEqualTo(OrderDesk.State.RECONCILING);
        broker.listWorks.set(true);
        until("ready", () -> desk.state() == OrderDesk.State.READY);
        assertThat(place(desk, 70_000, "k1")).isInstanceOf(Answer.Accepted.class);
        until("sent", () -> broker.placed.get() == 1);
    }

    @Test
    void a_failed_commit_is_reported_as_unknown_and_the_desk_recovers_from_the_journal() throws Exception {
        OrderDesk desk = started();
        place.refuseEvents(Optional.empty());
        Answer answer = place(desk, 70_000, "k1");
        assertThat(((Answer.Refused) answer).refusal().code()).isEqualTo(ErrorCode.JOURNAL_UNAVAILABLE);
        assertThat(((Answer.Refused) answer).refusal().code().retryable()).isTrue();
        place.acceptEvents();
        until("recovered", () -> desk.state() == OrderDesk.State.READY);
        assertThat(place(desk, 70_000, "k1")).isInstanceOf(Answer.Accepted.class);
        until("sent", () -> broker.placed.get() == 1);
        assertThat(BoundMeters.of(desk::bindTo).value("order.accepted")).isEqualTo(1);
    }

    @Test
    @Requirement(value = "A-13", clause = "once")
    void an_outage_of_the_journal_raises_one_alert_and_its_end_another() throws Exception {
        OrderDesk desk = started();
        place.refuseEvents(Optional.empty());
        for (int i = 0; i < 3; i++) {
            int n = i;
            until("ready", () -> desk.state() == OrderDesk.State.READY);
            assertThat(place(desk, 70_000, "k" + n)).isInstanceOf(Answer.Refused.class);
        }
        assertThat(alerts).extracting(OrderEffect.Alert::event).containsExactly("journal_unavailable");
        assertThat(alerts.peek().level()).isEqualTo(OrderEffect.Level.P1);
        place.acceptEvents();
        until("recovered", () -> desk.state() == OrderDesk.State.READY);
        assertThat(alerts).as("not before the recovery period is over").hasSize(1);
        ahead.set(OrderDesk.RECOVERY_PERIOD);
        until("reported", () -> alerts.size() == 2);
        assertThat(alerts)
                .extracting(OrderEffect.Alert::event, OrderEffect.Alert::level)
                .last()
                .isEqualTo(org.assertj.core.api.Assertions.tuple("order_desk_works_again", OrderEffect.Level.P2));
        assertThat(BoundMeters.of(desk::bindTo).value("order.alerts")).isEqualTo(2);
        assertThat(settled).contains(AlertEvent.JOURNAL_UNAVAILABLE);
    }

    @Test
    void an_unrecordable_kill_switch_applies_at_once_and_is_recorded_first_when_the_desk_recovers() throws Exception {
        OrderDesk desk = started();
        OrderId resting = ((Answer.Accepted) place(desk, 70_000, "k1")).order();
        until("sent", () -> desk.find(resting).orElseThrow().status() == OrderStatus.SENT);
        place.refuseEvents(Optional.empty());
        place(desk, 60_000, "k2");
        until("an outage", () -> desk.state() == OrderDesk.State.JOURNAL_UNAVAILABLE);

        Refusal unrecorded =
                ((Answer.Refused) desk.killSwitch(true, Optional.of("the sky falls"), true, "ops")).refusal();
        assertThat(unrecorded.code()).isEqualTo(ErrorCode.JOURNAL_UNAVAILABLE);
        assertThat(unrecorded.details()).containsEntry("kill_switch", true).containsEntry("recorded", false);
        assertThat(desk.killReason()).contains("the sky falls");
        assertThat(desk.isKillRecorded()).isFalse();
        until("an outage", () -> desk.state() == OrderDesk.State.JOURNAL_UNAVAILABLE);
        assertThat(((Answer.Refused) place(desk, 60_000, "k3")).refusal().code())
                .isEqualTo(ErrorCode.KILL_SWITCH);
        assertThat(((Answer.Refused) desk.killSwitch(false, Optional.of("no"), false, "ops"))
                        .refusal()
                        .code())
                .isEqualTo(ErrorCode.JOURNAL_UNAVAILABLE);
        assertThat(desk.killReason()).isPresent();

        place.acceptEvents();
        until("recorded", desk::isKillRecorded);
        assertThat(desk.killReason()).contains("the sky falls");
        until("cancelled", () -> broker.cancels.get() == 1);
        assertThat(alerts).extracting(OrderEffect.Alert::event).contains("kill_switch_on");
        desk.stop(Duration.ofSeconds(5));
        assertThat(started().killReason()).contains("the sky falls");
    }

    @Test
    void a_repeated_cancel_all_is_recognized_after_a_thousand_others() {
        OrderDesk desk = started();
        OrderId resting = ((Answer.Accepted) place(desk, 70_000, "k1")).order();
        until("sent", () -> desk.find(resting).orElseThrow().status() == OrderStatus.SENT);
        assertThat(((Answer.CancelledAll) cancelAll(desk, "first")).orders()).containsExactly(resting);
        IntStream.rangeClosed(0, IdempotencyKeys.CANCEL_ALL_CALLS)
                .parallel()
                .forEach(i -> assertThat(cancelAll(desk, "other-" + i)).isInstanceOf(Answer.CancelledAll.class));
        OrderId later = ((Answer.Accepted) place(desk, 60_000, "k2")).order();
        assertThat(cancelAll(desk, "first")).isEqualTo(new Answer.CancelledAll(List.of(resting), true));
        assertThat(desk.find(later).orElseThrow().openCancel()).isEmpty();
    }

    private static Answer cancelAll(OrderDesk desk, String key) {
        var everything = new OrderInput.OpenOrderFilter(Optional.of("A1"), Optional.empty(), Optional.empty());
        return desk.cancelAll(everything, new KeyUse("local/A1", key, "cancel-all:A1"));
    }

    @Test
    void a_desk_full_of_inputs_still_accepts_the_kill_switch_and_cancels() throws Exception {
        OrderDesk desk = started();
        OrderId resting = ((Answer.Accepted) place(desk, 70_000, "k1")).order();
        until("sent", () -> desk.find(resting).orElseThrow().status() == OrderStatus.SENT);
        blockDesk(desk);
        var filler = Thread.ofVirtual().start(() -> {
            for (int i = 0; i <= OrderDesk.QUEUE_CAPACITY; i++) {
                desk.reportMissedNotices("test");
            }
        });
        until("full", () -> filler.getState() == Thread.State.TIMED_WAITING);
        assertThat(((Answer.Refused) place(desk, 50_000, "k3")).refusal().code())
                .isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        var cancelled = CompletableFuture.supplyAsync(() -> desk.cancel(resting, "local/A1", Optional.empty()));
        var stopped = CompletableFuture.supplyAsync(() -> desk.killSwitch(true, Optional.of("enough"), false, "ops"));
        until("the kill switch is on", () -> desk.killReason().isPresent());
        feedMayContinue.countDown();
        assertThat(stopped.get(5, TimeUnit.SECONDS)).isInstanceOf(Answer.KillSwitchStatus.class);
        assertThat(cancelled.get(5, TimeUnit.SECONDS)).isInstanceOf(Answer.Accepted.class);
        assertThat(desk.isKillRecorded()).isTrue();
    }

    @Test
    void a_kill_switch_without_any_room_applies_and_is_recorded_when_there_is_room() {
        OrderDesk desk = started();
        feedMayContinue = new CountDownLatch(1);
        OrderId waiting = ((Answer.Accepted) place(desk, BLOCKING_PRICE, "k1")).order();
        for (int i = 0; i < OrderDesk.URGENT_CAPACITY; i++) {
            Thread.ofVirtual().start(desk::reconcile);
        }
        var filler = Thread.ofVirtual().start(() -> {
            for (int i = 0; i <= OrderDesk.QUEUE_CAPACITY; i++) {
                desk.reportMissedNotices("test");
            }
        });
        until("full", () -> filler.getState() == Thread.State.TIMED_WAITING);
        until("no room for a cancel", () -> isRefusedForRoom(desk.cancel(waiting, "local/A1", Optional.empty())));
        Refusal unrecorded = ((Answer.Refused) desk.killSwitch(true, Optional.of("enough"), false, "ops")).refusal();
        assertThat(unrecorded.details()).containsEntry("recorded", false);
        assertThat(desk.killReason()).contains("enough");
        feedMayContinue.countDown();
        until("recorded", desk::isKillRecorded);
        assertThat(desk.killReason()).contains("enough");
        assertThat(alerts).extracting(OrderEffect.Alert::event).contains("kill_switch_on");
    }

    @Test
    void a_notice_is_processed_before_the_last_of_the_cancels_queued_ahead_of_it() {
        OrderDesk desk = started();
        List<OrderId> resting = new ArrayList<>();
        for (int i = 0; i < OrderDesk.URGENT_CAPACITY; i++) {
            resting.add(((Answer.Accepted) place(desk, 50_000 + 10L * i, "k" + i)).order());
        }
        OrderId filled = ((Answer.Accepted) place(desk, 70_000, "filled")).order();
        until("sent", () -> desk.open().stream().allMatch(o -> o.status() == OrderStatus.SENT));
        Broker.Notice notice = filled(desk, filled, 70_000);

        blockDesk(desk);
        List<Thread> callers = resting.stream()
                .map(id -> Thread.startVirtualThread(() -> desk.cancel(id, "local/A1", Optional.empty())))
                .toList();
        until("all cancels wait", () -> callers.stream().allMatch(c -> c.getState() == Thread.State.TIMED_WAITING));
        desk.receiveNotice(notice);
        publishedOrders.clear();
        feedMayContinue.countDown();
        until(
                "the cancels are decided",
                () -> publishedOrders.stream()
                        .map(Order::id)
                        .collect(Collectors.toSet())
                        .containsAll(resting));
        List<Order> published = List.copyOf(publishedOrders);
        int position = IntStream.range(0, published.size())
                .filter(i -> published.get(i).id().equals(filled))
                .findFirst()
                .orElseThrow(() -> new AssertionError("all cancels were decided before the notice"));
        assertThat(published.subList(0, position).stream().map(Order::id).distinct())
                .as("orders published before the notice's")
                .hasSizeLessThanOrEqualTo(OrderDesk.COMMIT_GROUP / 2 + 2);
    }

    /** Blocks the desk until {@link #feedMayContinue}; inputs queue meanwhile. */
    private void blockDesk(OrderDesk desk) {
        feedMayContinue = new CountDownLatch(1);
        assertThat(place(desk, BLOCKING_PRICE, "blocking")).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void a_slot_pending_when_the_desk_stops_is_released_and_sends_nothing() throws Exception {
        broker.hasFreeSlots = false;
        OrderDesk desk = started();
        blockDesk(desk);
        until(
                "the grant waits for the desk",
                () -> broker.callingThreads.size() == 1
                        && broker.callingThreads.peek().getState() == Thread.State.TERMINATED);
        Thread stopping = Thread.ofPlatform().start(() -> desk.stop(Duration.ofSeconds(5)));
        until("the desk stops", () -> stopping.getState() == Thread.State.TIMED_WAITING);
        feedMayContinue.countDown();
        stopping.join();
        assertThat(broker.released).hasValue(1);
        assertThat(broker.placed).hasValue(0);
        assertThat(countInJournal("SendStarted")).isZero();
    }

    @Test
    void a_slot_granted_after_the_desk_stopped_is_released() {
        OrderDesk desk = started();
        broker.slots = new CountDownLatch(1);
        place(desk, 70_000, "k1");
        until("a slot is requested", () -> broker.callingThreads.size() == 1);
        desk.stop(Duration.ofSeconds(5));
        broker.slots.countDown();
        until("granted", () -> broker.callingThreads.peek().getState() == Thread.State.TERMINATED);
        assertThat(broker.released).hasValue(1);
        assertThat(broker.placed).hasValue(0);
    }

    private int countInJournal(String type) throws Exception {
        try (var connection = place.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT COUNT(*) FROM journal WHERE type = '" + type + "'")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    @Test
    void limits_without_room_are_refused_and_never_decided_after_later_ones() {
        OrderDesk desk = started();
        blockDesk(desk);
        List<Thread> callers = IntStream.range(0, OrderDesk.URGENT_CAPACITY)
                .mapToObj(_ -> Thread.startVirtualThread(desk::reconcile))
                .toList();
        until("no room", () -> callers.stream().allMatch(c -> c.getState() == Thread.State.TIMED_WAITING));
        var first = new CompletableFuture<Answer>();
        Thread.startVirtualThread(() -> first.complete(setMaxQty(desk, 1)));
        until("an answer although the desk is blocked", first::isDone);
        assertThat(isRefusedForRoom(first.join())).isTrue();
        feedMayContinue.countDown();
        until("there is room", () -> setMaxQty(desk, 2) instanceof Answer.Done);
        desk.stop(Duration.ofSeconds(5)); // every waiting input is decided now
        assertThat(desk.policy().layers().gateway().get(RiskLimit.MAX_QTY)).hasValue(2);
    }

    private static Answer setMaxQty(OrderDesk desk, long shares) {
        RiskLayers layers = RiskLayers.of(RiskLimits.none().with(RiskLimit.MAX_QTY, shares));
        return desk.setLimits(layers, "{}", "{}", "ops");
    }

    @Test
    void an_older_kill_switch_command_does_not_lift_a_newer_one() throws Exception {
        OrderDesk desk = started();
        blockDesk(desk);
        var off = new CompletableFuture<Answer>();
        var caller =
                Thread.ofPlatform().start(() -> off.complete(desk.killSwitch(false, Optional.of("off"), false, "ops")));
        until("the command off waits", () -> caller.getState() == Thread.State.TIMED_WAITING);
        var on = CompletableFuture.supplyAsync(() -> desk.killSwitch(true, Optional.of("on"), false, "ops"));
        until("the kill switch is on", () -> desk.killReason().isPresent());
        feedMayContinue.countDown();
        assertThat(on.get(5, TimeUnit.SECONDS)).isInstanceOf(Answer.KillSwitchStatus.class);
        assertThat(((Answer.Refused) off.get(5, TimeUnit.SECONDS)).refusal().code())
                .isEqualTo(ErrorCode.KILL_SWITCH);
        assertThat(desk.killReason()).contains("on");
    }

    @Test
    void a_kill_switch_waiting_for_the_desk_is_recorded_once() throws Exception {
        OrderDesk desk = started();
        blockDesk(desk);
        var on = new CompletableFuture<Answer>();
        var caller =
                Thread.ofPlatform().start(() -> on.complete(desk.killSwitch(true, Optional.of("enough"), true, "ops")));
        until("the command waits", () -> caller.getState() == Thread.State.TIMED_WAITING);
        feedMayContinue.countDown();
        assertThat(on.get(5, TimeUnit.SECONDS)).isInstanceOf(Answer.KillSwitchStatus.class);
        desk.stop(Duration.ofSeconds(5)); // every input waiting behind it is decided now
        assertThat(alerts).extracting(OrderEffect.Alert::event).containsOnlyOnce("kill_switch_on");
    }

    private static boolean isRefusedForRoom(Answer answer) {
        return answer instanceof Answer.Refused(Refusal refusal) && refusal.code() == ErrorCode.QUOTA_EXCEEDED;
    }

    @Test
    void entries_whose_caller_was_refused_while_they_waited_are_never_recorded() throws Exception {
        OrderDesk desk = started();
        blockDesk(desk);
        var entries =
                new JournalAppend("test", List.of(new JournalAppend.Draft("test_1", "Tested", 1, DAY, "{}")), _ -> {});
        assertThat(desk.append(entries, Duration.ofMillis(50))).isInstanceOf(Answer.Refused.class);

        feedMayContinue.countDown();

        assertThat(place(desk, 70_000, "k1")).isInstanceOf(Answer.Accepted.class);
        assertThat(countInJournal("Tested")).isZero();
        assertThat(desk.append(entries)).isInstanceOf(Answer.Appended.class);
        assertThat(countInJournal("Tested")).isEqualTo(1);
    }

    @Test
    void a_cancel_after_a_refused_one_is_sent_and_not_treated_as_its_repetition() {
        OrderDesk desk = started();
        OrderId id = ((Answer.Accepted) place(desk, 70_000, "k1")).order();
        until("sent", () -> desk.find(id).orElseThrow().status() == OrderStatus.SENT);
        broker.rejectCancels = true;
        desk.cancel(id, "local/A1", Optional.empty());
        until("refused", () -> desk.find(id).orElseThrow().requests().getLast().state() == BrokerRequest.State.REFUSED);
        broker.rejectCancels = false;
        Answer restarted = desk.cancel(id, "local/A1", Optional.empty());
        assertThat(restarted).isEqualTo(new Answer.Accepted(id, KeyUse.Kind.CANCEL, "cancel:" + id + ":2", false));
        until("sent again", () -> broker.cancels.get() == 2);
        assertThat(((Answer.Accepted) desk.cancel(id, "local/A1", Optional.of("cancel:" + id + ":2"))).replay())
                .isTrue();
    }

    @Test
    void an_order_whose_slot_is_free_is_accepted_and_marked_as_sent_in_one_commit() {
        OrderDesk desk = started();
        Meters meters = BoundMeters.of(desk::bindTo);
        broker.answers = new CountDownLatch(1);
        OrderId id = ((Answer.Accepted) place(desk, 70_000, "k1")).order();
        until("the broker has it", () -> broker.placed.get() == 1);
        assertThat(desk.events(id)).extracting(e -> e.type()).containsExactly("Accepted", "SendStarted");
        assertThat(meters.value("journal.commits")).isEqualTo(1);
        assertThat(broker.callingThreads).as("threads that waited for a slot").isEmpty();
        assertThat(broker.released).hasValue(0);
    }

    @Test
    void nothing_is_sent_of_a_failed_commit_that_had_a_free_slot_and_the_slot_is_released() throws Exception {
        OrderDesk desk = started();
        place.refuseEvents(Optional.of("SendStarted"));
        Answer answer = place(desk, 70_000, "k1");
        assertThat(((Answer.Refused) answer).refusal().code()).isEqualTo(ErrorCode.JOURNAL_UNAVAILABLE);
        place.acceptEvents();
        until("recovered", () -> desk.state() == OrderDesk.State.READY);
        assertThat(broker.released).hasValue(1);
        assertThat(broker.placed).hasValue(0);
        assertThat(place(desk, 70_000, "k1")).isInstanceOf(Answer.Accepted.class);
        until("sent", () -> broker.placed.get() == 1);
        assertThat(countInJournal("Accepted")).isEqualTo(1);
    }

    @Test
    void of_equal_orders_of_a_batch_one_is_sent_at_once_and_the_others_one_after_the_other() {
        OrderDesk desk = started();
        broker.answers = new CountDownLatch(1);
        var batch = desk.placeAll(IntStream.range(0, 8)
                .mapToObj(i -> input(70_000 + 100L * (i % 2), "k" + i))
                .toList());
        assertThat(batch).isNotInstanceOf(Answer.Refused.class);
        until("one of each kind", () -> broker.placed.get() == 2);
        assertThat(desk.open()).filteredOn(o -> o.status() == OrderStatus.NEW).hasSize(6);
        broker.answers.countDown();
        until("all sent", () -> desk.open().stream().allMatch(o -> o.status() == OrderStatus.SENT));
        assertThat(desk.open()).hasSize(8);
        assertThat(broker.placed).hasValue(8);
    }

    @Test
    void orders_without_free_slots_wait_for_them_on_other_threads() {
        broker.hasFreeSlots = false;
        OrderDesk desk = started();
        place(desk, 70_000, "k1");
        place(desk, 70_100, "k2");
        until("sent", () -> broker.placed.get() == 2);
        assertThat(broker.callingThreads).hasSize(2).allMatch(Thread::isVirtual);
    }

    @Test
    void a_defect_of_the_budget_stops_no_order() {
        broker.failsAtFreeSlots = true;
        OrderDesk desk = started();
        assertThat(place(desk, 70_000, "k1")).isInstanceOf(Answer.Accepted.class);
        until("sent", () -> broker.placed.get() == 1);
        assertThat(desk.state()).isEqualTo(OrderDesk.State.READY);
    }

    @Test
    void a_slot_that_a_defect_of_the_budget_lost_is_requested_again() {
        broker.hasFreeSlots = false;
        broker.slotDefects.set(2);
        OrderDesk desk = started();
        assertThat(place(desk, 70_000, "k1")).isInstanceOf(Answer.Accepted.class);
        until("sent", () -> broker.placed.get() == 1);
        assertThat(broker.callingThreads).hasSize(3);
    }

    @Test
    void an_order_of_a_commit_whose_answer_was_lost_is_sent_once_after_the_recovery() {
        OrderDesk desk = started();
        lostAnswers.set(1);
        Answer answer = place(desk, 70_000, "k1");
        assertThat(((Answer.Refused) answer).refusal().code()).isEqualTo(ErrorCode.JOURNAL_UNAVAILABLE);
        assertThat(broker.placed).hasValue(0);
        until("sent", () -> broker.placed.get() == 1);
        until("recorded", () -> desk.open().stream().allMatch(o -> o.status() == OrderStatus.SENT));
        Answer.Accepted repeated = (Answer.Accepted) place(desk, 70_000, "k1");
        assertThat(repeated.replay()).isTrue();
        assertThat(desk.events(repeated.order()))
                .extracting(e -> e.type())
                .containsExactly("Accepted", "SendStarted", "SendAbandoned", "SendStarted", "BrokerAccepted");
        assertThat(broker.placed).hasValue(1);
    }

    @Test
    void an_order_of_a_commit_whose_answer_was_lost_is_in_doubt_when_another_gateway_owned_the_journal_in_between() {
        OrderDesk desk = started();
        otherOwner = true;
        lostAnswers.set(1);
        place(desk, 70_000, "k1");
        until("recovered", () -> desk.state() == OrderDesk.State.READY);
        assertThat(desk.open()).extracting(Order::status).containsExactly(OrderStatus.UNKNOWN);
        assertThat(broker.placed).hasValue(0);
    }

    /** A journal whose commits are durable and seem to fail as long as {@link #lostAnswers} has some left. */
    private Journal losingAnswers(Journal journal) {
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (_, method, arguments) -> {
                    try {
                        Object answer = method.invoke(journal, arguments);
                        if (method.getName().equals("commit")
                                && lostAnswers.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                            throw new JournalException("the answer was lost");
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Journal openJournal(Journal.Tables tables) {
        if (otherOwner) {
            place.open(tables).close();
        }
        return losingAnswers(place.open(tables));
    }

    @Test
    void a_cancel_that_lost_its_slot_to_a_failed_commit_is_sent_after_the_recovery() throws Exception {
        broker.hasFreeSlots = false;
        OrderDesk desk = started();
        OrderId id = ((Answer.Accepted) place(desk, 70_000, "k1")).order();
        until("sent", () -> desk.find(id).orElseThrow().status() == OrderStatus.SENT);
        place.refuseEvents(Optional.of("SendStarted"));
        assertThat(desk.cancel(id, "local/A1", Optional.empty())).isInstanceOf(Answer.Accepted.class);
        until("failed", () -> desk.state() == OrderDesk.State.JOURNAL_UNAVAILABLE);
        place.acceptEvents();
        until("sent", () -> broker.cancels.get() == 1);
    }

    @Test
    void a_reconciliation_without_a_timely_list_blames_kis_and_names_the_next_step() {
        OrderDesk desk = started();
        broker.lists = new CountDownLatch(1);
        Refusal refusal = ((Answer.Refused) desk.reconcile(Duration.ofMillis(1))).refusal();
        assertThat(refusal.code()).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT);
        assertThat(refusal.message()).contains("repeat this");
    }

    @Test
    void a_failing_listener_stops_no_order_from_being_sent() {
        OrderDesk desk = started();
        feedFails.set(true);
        OrderId id = ((Answer.Accepted) place(desk, 70_000, "k1")).order();
        until("sent", () -> desk.find(id).orElseThrow().status() == OrderStatus.SENT);
        assertThat(desk.events(id)).extracting(e -> e.type()).doesNotContain("SendInDoubt");
    }

    @Test
    void a_start_on_an_unopenable_journal_reports_why() {
        place.open("live", new OrderStore()).close();
        assertThatThrownBy(desk(new OrderStore())::start)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("belongs to environment 'live'");
    }
}
