package kr.kisgateway.simulator.broker;

import static kr.kisgateway.simulator.broker.TwoTraders.SAMSUNG;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import kr.kisgateway.gateway.kis.rest.KisOrderForm;
import kr.kisgateway.gateway.order.OrderHours;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivision;
import kr.kisgateway.wire.OrderDivisions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every combination of type, session, time in force and venue, on a day before and one since the after-market: the gateway's table of
 * order divisions and the simulator's rules agree with a third, this test's, on what is taken when and how long it rests.
 */
@Tag("slow")
class EveryOrderKindTest {
    private static final LocalDate SINCE = KoreanOrderKind.SINCE;
    private static final List<LocalDate> DAYS = List.of(KoreanOrderKind.BEFORE, SINCE);
    private static final List<Venue> KOREAN_VENUES = List.of(Venue.KRX, Venue.NXT, Venue.SOR);

    private static final String ACCEPTED = "APBK0013";
    private static final String ACCEPTED_IN_PAPER = "40600000";

    /** The end of the last session of any venue. */
    private static final String LAST_END = "20:00";

    /** A stock of KONEX at its last close. */
    private static final KoreanOrders.Stock KONEX = new KoreanOrders.Stock("059180", 4_835, 4_840);

    /** One instant in each phase of either venue, and some around the changes. */
    private static final List<String> TIMES = List.of(
            "07:59:59",
            "08:00:01",
            "08:29:59",
            "08:31:00",
            "08:39:59",
            "08:41:00",
            "08:49:59",
            "08:51:00",
            "08:58:00",
            "09:00:45",
            "11:00:00",
            "15:19:59",
            "15:21:00",
            "15:29:59",
            "15:31:00",
            "15:39:59",
            "15:41:00",
            "15:59:59",
            "16:01:00",
            "17:05:00",
            "17:59:59",
            "18:01:00",
            "19:59:59",
            "20:00:01");

    private static final OrderDivisions DIVISIONS = OrderDivisions.load();
    private static final KisOrderForm FORM = new KisOrderForm(DIVISIONS, false);
    private static final KisOrderForm PAPER_FORM = new KisOrderForm(DIVISIONS, true);
    private static final OrderHours HOURS = new OrderHours(FORM, new KrxCalendar());

    @TestFactory
    Stream<DynamicTest> gateway_and_simulator_take_what_the_table_says_at_any_time() {
        return everyTime((day, time) -> {
            var broker = TwoTraders.at(day + "T" + time);
            var disagreements = new ArrayList<String>();
            for (String code : KoreanOrderKind.codes()) {
                for (Venue venue : KOREAN_VENUES) {
                    if (DIVISIONS.isUnsure(code, venue)) {
                        continue;
                    }
                    var kinds = KoreanOrderKind.on(day, code, venue);
                    for (KoreanOrderKind it : kinds) {
                        boolean open = HOURS.window(terms(it), broker.now).isOpen();
                        if (open != it.isTakenAt(time)) {
                            disagreements.add(it + ": the gateway says " + open);
                        }
                    }
                    boolean taken = kinds.stream().anyMatch(it -> it.isTakenAt(time));
                    String answered = place(broker, code, venue).text("msg_cd");
                    if (answered.equals(ACCEPTED) != taken) {
                        disagreements.add(code + " on " + venue + ": the simulator answers " + answered);
                    }
                }
            }
            assertThat(disagreements).isEmpty();
        });
    }

    @Test
    void the_gateway_has_each_kind_under_its_code_and_no_other() {
        for (LocalDate day : DAYS) {
            for (OrderKind kind : kinds()) {
                for (Venue venue : KOREAN_VENUES) {
                    var expected = KoreanOrderKind.on(day).stream()
                            .filter(it -> it.kind().equals(kind) && it.venue() == venue)
                            .toList();
                    var found = DIVISIONS.find(kind, venue, day);
                    assertThat(found.map(OrderDivision::code).stream().toList())
                            .as("%s: %s on %s", day, kind, venue)
                            .isEqualTo(
                                    expected.stream().map(KoreanOrderKind::code).toList());
                    found.ifPresent(it -> assertThat(it.sharesOnly())
                            .as("%s: %s on %s", day, kind, venue)
                            .isEqualTo(expected.getFirst().sharesOnly()));
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> paper_trading_takes_its_few_kinds_at_their_times() {
        return everyTime((day, time) -> {
            var broker = TestBroker.paperAt(day + "T" + time);
            var disagreements = new ArrayList<String>();
            for (String code : KoreanOrderKind.codes()) {
                for (Venue venue : KOREAN_VENUES) {
                    var kinds = KoreanOrderKind.on(day, code, venue);
                    boolean exists = venue == Venue.KRX && KoreanOrderKind.IN_PAPER.contains(code);
                    for (KoreanOrderKind it : kinds) {
                        if (PAPER_FORM.refusal(Side.BUY, it.kind(), venue, day).isEmpty() != exists) {
                            disagreements.add(it + ": the gateway says " + !exists);
                        }
                    }
                    boolean taken = exists && kinds.stream().anyMatch(it -> it.isTakenAt(time));
                    String answered = place(broker, code, venue).text("msg_cd");
                    if (answered.equals(ACCEPTED_IN_PAPER) != taken) {
                        disagreements.add(code + " on " + venue + ": the simulator answers " + answered);
                    }
                }
            }
            assertThat(disagreements).isEmpty();
        });
    }

    @TestFactory
    Stream<DynamicTest> a_stock_of_konex_has_neither_after_market_nor_nxt() {
        return everyTime((day, time) -> {
            var broker = TestBroker.at(day + "T" + time, 0);
            var disagreements = new ArrayList<String>();
            for (String code : KoreanOrderKind.codes()) {
                for (Venue venue : List.of(Venue.KRX, Venue.NXT)) {
                    boolean taken = venue == Venue.KRX
                            && KoreanOrderKind.on(day, code, venue).stream()
                                    .anyMatch(it -> !it.sharesOnly() && it.isTakenAt(time));
                    String answered = KoreanOrders.place(broker, KONEX, code, type(code), venue, 1)
                            .text("msg_cd");
                    if (answered.equals(ACCEPTED) != taken) {
                        disagreements.add(code + " on " + venue + ": the simulator answers " + answered);
                    }
                }
            }
            assertThat(disagreements).isEmpty();
        });
    }

    @TestFactory
    Stream<DynamicTest> an_order_rests_until_the_end_that_the_table_says_and_no_longer() {
        return DAYS.stream()
                .flatMap(day -> KoreanOrderKind.on(day).stream()
                        .filter(it -> it.kind().timeInForce() == TimeInForce.DAY)
                        .flatMap(it -> it.taken().stream()
                                .map(hours -> hours.from().plusSeconds(45))
                                .map(time -> DynamicTest.dynamicTest(
                                        day + " " + it + " of " + time, () -> restsUntilItsEnd(day, it, time)))));
    }

    private static void restsUntilItsEnd(LocalDate day, KoreanOrderKind it, LocalTime time) {
        LocalTime end = it.endOf(time);
        assertThat(isOpenAt(day, it, time, end.minusSeconds(31)))
                .as("before %s", end)
                .isTrue();
        assertThat(isOpenAt(day, it, time, end.plusSeconds(31)))
                .as("after %s: an auction may last 30 s", end)
                .isFalse();
        assertThat(HOURS.endOf(terms(it), day))
                .as("the gateway's end, at which it certainly no longer rests")
                .isBetween(
                        TestBroker.kst(day + "T" + end),
                        TestBroker.kst(day + "T" + (it.venue() == Venue.SOR ? LAST_END : end.plusMinutes(1))));
    }

    @Test
    void a_combination_that_does_not_exist_is_refused_with_others_that_do() {
        int refused = 0;
        for (LocalDate day : DAYS) {
            for (OrderKind kind : kinds()) {
                for (Venue venue : KOREAN_VENUES) {
                    boolean exists = DIVISIONS.find(kind, venue, day).isPresent();
                    var refusal = FORM.refusal(Side.BUY, kind, venue, day);
                    assertThat(refusal.isEmpty()).as("%s on %s", kind, venue).isEqualTo(exists);
                    if (exists) {
                        continue;
                    }
                    refused++;
                    var details = refusal.orElseThrow().details();
                    assertThat(details.get("field")).isIn("order_type", "session", "time_in_force", "venue");
                    if (details.get("allowed") instanceof List<?> allowed) {
                        assertThat(allowed)
                                .isNotEmpty()
                                .allSatisfy(value -> assertThat(changed(
                                                kind,
                                                venue,
                                                String.valueOf(details.get("field")),
                                                String.valueOf(value)))
                                        .satisfies(other -> assertThat(
                                                        FORM.refusal(Side.BUY, other.kind(), other.venue(), day))
                                                .isEmpty()));
                    }
                    var nearest = (List<?>) details.get("nearest");
                    assertThat(nearest)
                            .hasSize(3)
                            .allSatisfy(it -> assertThat(it)
                                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.map(
                                            String.class, String.class))
                                    .satisfies(fields -> assertThat(FORM.refusal(
                                                    Side.BUY,
                                                    new OrderKind(
                                                            OrderType.valueOf(fields.get("order_type")),
                                                            OrderSession.valueOf(fields.get("session")),
                                                            TimeInForce.valueOf(fields.get("time_in_force"))),
                                                    Venue.valueOf(fields.get("venue")),
                                                    day))
                                            .isEmpty()));
                }
            }
        }
        assertThat(refused).isGreaterThan(600);
    }

    private record Place(OrderKind kind, Venue venue) {}

    private static Place changed(OrderKind kind, Venue venue, String field, String value) {
        return switch (field) {
            case "order_type" ->
                new Place(new OrderKind(OrderType.valueOf(value), kind.session(), kind.timeInForce()), venue);
            case "session" ->
                new Place(new OrderKind(kind.type(), OrderSession.valueOf(value), kind.timeInForce()), venue);
            case "time_in_force" ->
                new Place(new OrderKind(kind.type(), kind.session(), TimeInForce.valueOf(value)), venue);
            default -> new Place(kind, Venue.valueOf(value));
        };
    }

    @Test
    void us_stocks_have_limits_for_sessions_the_open_and_the_close_and_market_orders_for_sales_alone() {
        for (OrderKind kind : kinds()) {
            boolean limit = kind.type() == OrderType.LIMIT
                    && (kind.session() == OrderSession.REGULAR || kind.session() == OrderSession.DAY_MARKET);
            boolean timed = Set.of(OrderType.LOO, OrderType.LOC, OrderType.MOO, OrderType.MOC)
                            .contains(kind.type())
                    && kind.session() == OrderSession.REGULAR;
            boolean sold = (limit || timed) && kind.timeInForce() == TimeInForce.DAY;
            boolean bought = sold && kind.type() != OrderType.MOO && kind.type() != OrderType.MOC;
            for (Venue venue : List.of(Venue.NASD, Venue.NYSE, Venue.AMEX)) {
                assertThat(FORM.refusal(Side.SELL, kind, venue, SINCE).isEmpty())
                        .as("sale: %s", kind)
                        .isEqualTo(sold);
                assertThat(FORM.refusal(Side.BUY, kind, venue, SINCE).isEmpty())
                        .as("purchase: %s", kind)
                        .isEqualTo(bought);
            }
        }
        assertThat(FORM.refusal(Side.BUY, OrderKind.regular(OrderType.MOC), Venue.NASD, SINCE)
                        .orElseThrow()
                        .message())
                .contains("KIS has no MOC BUY order on NASD")
                .contains("LIMIT of DAY_MARKET");
        assertThat(PAPER_FORM.refusal(Side.BUY, OrderKind.LIMIT, Venue.NASD, SINCE))
                .isEmpty();
        assertThat(PAPER_FORM.refusal(Side.BUY, OrderKind.regular(OrderType.LOC), Venue.NASD, SINCE))
                .isPresent();
    }

    @Test
    void paper_trading_has_a_few_kinds_on_krx_only() {
        assertThat(PAPER_FORM.refusal(Side.BUY, OrderKind.LIMIT, Venue.KRX, SINCE))
                .isEmpty();
        assertThat(PAPER_FORM.refusal(Side.BUY, OrderKind.LIMIT, Venue.NXT, SINCE))
                .isPresent();
        var refusal = PAPER_FORM
                .refusal(
                        Side.BUY,
                        new OrderKind(OrderType.LIMIT, OrderSession.REGULAR, TimeInForce.IOC),
                        Venue.KRX,
                        SINCE)
                .orElseThrow();
        assertThat(refusal.message()).contains("paper trading has no LIMIT IOC order on KRX");
        assertThat(refusal.details().get("nearest").toString())
                .contains("LIMIT")
                .doesNotContain("NXT");
    }

    private static List<OrderKind> kinds() {
        return Stream.of(OrderType.values())
                .flatMap(type -> Stream.of(OrderSession.values())
                        .flatMap(session -> Stream.of(TimeInForce.values())
                                .map(validity -> new OrderKind(type, session, validity))))
                .toList();
    }

    private static Stream<DynamicTest> everyTime(BiConsumer<LocalDate, LocalTime> check) {
        return DAYS.stream()
                .flatMap(day -> TIMES.stream()
                        .map(LocalTime::parse)
                        .map(time -> DynamicTest.dynamicTest(day + " " + time, () -> check.accept(day, time))));
    }

    private static Terms terms(KoreanOrderKind it) {
        return new Terms(
                "A1",
                new Symbol(SAMSUNG),
                Side.BUY,
                1,
                it.kind(),
                OptionalLong.empty(),
                it.venue(),
                Optional.empty(),
                Instant.EPOCH);
    }

    private static TestBroker.Answer place(TestBroker broker, String code, Venue venue) {
        return KoreanOrders.place(broker, code, type(code), venue);
    }

    private static OrderType type(String code) {
        return DIVISIONS.of(code).getFirst().kind().type();
    }

    /** Whether an order placed at {@code placed} can still be cancelled at {@code at}. */
    private static boolean isOpenAt(LocalDate day, KoreanOrderKind it, LocalTime placed, LocalTime at) {
        var broker = TwoTraders.at(day + "T" + placed);
        KoreanOrders.quote(broker, it);
        String odno = TwoTraders.odno(KoreanOrders.place(broker, it, 5));
        broker.until(at.toString());
        return KoreanOrders.cancel(broker, it, odno).text("msg_cd").equals(ACCEPTED);
    }
}
