package kr.kisgateway.simulator.broker;

import static kr.kisgateway.simulator.broker.TwoTraders.BASE;
import static kr.kisgateway.simulator.broker.TwoTraders.ME;
import static kr.kisgateway.simulator.broker.TwoTraders.SAMSUNG;
import static kr.kisgateway.simulator.broker.TwoTraders.TICK;
import static kr.kisgateway.simulator.broker.TwoTraders.YOU;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivision;
import kr.kisgateway.wire.OrderDivisions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every combination of type, session, time in force and venue, on a day before and one since the after-market: the gateway's
 * table of order divisions and the simulator's own rules agree on what is accepted when, and on how long it rests.
 */
class EveryOrderKindTest {
    private static final LocalDate BEFORE = LocalDate.of(2026, 9, 10);
    private static final LocalDate SINCE = LocalDate.of(2026, 11, 20);

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
    private static final OrderHours HOURS = new OrderHours(FORM, new KrxCalendar());

    @TestFactory
    Stream<DynamicTest> the_table_and_the_simulator_accept_the_same_orders_at_any_time() {
        return Stream.of(BEFORE, SINCE)
                .flatMap(day -> TIMES.stream()
                        .map(time -> DynamicTest.dynamicTest(day + " " + time, () -> {
                            var broker = TwoTraders.at(day + "T" + time);
                            var disagreements = new ArrayList<String>();
                            int compared = 0;
                            for (String code : codes()) {
                                for (Venue venue : Venue.values()) {
                                    if (DIVISIONS.isUnsure(code, venue)) {
                                        continue;
                                    }
                                    boolean expected = DIVISIONS.of(code).stream()
                                            .filter(it -> it.venue() == venue && it.isValidOn(day))
                                            .anyMatch(it -> HOURS.window(terms(it), broker.now)
                                                    .isOpen());
                                    String answered =
                                            place(broker, code, venue, 1).text("msg_cd");
                                    if (answered.equals("APBK0013") != expected) {
                                        disagreements.add(code + " on " + venue + ": " + answered + ", the table says "
                                                + (expected ? "accepted" : "refused"));
                                    }
                                    compared++;
                                }
                            }
                            assertThat(disagreements).isEmpty();
                            assertThat(compared).isGreaterThan(70);
                        })));
    }

    @TestFactory
    Stream<DynamicTest> an_order_rests_until_the_end_that_the_table_gives_and_no_longer() {
        return Stream.of(BEFORE, SINCE)
                .flatMap(day -> DIVISIONS.all().stream()
                        .filter(it -> it.isValidOn(day) && it.kind().timeInForce() == TimeInForce.DAY)
                        .filter(it -> it.venue() != Venue.SOR)
                        .map(it -> DynamicTest.dynamicTest(
                                day + " " + it.code() + " " + it.kind() + " on " + it.venue(), () -> {
                                    Instant end = HOURS.endOf(terms(it), day);
                                    assertThat(isOpenAt(it, day, end.minus(Duration.ofSeconds(91))))
                                            .as("a minute and a half before %s", local(end))
                                            .isTrue();
                                    assertThat(isOpenAt(it, day, end))
                                            .as("at %s", local(end))
                                            .isFalse();
                                })));
    }

    @Test
    void a_combination_that_does_not_exist_is_refused_with_others_that_do() {
        int refused = 0;
        for (LocalDate day : List.of(BEFORE, SINCE)) {
            for (OrderKind kind : kinds()) {
                for (Venue venue : List.of(Venue.KRX, Venue.NXT, Venue.SOR)) {
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
        var paper = new KisOrderForm(DIVISIONS, true);
        assertThat(paper.refusal(Side.BUY, OrderKind.LIMIT, Venue.NASD, SINCE)).isEmpty();
        assertThat(paper.refusal(Side.BUY, OrderKind.regular(OrderType.LOC), Venue.NASD, SINCE))
                .isPresent();
    }

    @Test
    void paper_trading_has_a_few_kinds_on_krx_only() {
        var paper = new KisOrderForm(DIVISIONS, true);
        assertThat(paper.refusal(Side.BUY, OrderKind.LIMIT, Venue.KRX, SINCE)).isEmpty();
        assertThat(paper.refusal(Side.BUY, OrderKind.LIMIT, Venue.NXT, SINCE)).isPresent();
        var refusal = paper.refusal(
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

    private static List<String> codes() {
        return DIVISIONS.all().stream().map(OrderDivision::code).distinct().toList();
    }

    private static Terms terms(OrderDivision division) {
        return new Terms(
                "A1",
                new Symbol(SAMSUNG),
                Side.BUY,
                1,
                division.kind(),
                OptionalLong.empty(),
                division.venue(),
                Optional.empty(),
                Instant.EPOCH);
    }

    private static TestBroker.Answer place(TestBroker broker, String code, Venue venue, long qty) {
        OrderType type = DIVISIONS.of(code).getFirst().kind().type();
        Map<String, String> more = new HashMap<>(Map.of("EXCG_ID_DVSN_CD", venue.name()));
        if (type == OrderType.STOP_LIMIT) {
            more.put("CNDT_PRIC", Long.toString(BASE + TICK));
        }
        return broker.order(ME, true, SAMSUNG, code, qty, type.isPriced() ? BASE - 50 * TICK : 0, more);
    }

    /** Whether an order placed while its venue accepts it can still be cancelled at {@code at}. */
    private static boolean isOpenAt(OrderDivision division, LocalDate day, Instant at) {
        var broker = TwoTraders.at(day + "T" + acceptingTime(division, day));
        // Both sides have a price, so that every type finds one; what it buys of it leaves a rest.
        String ordinary = division.kind().session() == OrderSession.AFTER_MARKET ? "41" : "00";
        var venue = Map.of("EXCG_ID_DVSN_CD", division.venue().name());
        broker.order(YOU, false, SAMSUNG, ordinary, 1, BASE + 4 * TICK, venue);
        broker.order(ME, true, SAMSUNG, ordinary, 1, BASE - 10 * TICK, venue);
        String odno = TwoTraders.odno(place(broker, division.code(), division.venue(), 5));
        broker.until(
                local(at).toString().length() == 5
                        ? local(at) + ":00"
                        : local(at).toString());
        var cancel = new HashMap<>(Map.of(
                "CANO",
                ME,
                "ACNT_PRDT_CD",
                "01",
                "KRX_FWDG_ORD_ORGNO",
                "",
                "ORGN_ODNO",
                odno,
                "ORD_DVSN",
                division.code(),
                "RVSE_CNCL_DVSN_CD",
                "02",
                "ORD_QTY",
                "0",
                "ORD_UNPR",
                "0",
                "QTY_ALL_ORD_YN",
                "Y"));
        cancel.putAll(venue);
        return broker.call("POST", TestBroker.TRADING + "order-rvsecncl", Map.of("tr_id", "TTTC0013U"), cancel)
                .text("msg_cd")
                .equals("APBK0013");
    }

    private static String acceptingTime(OrderDivision division, LocalDate day) {
        return TIMES.stream()
                .filter(time -> HOURS.window(terms(division), TestBroker.kst(day + "T" + time))
                        .isOpen())
                .findFirst()
                .orElseThrow();
    }

    private static LocalTime local(Instant at) {
        return at.atZone(TradingCalendar.SEOUL).toLocalTime();
    }
}
