package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.TradingDayFixture.alert;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Correction;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.order.OrderEvent.MatchedBy;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Money;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a comparison of the broker's list with the recorded orders records, corrects and alerts about. */
class ReconcilerTest {
    private static final LocalDate DATE = LocalDate.of(2026, 11, 20);
    private static final AccountDay TODAY = new AccountDay("A1", TradingDay.korean(DATE));
    private static final Instant END = Instant.parse("2026-11-20T15:00:00Z"); // midnight in Seoul
    private static final Symbol HYNIX = new Symbol("000660");
    private static final String NOT_LISTED =
            "the broker does not list it (yet); absence proves nothing, so it stays UNKNOWN";

    private final TradingDayFixture day = TradingDayFixture.open();

    /** A row of the list for the buy of 10 at 70,000 that rests unfilled, before some of its fields differ. */
    private static final class Row {
        private BrokerOrder.Kind kind = BrokerOrder.Kind.ORDER;
        private final long odno;
        private long original;
        private MarketSymbol symbol = TradingDayFixture.SAMSUNG;
        private Side side = Side.BUY;
        private long qty = 10;
        private long price = 70_000;
        private Optional<OrderKind> orderKind = Optional.of(OrderKind.LIMIT);
        private Optional<Venue> venue = Optional.of(Venue.KRX);
        private int time = 100_000;
        private long filled;
        private long value;
        private long canceled;
        private long rejected;
        private long replaced;
        private Optional<Credit> credit = Optional.empty();

        Row(long odno) {
            this.odno = odno;
        }

        /** Filled, at the price of the row. */
        void fill(long shares) {
            filled = shares;
            value = shares * price;
        }

        BrokerOrder build() {
            return new BrokerOrder(
                    kind,
                    odno,
                    original,
                    "06010",
                    symbol,
                    side,
                    qty,
                    price,
                    orderKind,
                    venue,
                    time,
                    filled,
                    value,
                    canceled,
                    qty - filled - canceled - rejected - replaced,
                    rejected,
                    credit);
        }
    }

    private static BrokerOrder row(long odno, Consumer<Row> difference) {
        var row = new Row(odno);
        difference.accept(row);
        return row.build();
    }

    private static BrokerOrder row(long odno) {
        return row(odno, _ -> {});
    }

    /** A modification to {@code price} that rests. */
    private static BrokerOrder modification(long odno, long original, long price, Consumer<Row> difference) {
        return row(odno, row -> {
            row.kind = BrokerOrder.Kind.MODIFY;
            row.original = original;
            row.price = price;
            row.time = 100_001;
            difference.accept(row);
        });
    }

    private static BrokerOrder modification(long odno, long original, long price) {
        return modification(odno, original, price, _ -> {});
    }

    /** The order under its first number, of which nothing is left. */
    private static BrokerOrder emptied(long odno) {
        return row(odno, row -> row.canceled = row.qty);
    }

    /** The broker's list of the day arrives, requested now; the events that it records. */
    private List<OrderEvent> receiveList(BrokerOrder... rows) {
        return receiveList(TODAY, rows);
    }

    private List<OrderEvent> receiveList(AccountDay listed, BrokerOrder... rows) {
        day.takeAlerts();
        int position = day.journal.size();
        day.on(new OrderInput.ListArrived(listed, new Broker.DailyOrders.Complete(day.now, List.of(rows))));
        return day.recordedSince(position);
    }

    private List<OrderEvent> receiveListAt(Instant at, BrokerOrder... rows) {
        day.now = at;
        return receiveList(rows);
    }

    private List<OrderEvent> receiveListAfter(Duration sinceMorning, BrokerOrder... rows) {
        return receiveListAt(TradingDayFixture.MORNING.plus(sinceMorning), rows);
    }

    private OrderId place(Terms terms, String key) {
        var context = new OrderInput.OrderContext(
                MarketFacts.none(), new Observation.Unknown<>("not requested"), OptionalLong.of(70_000), List.of());
        return ((Answer.Accepted) day.placeOrder(terms, key, context)).order();
    }

    private OrderId placeInDoubt(Terms terms, String key) {
        OrderId id = place(terms, key);
        sendInDoubt(id, 1, OrderEffect.SendPlace.class);
        return id;
    }

    /** A buy of 10 at 70,000 that was sent at ten o'clock without an answer. */
    private OrderId inDoubt(String key) {
        return placeInDoubt(day.limit(Side.BUY, 10, 70_000), key);
    }

    private void sendInDoubt(OrderId id, int request, Class<? extends OrderEffect> send) {
        day.grantSlot();
        day.requireEffect(send);
        day.deliverOutcome(id, request, new Outcome.InDoubt("TIMEOUT", "no answer"));
    }

    private void sendTaken(OrderId id, int request, long odno, String brokerTime) {
        day.grantSlot();
        day.deliverOutcome(id, request, new Outcome.Taken("06010", odno, brokerTime));
    }

    private OrderId placeTaken(Terms terms, String key, long odno, String brokerTime) {
        OrderId id = place(terms, key);
        sendTaken(id, 1, odno, brokerTime);
        return id;
    }

    private static OrderEvent.BrokerAccepted inferred(OrderId id, long odno, String brokerTime) {
        return new OrderEvent.BrokerAccepted(id, 1, "06010", odno, brokerTime, MatchedBy.INFERENCE);
    }

    private static OrderEvent.Corrected corrected(
            OrderId id, OrderStatus before, String broker, OrderStatus after, long filledBefore, long filledAfter) {
        return new OrderEvent.Corrected(id, before, broker, after, filledBefore, filledAfter);
    }

    private static OrderEvent.Filled filledByQuery(OrderId id, int number, long odno, long qty, long value) {
        return new OrderEvent.Filled(id, 0, 0, new Fill(id + "." + number, odno, qty, value, 0, Fill.Source.QUERY));
    }

    private static OrderEvent.ModifiedOutside modifiedOutside(
            OrderId id, long odno, long qty, long price, String brokerTime) {
        return new OrderEvent.ModifiedOutside(
                id, "06010", odno, qty, price == 0 ? OptionalLong.empty() : OptionalLong.of(price), brokerTime);
    }

    /** An alert about an order that a caller placed. */
    private static String toResolve(OrderId id) {
        return ", so it stays UNKNOWN: check at the broker, then decide with ./kis orders resolve " + id;
    }

    // ---- requests in doubt ----

    private static Stream<Named<Consumer<Row>>> rowsOfTheOrder() {
        return Stream.of(
                Named.of("equal", _ -> {}),
                Named.of("of an unknown kind", row -> row.orderKind = Optional.empty()),
                Named.of("without a venue", row -> row.venue = Optional.empty()),
                Named.of("routed", row -> row.venue = Optional.of(Venue.SOR)),
                Named.of("five seconds before the send", row -> row.time = 95_955));
    }

    @ParameterizedTest
    @MethodSource("rowsOfTheOrder")
    void a_row_with_the_terms_of_an_order_in_doubt_is_that_order(Consumer<Row> difference) {
        OrderId id = inDoubt("k1");
        BrokerOrder listed = row(201, difference);
        assertThat(receiveList(listed))
                .containsExactly(
                        inferred(id, 201, "%06d".formatted(listed.time())),
                        corrected(id, OrderStatus.UNKNOWN, "filled 0, open 10, canceled 0", OrderStatus.SENT, 0, 0));
        assertThat(day.takeAlerts()).isEmpty();
        assertThat(day.core.candidates()).isEmpty();
    }

    private static Stream<Named<Consumer<Row>>> rowsOfOthers() {
        return Stream.of(
                Named.of("another symbol", row -> row.symbol = HYNIX),
                Named.of("a sell", row -> row.side = Side.SELL),
                Named.of("fewer shares", row -> row.qty = 9),
                Named.of("another price", row -> row.price = 70_100),
                Named.of("a market order", row -> row.orderKind = Optional.of(OrderKind.MARKET)),
                Named.of("another venue", row -> row.venue = Optional.of(Venue.NXT)),
                Named.of("a modification", row -> row.kind = BrokerOrder.Kind.MODIFY),
                Named.of("a cancel", row -> row.kind = BrokerOrder.Kind.CANCEL));
    }

    @ParameterizedTest
    @MethodSource("rowsOfOthers")
    void a_row_with_other_terms_is_not_the_order_in_doubt(Consumer<Row> difference) {
        OrderId id = inDoubt("k1");
        BrokerOrder listed = row(201, difference);
        List<OrderEvent> events = receiveList(listed);
        assertThat(events.getFirst()).isEqualTo(new OrderEvent.Unresolved(id, 1, 0, NOT_LISTED));
        assertThat(events)
                .filteredOn(OrderEvent.Adopted.class::isInstance)
                .hasSize(listed.kind() == BrokerOrder.Kind.ORDER ? 1 : 0);
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        assertThat(day.core.candidates()).isEqualTo(Map.of(id, List.of()));
        assertThat(day.takeAlerts()).containsExactly(alert(Level.P2, AlertEvent.ORDER_UNRESOLVED, id, NOT_LISTED));
    }

    @ParameterizedTest
    @CsvSource({"MARKET, 0, true", "MARKET, 70000, true", ", 0, true", ", 70000, false"})
    void an_order_without_a_price_is_a_row_of_its_kind_or_one_without_a_price(
            String kind, long price, boolean matches) {
        OrderId id = placeInDoubt(
                new Terms(
                        "A1",
                        TradingDayFixture.SAMSUNG,
                        Side.BUY,
                        10,
                        OrderKind.MARKET,
                        OptionalLong.empty(),
                        Venue.KRX,
                        Optional.empty(),
                        day.now.plusSeconds(2)),
                "k1");
        receiveList(row(201, row -> {
            row.orderKind = Optional.ofNullable(kind).map(_ -> OrderKind.MARKET);
            row.price = price;
        }));
        assertThat(day.status(id)).isEqualTo(matches ? OrderStatus.SENT : OrderStatus.UNKNOWN);
    }

    @Test
    void a_routed_order_is_a_row_of_the_venue_that_it_went_to() {
        OrderId id = placeInDoubt(day.limit(Side.BUY, 10, 70_000).withVenue(Venue.SOR), "k1");
        receiveList(row(201, row -> row.venue = Optional.of(Venue.NXT)));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void equal_rows_leave_an_order_unknown_and_it_is_reported_once_with_the_first_ten_numbers() {
        OrderId id = inDoubt("k1");
        BrokerOrder[] ten = rowsDownFrom(210);
        String first = "0000000201, 0000000202, 0000000203, 0000000204, 0000000205, 0000000206, 0000000207,"
                + " 0000000208, 0000000209, 0000000210";
        assertAmbiguous(id, ten, "10 orders at the broker could be it (" + first + ")" + toResolve(id));
        assertAmbiguous(
                id, rowsDownFrom(211), "11 orders at the broker could be it (" + first + ", …)" + toResolve(id));
        assertThat(receiveList(rowsDownFrom(211))).isEmpty();
        assertThat(day.takeAlerts()).isEmpty();
    }

    private void assertAmbiguous(OrderId id, BrokerOrder[] rows, String reason) {
        assertThat(receiveList(rows)).containsExactly(new OrderEvent.Unresolved(id, 1, rows.length, reason));
        assertThat(day.takeAlerts()).containsExactly(alert(Level.P1, AlertEvent.ORDER_UNRESOLVED, id, reason));
        assertThat(day.core.candidates().get(id))
                .isEqualTo(
                        LongStream.rangeClosed(201, 200 + rows.length).boxed().toList());
    }

    /** The rows of the numbers from 201 to {@code last}, the last first. */
    private static BrokerOrder[] rowsDownFrom(long last) {
        return LongStream.rangeClosed(201, last)
                .boxed()
                .sorted(Comparator.reverseOrder())
                .map(ReconcilerTest::row)
                .toArray(BrokerOrder[]::new);
    }

    @Test
    void a_row_from_before_the_send_leaves_an_order_unknown_with_that_reason() {
        OrderId id = inDoubt("k1");
        String reason = "1 orders at the broker could be it (0000000201; by the broker's clock they are older, or a"
                + " clock is wrong)" + toResolve(id);
        assertThat(receiveList(row(201, row -> row.time = 95_954)))
                .containsExactly(new OrderEvent.Unresolved(id, 1, 1, reason));
        assertThat(day.takeAlerts()).containsExactly(alert(Level.P1, AlertEvent.ORDER_UNRESOLVED, id, reason));
    }

    @Test
    void a_row_without_a_loan_leaves_an_order_on_credit_unknown_with_that_reason() {
        Terms terms = new Terms(
                "A1",
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                10,
                OrderKind.LIMIT,
                OptionalLong.of(70_000),
                OptionalLong.empty(),
                Venue.KRX,
                Optional.empty(),
                day.now.plusSeconds(5),
                Optional.of(new Credit(CreditType.SELF_LOAN_OPEN, DATE)));
        OrderId id = placeInDoubt(terms, "k1");
        String reason = "1 orders at the broker could be it (0000000201; it is on credit, and KIS lists no loan for"
                + " them)" + toResolve(id);
        assertThat(receiveList(row(201))).containsExactly(new OrderEvent.Unresolved(id, 1, 1, reason));
        assertThat(day.takeAlerts()).containsExactly(alert(Level.P1, AlertEvent.ORDER_UNRESOLVED, id, reason));
    }

    @Test
    void a_receipt_settles_an_order_in_doubt_and_the_row_of_its_number_comes_first() {
        OrderId id = inDoubt("k1");
        day.receiveNotice(Notice.Kind.FILLED, 202, 0, 10, 70_000);
        day.receiveNotice(Notice.Kind.RECEIVED, 203, 77, 10, 70_000);
        day.receiveNotice(Notice.Kind.RECEIVED, 204, 0, 9, 70_000);
        day.receiveNotice(Notice.Kind.RECEIVED, 201, 0, 10, 70_000); // at 10:00:02
        assertThat(receiveList(row(201, row -> row.time = 100_001)))
                .containsExactly(
                        inferred(id, 201, "100001"),
                        corrected(id, OrderStatus.UNKNOWN, "filled 0, open 10, canceled 0", OrderStatus.SENT, 0, 0));
    }

    @Test
    void a_receipt_alone_settles_an_order_that_is_not_listed_yet() {
        OrderId id = inDoubt("k1");
        day.receiveNotice(Notice.Kind.RECEIVED, 201, 0, 10, 70_000);
        assertThat(receiveList())
                .containsExactly(
                        inferred(id, 201, "100002"),
                        corrected(id, OrderStatus.UNKNOWN, "not listed", OrderStatus.SENT, 0, 0));
    }

    @Test
    void an_order_missing_from_the_list_of_a_minute_after_the_end_of_its_day_is_closed() {
        OrderId id = inDoubt("k1");
        assertThat(receiveListAt(END.plusSeconds(60).minusMillis(1)))
                .containsExactly(new OrderEvent.Unresolved(id, 1, 0, NOT_LISTED));
        assertThat(receiveListAt(END.plusSeconds(60)))
                .containsExactly(
                        new OrderEvent.Rejected(
                                id,
                                "NOT_FOUND_AT_BROKER",
                                "the session has ended and the broker's complete list does not contain it"),
                        corrected(id, OrderStatus.UNKNOWN, "not listed", OrderStatus.REJECTED, 0, 0));
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P2,
                        AlertEvent.ORDER_NOT_FOUND,
                        id,
                        "closed after the session's end, never listed at the broker"));
    }

    @Test
    void the_list_of_another_market_does_not_concern_a_US_order_in_doubt() {
        day.on(new OrderInput.NoticesMissed("reconnect")); // the Korean list is in flight
        placeInDoubt(buyOfApple(OrderKind.LIMIT), "k1");
        assertThat(receiveList(row(201, row -> row.symbol = HYNIX)))
                .extracting(OrderEvent::getClass)
                .asString()
                .contains("Adopted")
                .doesNotContain("Unresolved");
    }

    private Terms buyOfApple(OrderKind kind) {
        return new Terms(
                "A1",
                new UsSymbol(UsExchange.NASD, "AAPL"),
                Side.BUY,
                10,
                kind,
                OptionalLong.of(1_800_000),
                Venue.NASD,
                Optional.empty(),
                day.now.plusSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({"DAY_MARKET, 2026-11-20T07:59:58Z, 170001, 20", "LIMIT, 2026-11-20T14:59:58Z, 1, 21"})
    void a_US_order_is_matched_at_every_hour_of_its_day(String kind, Instant sentAt, int listedAt, int date) {
        var us = new TradingDayFixture();
        us.orderHours =
                new OrderHours(TradingDayFixture.FORM, TradingDayFixture.CALENDAR, UsHours.of(new KrxCalendar()));
        us.now = sentAt;
        us.crash();
        us.receiveList();
        Terms terms = new Terms(
                "A1",
                new UsSymbol(UsExchange.NASD, "AAPL"),
                Side.BUY,
                10,
                kind.equals("LIMIT") ? OrderKind.LIMIT : OrderKind.DAY_MARKET,
                OptionalLong.of(1_800_000),
                Venue.NASD,
                Optional.empty(),
                us.now.plusSeconds(5));
        OrderId id = ((Answer.Accepted) us.placeOrder(terms, "k1")).order();
        us.grantSlot();
        us.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        long odno = BrokerNumbers.dated(LocalDate.of(2026, 11, date), 201);
        us.on(new OrderInput.ListArrived(
                us.order(id).accountDay(), new Broker.DailyOrders.Complete(us.now, List.of(row(odno, row -> {
                    row.symbol = terms.symbol();
                    row.price = 1_800_000;
                    row.orderKind = Optional.empty();
                    row.venue = Optional.empty();
                    row.time = listedAt;
                })))));
        assertThat(us.order(id).placing().odno()).hasValue(odno);
    }

    // ---- the broker's clock ----

    @ParameterizedTest
    @CsvSource({
        "100010, 100005, true",
        "100010, 100004, false",
        "095950, 95945, true",
        "095950, 95944, false",
        "220000, 215955, true",
        "220000, 100000, false"
    })
    void an_order_in_doubt_is_not_matched_with_a_row_from_before_its_send_by_the_brokers_clock(
            String answeredAt, int listedAt, boolean matches) {
        placeTaken(day.limit(Side.BUY, 11, 70_000), "k1", 101, answeredAt);
        OrderId id = inDoubt("k2");
        receiveList(row(201, row -> row.time = listedAt));
        assertThat(day.status(id)).isEqualTo(matches ? OrderStatus.SENT : OrderStatus.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"100005, true", "100004, false"})
    void the_first_list_after_a_start_shows_the_brokers_clock(int listedAt, boolean matches) {
        placeTaken(day.limit(Side.BUY, 11, 70_000), "k1", 101, "");
        placeTaken(day.limit(Side.BUY, 12, 70_000), "k2", 102, "");
        OrderId repeated = place(day.limit(Side.BUY, 13, 70_000), "k3");
        day.grantSlot();
        day.deliverOutcome(repeated, 1, new Outcome.NotTaken("EGW00201", "too many calls"));
        day.advance(Duration.ofMillis(300));
        sendTaken(repeated, 1, 103, "");
        OrderId id = inDoubt("k4");
        day.crash();
        receiveList(
                resting(101, 11, 100_012),
                resting(102, 12, 100_010),
                resting(103, 13, 100_001), // it was sent twice, so its time proves nothing
                row(201, row -> row.time = listedAt));
        assertThat(day.status(id)).isEqualTo(matches ? OrderStatus.SENT : OrderStatus.UNKNOWN);
    }

    private static BrokerOrder resting(long odno, long qty, int time) {
        return row(odno, row -> {
            row.qty = qty;
            row.time = time;
        });
    }

    @ParameterizedTest
    @CsvSource({"100003, true", "100002, false"})
    void the_row_of_a_compared_order_refines_the_brokers_clock(int listedAt, boolean matches) {
        day.on(new OrderInput.NoticesMissed("reconnect")); // the list is in flight
        placeTaken(day.limit(Side.BUY, 11, 70_000), "k1", 101, "100010");
        placeTaken(day.limit(Side.BUY, 12, 70_000), "k2", 102, "100010");
        OrderId id = inDoubt("k3");
        receiveList(
                row(101, row -> {
                    row.qty = 11;
                    row.time = 100_008;
                    row.fill(1);
                }),
                resting(102, 12, 100_000), // as recorded, so it is not compared
                row(201, row -> row.time = listedAt));
        assertThat(day.status(id)).isEqualTo(matches ? OrderStatus.SENT : OrderStatus.UNKNOWN);
    }

    // ---- fills and removed shares ----

    @Test
    void fills_and_removals_on_the_list_are_recorded_with_the_correction_they_made() {
        OrderId id = day.placeSent("k1", 101);
        day.next(OrderEffect.FillExecuted.class);
        OrderEvent.Filled first = filledByQuery(id, 1, 101, 3, 210_000);
        assertThat(receiveList(row(101, row -> row.fill(3))))
                .containsExactly(
                        first,
                        corrected(
                                id,
                                OrderStatus.SENT,
                                "filled 3, open 7, canceled 0",
                                OrderStatus.PARTIAL_FILLED,
                                0,
                                3));
        assertThat(day.next(OrderEffect.FillExecuted.class).orElseThrow())
                .returns(first.fill(), OrderEffect.FillExecuted::fill)
                .returns(3L, executed -> executed.order().filled());
        assertThat(receiveList(row(101, row -> row.fill(5))))
                .containsExactly(
                        filledByQuery(id, 2, 101, 2, 140_000),
                        corrected(
                                id,
                                OrderStatus.PARTIAL_FILLED,
                                "filled 5, open 5, canceled 0",
                                OrderStatus.PARTIAL_FILLED,
                                3,
                                5));
        assertThat(receiveList(row(101, row -> {
                    row.fill(5);
                    row.canceled = 2;
                })))
                .as("the status is the same, and no share is filled")
                .containsExactly(new OrderEvent.Reduced(id, 0, 101, 2));
        assertThat(day.takeAlerts()).isEmpty();
        assertThat(day.order(id)).returns(8L, order -> order.terms().qty()).returns(3L, Order::remaining);
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "10, 0", "11, 770000"})
    void impossible_figures_on_the_list_are_reported_and_change_nothing(long filled, long value) {
        OrderId id = day.placeSent("k1", 101);
        assertThat(receiveList(row(101, row -> {
                    row.filled = filled;
                    row.value = value;
                })))
                .isEmpty();
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P1,
                        AlertEvent.LIST_CONTRADICTS,
                        id,
                        "the broker's list shows " + filled + " shares for " + Money.won(value)
                                + " under 101, which is impossible; nothing was changed"));
    }

    @Test
    void orders_of_the_same_instant_are_corrected_in_the_sequence_of_their_ids() {
        List<OrderId> ids = Stream.of(1, 2, 3)
                .map(seed -> OrderId.create(day.now, new SplittableRandom(seed)))
                .sorted(Comparator.comparing(OrderId::text).reversed())
                .toList();
        for (int i = 0; i < ids.size(); i++) {
            Terms terms = day.limit(Side.BUY, 10, 70_000 + 100 * i);
            day.on(new OrderInput.Place(
                    900 + i,
                    ids.get(i),
                    terms,
                    new KeyUse("local/A1", "k" + i, OrderRequestParser.hash(terms, false)),
                    TradingDayFixture.emptyContext(),
                    Optional.empty(),
                    OrderInput.Mode.PLACE));
            sendTaken(ids.get(i), 1, 101 + i, "100000");
        }
        assertThat(receiveList(
                        row(101, row -> row.fill(1)), row(102, row -> row.fill(1)), row(103, row -> row.fill(1))))
                .filteredOn(OrderEvent.Corrected.class::isInstance)
                .extracting(OrderEvent::order)
                .containsExactlyElementsOf(ids.reversed());
    }

    @Test
    void a_requested_comparison_counts_what_is_unresolved_corrected_and_adopted() {
        OrderId first = day.placeSent("k1", 101);
        day.now = day.now.plusMillis(1);
        OrderId second = day.placeSent("k2", 102);
        day.placeSent("k3", 103);
        inDoubt("k4");
        day.on(new OrderInput.Reconcile(77));
        receiveList(
                row(101, row -> row.fill(3)),
                row(102, row -> row.fill(10)),
                row(103),
                row(300, row -> row.symbol = HYNIX),
                row(301, row -> row.symbol = HYNIX));
        assertThat(day.answers.get(77L))
                .isEqualTo(new Answer.Reconciled(
                        4,
                        3,
                        2,
                        2,
                        List.of(
                                new Correction(
                                        first,
                                        OrderStatus.SENT,
                                        "filled 3, open 7, canceled 0",
                                        OrderStatus.PARTIAL_FILLED,
                                        day.now),
                                new Correction(
                                        second,
                                        OrderStatus.SENT,
                                        "filled 10, open 0, canceled 0",
                                        OrderStatus.FILLED,
                                        day.now))));
    }

    // ---- refusals of the exchange ----

    private static Stream<Named<Consumer<Row>>> refusedRows() {
        return Stream.of(
                Named.of("refused", row -> row.rejected = 10),
                Named.of("refused, naming itself as the one it replaces", row -> {
                    row.rejected = 10;
                    row.original = 101;
                }));
    }

    @ParameterizedTest
    @MethodSource("refusedRows")
    void an_order_that_only_the_list_shows_as_refused_ends_rejected(Consumer<Row> difference) {
        OrderId id = day.placeSent("k1", 101);
        assertThat(receiveList(row(101, difference)))
                .containsExactly(
                        new OrderEvent.Rejected(id, "EXCHANGE", "the broker lists it as rejected"),
                        corrected(
                                id,
                                OrderStatus.SENT,
                                "filled 0, open 0, canceled 0, rejected",
                                OrderStatus.REJECTED,
                                0,
                                0));
        assertThat(day.takeAlerts()).isEmpty();
    }

    @Test
    void a_filled_order_that_the_list_shows_as_refused_ends_cancelled() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 4, 70_000, 100_001);
        assertThat(receiveList(row(101, row -> row.rejected = 10)))
                .containsExactly(
                        new OrderEvent.Canceled(id, 6, "the exchange refused the rest"),
                        corrected(
                                id,
                                OrderStatus.PARTIAL_FILLED,
                                "filled 0, open 0, canceled 0, rejected",
                                OrderStatus.CANCELED,
                                4,
                                4));
    }

    @Test
    void a_row_without_shares_is_not_refused() {
        OrderId id = day.placeSent("k1", 101);
        assertThat(receiveList(row(101, row -> row.qty = 0)))
                .containsExactly(
                        new OrderEvent.Canceled(id, 10, "canceled"),
                        corrected(id, OrderStatus.SENT, "filled 0, open 0, canceled 0", OrderStatus.CANCELED, 0, 0));
    }

    private OrderId modified(long odno, long price) {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, price);
        sendTaken(id, 2, odno, "100001");
        return id;
    }

    @Test
    void a_modification_that_only_the_list_shows_as_refused_is_revoked() {
        OrderId id = modified(105, 70_500);
        assertThat(receiveList(row(101), modification(105, 101, 70_500, row -> row.rejected = 10)))
                .containsExactly(new OrderEvent.BrokerRefused(id, 2, "EXCHANGE", "the broker lists it as refused"));
        assertThat(day.takeAlerts()).isEmpty();
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(101);
        assertThat(day.order(id).terms().price()).hasValue(70_000);
    }

    @Test
    void a_modification_that_another_one_replaced_is_not_revoked() {
        OrderId id = modified(105, 70_500);
        assertThat(day.submit(ticket -> new OrderInput.Modify(
                        ticket,
                        id,
                        OptionalLong.empty(),
                        OptionalLong.of(71_000),
                        Optional.empty(),
                        "local/A1",
                        Optional.of("second"),
                        TradingDayFixture.emptyContext(),
                        Optional.empty(),
                        Optional.empty())))
                .isInstanceOf(Answer.Accepted.class);
        sendTaken(id, 3, 107, "100001");
        assertThat(receiveList(
                        emptied(101),
                        modification(105, 101, 70_500, row -> row.rejected = 10),
                        modification(107, 105, 71_000)))
                .isEmpty();
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(107);
    }

    @Test
    void a_modification_of_an_ended_order_is_not_revoked() {
        OrderId id = modified(105, 70_500);
        assertThat(receiveListAt(END, emptied(101), modification(105, 101, 70_500)))
                .containsExactly(
                        new OrderEvent.Expired(id, "SESSION_END"),
                        corrected(id, OrderStatus.SENT, "filled 0, open 10, canceled 0", OrderStatus.EXPIRED, 0, 0));
        assertThat(receiveListAt(
                        END.plusSeconds(1), emptied(101), modification(105, 101, 70_500, row -> row.rejected = 10)))
                .isEmpty();
    }

    @Test
    void a_modification_revoked_by_the_exchange_is_not_followed_on_an_older_list() {
        OrderId id = modified(105, 70_500);
        day.receiveNotice(Notice.Kind.REJECTED, 105, 101, 10, 70_500);
        assertThat(receiveList(row(101), modification(105, 101, 70_500))).isEmpty();
        assertThat(day.takeAlerts()).isEmpty();
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(101);
    }

    private OrderId cancelTaken() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        sendTaken(id, 2, 102, "100001");
        return id;
    }

    private static BrokerOrder cancelRow(long canceled, long rejected) {
        return row(102, row -> {
            row.kind = BrokerOrder.Kind.CANCEL;
            row.original = 101;
            row.canceled = canceled;
            row.rejected = rejected;
        });
    }

    @Test
    void a_cancel_that_the_list_shows_as_refused_ends() {
        OrderId id = cancelTaken();
        assertThat(receiveList(row(101), cancelRow(0, 10)))
                .containsExactly(
                        new OrderEvent.BrokerRefused(id, 2, "EXCHANGE", "the broker lists it as refused"),
                        corrected(
                                id,
                                OrderStatus.CANCEL_PENDING,
                                "filled 0, open 10, canceled 0",
                                OrderStatus.SENT,
                                0,
                                0));
    }

    @Test
    void a_cancel_that_is_pending_or_was_carried_out_in_part_is_not_refused() {
        OrderId id = cancelTaken();
        assertThat(receiveList(row(101), cancelRow(0, 0))).isEmpty();
        assertThat(receiveList(row(101, row -> row.canceled = 6), cancelRow(6, 4)))
                .containsExactly(new OrderEvent.Reduced(id, 0, 101, 6));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
    }

    // ---- modifications made elsewhere ----

    @Test
    void a_price_changed_elsewhere_is_followed_and_reported_once() {
        OrderId id = day.placeSent("k1", 101);
        assertThat(receiveList(emptied(101), modification(130, 101, 69_000, row -> row.fill(4))))
                .containsExactly(
                        modifiedOutside(id, 130, 10, 69_000, "100001"),
                        filledByQuery(id, 1, 130, 4, 276_000),
                        corrected(
                                id,
                                OrderStatus.SENT,
                                "filled 4, open 6, canceled 0",
                                OrderStatus.PARTIAL_FILLED,
                                0,
                                4));
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P2, AlertEvent.MODIFIED_OUTSIDE, id, "it was modified elsewhere and rests as 130 now"));
    }

    @Test
    void another_price_changed_elsewhere_is_not_taken_for_a_modification_in_doubt() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        sendInDoubt(id, 2, OrderEffect.SendModify.class);
        assertThat(receiveList(emptied(101), modification(130, 101, 69_000)))
                .containsExactly(modifiedOutside(id, 130, 10, 69_000, "100001"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
    }

    @Test
    void a_change_to_a_market_order_elsewhere_is_not_taken_for_a_partial_cancel_in_doubt() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 0);
        sendInDoubt(id, 2, OrderEffect.SendCancel.class);
        BrokerOrder unpriced = modification(130, 101, 0, row -> row.orderKind = Optional.of(OrderKind.MARKET));
        assertThat(receiveList(emptied(101), unpriced)).containsExactly(modifiedOutside(id, 130, 10, 0, "100001"));
    }

    @Test
    void a_part_re_priced_elsewhere_is_reported_and_only_the_rest_is_followed() {
        OrderId id = day.placeSent("k1", 101);
        assertThat(receiveList(row(101, row -> row.canceled = 4), modification(130, 101, 69_000, row -> row.qty = 4)))
                .containsExactly(new OrderEvent.Reduced(id, 0, 101, 4));
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P1,
                        AlertEvent.PARTLY_MODIFIED_OUTSIDE,
                        id,
                        "part of it was re-priced elsewhere as 130; the gateway follows only the rest"));
    }

    @Test
    void a_refused_modification_made_elsewhere_is_undone_for_all_shares_that_are_left() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 3, 70_000, 100_001);
        BrokerOrder replaced = row(101, row -> {
            row.fill(3);
            row.canceled = 7;
        });
        receiveList(replaced, modification(130, 101, 70_500, row -> row.qty = 7));
        BrokerOrder refused = modification(130, 101, 70_500, row -> {
            row.qty = 7;
            row.rejected = 7;
        });
        assertThat(receiveList(row(101, row -> row.fill(3)), refused))
                .containsExactly(modifiedOutside(id, 101, 7, 70_000, "100001"));
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P2,
                        AlertEvent.MODIFIED_OUTSIDE,
                        id,
                        "the exchange refused the modification made elsewhere; it is 101 again"));
    }

    private OrderId apparentlyCancelled() {
        OrderId id = day.placeSent("k1", 101);
        assertThat(receiveList(emptied(101)))
                .containsExactly(
                        new OrderEvent.Canceled(id, 10, "canceled"),
                        corrected(id, OrderStatus.SENT, "filled 0, open 0, canceled 10", OrderStatus.CANCELED, 0, 0));
        return id;
    }

    @Test
    void an_apparent_end_that_was_a_modification_reopens_the_order_with_its_earlier_fills() {
        OrderId id = apparentlyCancelled();
        BrokerOrder replaced = row(101, row -> {
            row.fill(3);
            row.canceled = 7;
        });
        assertThat(receiveList(replaced, modification(130, 101, 69_000, row -> row.qty = 7)))
                .containsExactly(filledByQuery(id, 1, 101, 3, 210_000), modifiedOutside(id, 130, 7, 69_000, "100001"));
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P1,
                        AlertEvent.MODIFIED_OUTSIDE,
                        id,
                        "its apparent end was a modification; it is 130 and open again"));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(10L, order -> order.terms().qty())
                .returns(7L, Order::remaining);
    }

    @Test
    void a_modification_of_another_symbol_reopens_nothing() {
        OrderId id = apparentlyCancelled();
        assertThat(receiveList(emptied(101), modification(130, 101, 69_000, row -> row.symbol = HYNIX)))
                .isEmpty();
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P1,
                        AlertEvent.NUMBER_OF_ANOTHER,
                        id,
                        "KIS reports BUY 000660 under 130, which is BUY 005930 here; nothing was changed"));
    }

    @Test
    void a_modification_of_an_earlier_number_reopens_nothing() {
        OrderId id = modified(105, 70_500);
        BrokerOrder removed = modification(105, 101, 70_500, row -> row.canceled = 10);
        receiveList(emptied(101), removed);
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        assertThat(receiveList(emptied(101), removed, modification(140, 101, 69_000)))
                .isEmpty();
        assertThat(day.takeAlerts()).isEmpty();
    }

    // ---- removals ----

    private OrderId partialCancelTaken() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 0);
        sendTaken(id, 2, 102, "100001");
        return id;
    }

    @Test
    void an_own_partial_cancel_is_done_when_its_shares_are_removed() {
        OrderId id = partialCancelTaken();
        assertThat(receiveList(row(101, row -> row.canceled = 4)))
                .containsExactly(
                        new OrderEvent.Reduced(id, 2, 101, 4),
                        corrected(
                                id,
                                OrderStatus.MODIFY_PENDING,
                                "filled 0, open 6, canceled 4",
                                OrderStatus.SENT,
                                0,
                                0));
    }

    @Test
    void an_own_partial_cancel_removes_no_more_than_requested_and_the_rest_is_cancelled() {
        OrderId id = partialCancelTaken();
        assertThat(receiveList(emptied(101)))
                .containsExactly(
                        new OrderEvent.Reduced(id, 2, 101, 4),
                        new OrderEvent.Canceled(id, 6, "canceled"),
                        corrected(
                                id,
                                OrderStatus.MODIFY_PENDING,
                                "filled 0, open 0, canceled 10",
                                OrderStatus.CANCELED,
                                0,
                                0));
    }

    @Test
    void an_own_partial_cancel_beside_fills_of_the_rest_fills_the_order() {
        OrderId id = partialCancelTaken();
        assertThat(receiveList(row(101, row -> {
                    row.fill(6);
                    row.canceled = 4;
                })))
                .containsExactly(
                        filledByQuery(id, 1, 101, 6, 420_000),
                        new OrderEvent.Reduced(id, 2, 101, 4),
                        corrected(
                                id,
                                OrderStatus.MODIFY_PENDING,
                                "filled 6, open 0, canceled 4",
                                OrderStatus.FILLED,
                                0,
                                6));
    }

    @Test
    void shares_removed_before_a_partial_cancel_was_sent_are_not_its_effect() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 0);
        assertThat(receiveList(row(101, row -> row.canceled = 4)))
                .containsExactly(new OrderEvent.Reduced(id, 0, 101, 4));
        assertThat(day.order(id).request(2).state()).isEqualTo(BrokerRequest.State.PLANNED);
    }

    @Test
    void an_order_removed_before_its_modification_was_sent_is_cancelled() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        assertThat(receiveList(emptied(101))).contains(new OrderEvent.Canceled(id, 10, "canceled"));
    }

    @Test
    void an_order_emptied_while_its_modification_is_in_doubt_is_cancelled_after_a_minute() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        sendInDoubt(id, 2, OrderEffect.SendModify.class);
        assertThat(receiveListAfter(Duration.ofSeconds(60).minusMillis(1), emptied(101)))
                .isEmpty();
        assertThat(receiveListAfter(Duration.ofSeconds(60), emptied(101)))
                .containsExactly(
                        new OrderEvent.Canceled(id, 10, "canceled"),
                        corrected(
                                id,
                                OrderStatus.MODIFY_PENDING,
                                "filled 0, open 0, canceled 10",
                                OrderStatus.CANCELED,
                                0,
                                0));
    }

    // ---- changes without effect ----

    @Test
    void
            a_cancel_in_doubt_is_repeated_after_a_list_of_over_a_second_later_reported_at_the_third_attempt_and_given_up_after_thirty() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        var repeated = new OrderEvent.SendNotTaken(id, 2, "NOT_EFFECTIVE", "the order still rests at the broker");
        for (int attempt = 1; attempt < 30; attempt++) {
            sendInDoubt(id, 2, OrderEffect.SendCancel.class);
            Instant sentAt = day.now;
            assertThat(receiveListAt(sentAt.plusSeconds(1), row(101))).isEmpty();
            assertThat(receiveListAt(sentAt.plusMillis(1_001), row(101))).containsExactly(repeated);
            if (attempt == 3) {
                assertThat(day.takeAlerts())
                        .containsExactly(alert(
                                Level.P1,
                                AlertEvent.CANCEL_FAILED,
                                id,
                                "its cancel had no effect; it is sent again, 30 times in all"));
            } else {
                assertThat(day.takeAlerts()).isEmpty();
            }
        }
        sendInDoubt(id, 2, OrderEffect.SendCancel.class);
        assertThat(receiveListAt(day.now.plusMillis(1_001), row(101)))
                .containsExactly(
                        repeated,
                        new OrderEvent.BrokerRefused(id, 2, "RETRY_EXHAUSTED", "the order still rests at the broker"),
                        corrected(
                                id,
                                OrderStatus.CANCEL_PENDING,
                                "filled 0, open 10, canceled 0",
                                OrderStatus.SENT,
                                0,
                                0));
        assertThat(day.takeAlerts())
                .containsExactly(
                        alert(Level.P1, AlertEvent.CANCEL_FAILED, id, "its cancel had no effect and is not retried"));
    }

    @Test
    void a_cancel_that_is_answered_late_is_not_repeated() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        sendInDoubt(id, 2, OrderEffect.SendCancel.class);
        BrokerOrder reduced = row(101, row -> row.canceled = 4);
        assertThat(receiveListAfter(Duration.ofSeconds(2), reduced))
                .containsExactly(new OrderEvent.Reduced(id, 0, 101, 4));
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100000"));
        assertThat(receiveListAfter(Duration.ofSeconds(4), reduced)).isEmpty();
    }

    @Test
    void a_cancel_in_doubt_is_not_repeated_when_nothing_rests() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        sendInDoubt(id, 2, OrderEffect.SendModify.class);
        day.cancel(id);
        assertThat(receiveListAfter(Duration.ofSeconds(2), row(101))).isEmpty();
        sendInDoubt(id, 3, OrderEffect.SendCancel.class);
        assertThat(receiveListAfter(Duration.ofSeconds(4), emptied(101)))
                .as("a modification in doubt may have replaced it")
                .isEmpty();
    }

    @Test
    void a_modification_without_a_trace_on_a_list_of_a_minute_later_is_given_up() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        sendInDoubt(id, 2, OrderEffect.SendModify.class);
        assertThat(receiveListAfter(Duration.ofSeconds(60).minusMillis(1), row(101)))
                .isEmpty();
        BrokerOrder impossible = row(101, row -> row.filled = 10); // nothing rests, and nothing can be counted
        assertThat(receiveListAfter(Duration.ofSeconds(60), impossible)).isEmpty();
        assertThat(receiveListAfter(Duration.ofSeconds(60), row(101)))
                .containsExactly(
                        new OrderEvent.BrokerRefused(
                                id, 2, "NOT_FOUND_AT_BROKER", "a minute later the order rests as before"),
                        corrected(
                                id,
                                OrderStatus.MODIFY_PENDING,
                                "filled 0, open 10, canceled 0",
                                OrderStatus.SENT,
                                0,
                                0));
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P2, AlertEvent.MODIFICATION_NOT_FOUND, id, "it never reached KIS; the old terms apply"));
    }

    @Test
    void a_modification_in_doubt_stays_while_a_part_is_re_priced_elsewhere() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        sendInDoubt(id, 2, OrderEffect.SendModify.class);
        BrokerOrder reduced = row(101, row -> row.canceled = 4);
        BrokerOrder part = modification(130, 101, 69_000, row -> row.qty = 4);
        assertThat(receiveList(reduced, part)).containsExactly(new OrderEvent.Reduced(id, 0, 101, 4));
        assertThat(receiveListAfter(Duration.ofSeconds(60), reduced, part)).isEmpty();
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_accepted_cancel_without_effect_on_a_list_of_a_minute_later_ends(boolean partial) {
        OrderId id = partial ? partialCancelTaken() : cancelTaken();
        OrderStatus pending = day.status(id);
        assertThat(receiveListAfter(Duration.ofSeconds(60).minusMillis(1), row(101)))
                .isEmpty();
        BrokerOrder impossible = row(101, row -> row.filled = 10); // nothing rests, and nothing can be counted
        assertThat(receiveListAfter(Duration.ofSeconds(60), impossible)).isEmpty();
        assertThat(receiveListAfter(Duration.ofSeconds(60), row(101)))
                .containsExactly(
                        new OrderEvent.BrokerRefused(
                                id, 2, "NOT_EFFECTIVE", "KIS accepted it and a minute later the order still rests"),
                        corrected(id, pending, "filled 0, open 10, canceled 0", OrderStatus.SENT, 0, 0));
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P1,
                        AlertEvent.CANCEL_WITHOUT_EFFECT,
                        id,
                        "KIS accepted its cancel and a minute later it still rests; check at the broker and cancel it"
                                + " again"));
    }

    // ---- the end of the session ----

    /** An order of which 3 are filled, ended by a clock that was ahead; then that was corrected and the gateway restarted. */
    private OrderId endedByFastClock() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 3, 70_000, 100_001);
        assertThat(receiveListAt(END, row(101, row -> row.fill(3))))
                .containsExactly(
                        new OrderEvent.Expired(id, "SESSION_END"),
                        corrected(
                                id,
                                OrderStatus.PARTIAL_FILLED,
                                "filled 3, open 7, canceled 0",
                                OrderStatus.EXPIRED,
                                3,
                                3));
        day.now = TradingDayFixture.MORNING.plusSeconds(10);
        day.crash();
        return id;
    }

    @Test
    void an_order_ended_by_a_fast_clock_reopens_with_the_shares_that_rest() {
        OrderId id = endedByFastClock();
        assertThat(receiveList(row(101, row -> row.fill(3))))
                .containsExactly(
                        modifiedOutside(id, 101, 7, 70_000, "100000"),
                        corrected(
                                id,
                                OrderStatus.EXPIRED,
                                "filled 3, open 7, canceled 0",
                                OrderStatus.PARTIAL_FILLED,
                                3,
                                3));
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P1,
                        AlertEvent.ENDED_TOO_EARLY,
                        id,
                        "a fast clock ended it with the session, but it rests at the broker; it is open again"));
    }

    @Test
    void an_order_ended_by_a_fast_clock_stays_ended_when_nothing_of_it_rests() {
        endedByFastClock();
        assertThat(receiveList(row(101, row -> {
                    row.fill(3);
                    row.canceled = 7;
                })))
                .isEmpty();
        assertThat(day.takeAlerts()).isEmpty();
    }

    @Test
    void an_accepted_order_missing_from_the_list_of_a_minute_after_the_end_of_its_day_expires() {
        OrderId id = day.placeSent("k1", 101);
        assertThat(receiveListAt(END.plusSeconds(60).minusMillis(1))).isEmpty();
        assertThat(receiveListAt(END.plusSeconds(60)))
                .containsExactly(
                        new OrderEvent.Expired(id, "SESSION_END"),
                        corrected(id, OrderStatus.SENT, "not listed", OrderStatus.EXPIRED, 0, 0));
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P1,
                        AlertEvent.ORDER_NOT_LISTED,
                        id,
                        "KIS accepted it and its list of the day does not contain it"));
    }

    @Test
    void shares_that_the_complete_list_of_the_day_does_not_have_are_reported() {
        OrderId more = day.placeSent("k1", 101);
        day.receiveFill(101, 10, 70_000, 100_001);
        OrderId equal = day.placeSent("k2", 102);
        day.receiveFill(102, 10, 70_000, 100_002);
        OrderId unlisted = day.placeSent("k3", 103);
        day.receiveFill(103, 10, 70_000, 100_003);
        BrokerOrder[] rows = {
            row(101, row -> {
                row.fill(7);
                row.canceled = 3;
            }),
            row(102, row -> row.fill(10))
        };
        assertThat(receiveListAt(END.plusSeconds(60), rows)).isEmpty();
        assertThat(day.takeAlerts())
                .containsExactlyInAnyOrder(
                        alert(
                                Level.P1,
                                AlertEvent.LIST_CONTRADICTS,
                                more,
                                "10 shares are recorded under 101 and the broker's list of " + TODAY
                                        + " has 7 at its end; nothing was changed"),
                        alert(
                                Level.P1,
                                AlertEvent.LIST_CONTRADICTS,
                                unlisted,
                                "10 shares are recorded under 103 and the broker's list of " + TODAY
                                        + " has 0 at its end; nothing was changed"));
        assertThat(day.shown.get(equal).filled()).isEqualTo(10);
    }

    @Test
    void shares_that_were_neither_filled_nor_cancelled_by_the_complete_list_of_the_day_are_reported() {
        OrderId id = cancelTaken();
        day.receiveNotice(Notice.Kind.CANCEL_CONFIRMED, 102, 101, 6, 0);
        assertThat(receiveListAt(END.plusSeconds(60), row(101, row -> row.canceled = 6)))
                .isEmpty();
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P1,
                        AlertEvent.LIST_CONTRADICTS,
                        id,
                        "of 10 shares 0 were filled and 6 cancelled, and the broker's list of " + TODAY
                                + " shows no more at its end; nothing was changed"));
    }

    // ---- rows of no recorded order ----

    private OrderId closedAsNotFound() {
        OrderId id = inDoubt("k1");
        receiveList();
        day.resolve(id, new OrderInput.Decision.NotAtBroker());
        return id;
    }

    @Test
    void an_order_closed_as_not_found_reopens_under_the_number_that_appears() {
        OrderId id = closedAsNotFound();
        day.on(new OrderInput.Reconcile(77));
        assertThat(receiveList(row(201, row -> row.fill(3))))
                .containsExactly(
                        new OrderEvent.LateAcceptance(id, 1, "06010", 201, "100000"),
                        filledByQuery(id, 1, 201, 3, 210_000),
                        corrected(
                                id,
                                OrderStatus.SENT,
                                "filled 3, open 7, canceled 0",
                                OrderStatus.PARTIAL_FILLED,
                                0,
                                3));
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P1,
                        AlertEvent.LATE_ACCEPTANCE,
                        id,
                        "it was closed as not found and is at the broker as 201; it is open again"));
        String listed = "filled 3, open 7, canceled 0";
        assertThat(((Answer.Reconciled) day.answers.get(77L)).corrections())
                .containsExactly(
                        new Correction(id, OrderStatus.REJECTED, listed, OrderStatus.SENT, day.now),
                        new Correction(id, OrderStatus.SENT, listed, OrderStatus.PARTIAL_FILLED, day.now));
    }

    @Test
    void two_rows_of_an_order_closed_as_not_found_are_reported_and_not_adopted() {
        OrderId id = closedAsNotFound();
        assertThat(receiveList(row(201), row(202))).isEmpty();
        assertThat(day.takeAlerts())
                .containsExactly(alert(
                        Level.P1,
                        AlertEvent.ORDER_UNRESOLVED,
                        id,
                        "it was closed as not found, and 2 orders at the broker could be it (0000000201, 0000000202);"
                                + " check at the broker, the gateway neither cancels nor counts them"));
    }

    @ParameterizedTest
    @CsvSource({"LIMIT, 70000, LIMIT, 70000", ", 70000, LIMIT, 70000", ", 0, MARKET, 0", "MARKET, 70000, MARKET, 0"})
    void an_order_placed_elsewhere_is_adopted_with_the_terms_of_its_row(
            String listedKind, long listedPrice, String kind, long price) {
        Instant placed = Instant.parse("2026-11-20T00:59:07Z");
        Terms terms = new Terms(
                "A1",
                HYNIX,
                Side.SELL,
                5,
                kind.equals("LIMIT") ? OrderKind.LIMIT : OrderKind.MARKET,
                price == 0 ? OptionalLong.empty() : OptionalLong.of(price),
                Venue.KRX,
                Optional.empty(),
                placed);
        OrderId id = OrderId.forAdopted(placed, "A1", DATE, 300);
        List<OrderEvent> events = receiveList(row(300, row -> {
            row.symbol = HYNIX;
            row.side = Side.SELL;
            row.qty = 5;
            row.orderKind =
                    Optional.ofNullable(listedKind).map(it -> it.equals("LIMIT") ? OrderKind.LIMIT : OrderKind.MARKET);
            row.price = listedPrice;
            row.venue = Optional.empty();
            row.time = 95_907;
        }));
        assertThat(events).containsExactly(new OrderEvent.Adopted(id, terms, DATE, "06010", 300, "095907"));
        assertThat(day.takeAlerts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "100000, 0, 95955, true",
        "100000, 0, 95954, false",
        "100010, 0, 100005, true",
        "100010, 0, 100004, false",
        "100000, 6, 100011, true",
        "100000, 6, 100012, false",
        "100010, 6, 100021, true",
        "100010, 6, 100022, false"
    })
    void an_equal_order_placed_while_one_waited_unsent_is_reported(
            String brokerTime, int secondsToEnd, int listedAt, boolean reported) {
        placeTaken(day.limit(Side.BUY, 11, 70_000), "k0", 50, brokerTime);
        OrderId id = day.buy("k1");
        if (secondsToEnd > 0) {
            day.advance(Duration.ofSeconds(secondsToEnd));
            assertThat(day.status(id)).isEqualTo(OrderStatus.EXPIRED);
        }
        receiveList(row(101, row -> row.time = listedAt));
        OrderId external = day.shown.values().stream()
                .filter(Order::external)
                .map(Order::id)
                .findFirst()
                .orElseThrow();
        String message = "according to the journal it was never sent, and the broker lists 0000000101 with the same"
                + " terms, placed at %06d".formatted(listedAt)
                + ". Unless another program placed that, the journal lost records and it is this order: check at the"
                + " broker, and do not place it again before. It is followed and can be cancelled as external order "
                + external;
        List<OrderEffect.Alert> expected =
                reported ? List.of(alert(Level.P1, AlertEvent.UNSENT_ORDER_LISTED, id, message)) : List.of();
        assertThat(day.takeAlerts()).isEqualTo(expected);
    }
}
