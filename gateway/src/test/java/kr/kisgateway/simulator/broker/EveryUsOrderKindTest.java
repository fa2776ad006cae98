package kr.kisgateway.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
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
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivisions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every kind of order of US stocks, in winter and in summer time: the gateway's hours and the simulator's agree with a table of this
 * test, written from KIS's sessions in Korean time, on what is taken when, on how long it rests, and on its changes.
 */
class EveryUsOrderKindTest {
    private static final String TRADING = "/uapi/overseas-stock/v1/trading/";
    private static final String ACCOUNT = TwoTraders.ME;
    private static final UsSymbol APPLE = UsSymbol.parse("AAPL.NASD").orElseThrow();
    private static final KisOrderForm FORM = new KisOrderForm(OrderDivisions.load(), false);
    private static final OrderHours HOURS = new OrderHours(FORM, new KrxCalendar());

    private static final String ACCEPTED = "APBK0013";
    private static final String CLOSED = "APBK1664";

    /** A session in Korean time, on the trading day of New York that begins in Seoul's morning. */
    private enum Session {
        DAY_MARKET,
        PRE,
        REGULAR,
        AFTER
    }

    /** One of KIS's ORD_DVSN, the sessions that take it, and the one in which it ends. */
    private enum Kind {
        LIMIT("00", OrderType.LIMIT, OrderSession.REGULAR, Set.of(Session.PRE, Session.REGULAR, Session.AFTER)),
        DAY_LIMIT("00", OrderType.LIMIT, OrderSession.DAY_MARKET, Set.of(Session.DAY_MARKET)),
        LIMIT_ON_OPEN("32", OrderType.LOO, OrderSession.REGULAR, Set.of(Session.PRE)),
        LIMIT_ON_CLOSE("34", OrderType.LOC, OrderSession.REGULAR, Set.of(Session.PRE, Session.REGULAR)),
        MARKET_ON_OPEN("31", OrderType.MOO, OrderSession.REGULAR, Set.of(Session.PRE)),
        MARKET_ON_CLOSE("33", OrderType.MOC, OrderSession.REGULAR, Set.of(Session.PRE, Session.REGULAR));

        private final String division;
        private final OrderKind kind;
        private final Set<Session> taken;

        Kind(String division, OrderType type, OrderSession session, Set<Session> taken) {
            this.division = division;
            this.kind = new OrderKind(type, session, TimeInForce.DAY);
            this.taken = taken;
        }

        boolean isPriced() {
            return kind.type().isPriced();
        }

        boolean isOfDayMarket() {
            return this == DAY_LIMIT;
        }
    }

    /**
     * When the sessions of one trading day begin, and when the last ends.
     *
     * @param opening when New York opens, in Korean time
     */
    private record Day(LocalDate date, LocalDateTime opening) {
        private static Day winter() {
            return new Day(LocalDate.of(2026, 11, 19), LocalDateTime.of(2026, 11, 19, 23, 30));
        }

        private static Day summer() {
            return new Day(LocalDate.of(2026, 9, 16), LocalDateTime.of(2026, 9, 16, 22, 30));
        }

        LocalDateTime from(Session session) {
            return switch (session) {
                case DAY_MARKET -> date.atTime(10, 0);
                case PRE -> opening.minusMinutes(330);
                case REGULAR -> opening;
                case AFTER -> until(Session.REGULAR);
            };
        }

        LocalDateTime until(Session session) {
            return switch (session) {
                case DAY_MARKET -> from(Session.PRE);
                case PRE -> opening;
                case REGULAR -> opening.plusMinutes(390);
                case AFTER -> date.plusDays(1).atTime(7, 0);
            };
        }

        Optional<Session> at(LocalDateTime time) {
            return Stream.of(Session.values())
                    .filter(session -> !time.isBefore(from(session)) && time.isBefore(until(session)))
                    .findFirst();
        }

        /** Around each change of the session, and within each. */
        List<LocalDateTime> times() {
            var times = new ArrayList<LocalDateTime>();
            times.add(from(Session.DAY_MARKET).minusSeconds(1));
            for (Session session : Session.values()) {
                times.add(from(session).plusSeconds(1));
                times.add(from(session).plusMinutes(20));
                times.add(until(session).minusSeconds(1));
            }
            times.add(until(Session.AFTER).plusSeconds(1));
            return times;
        }
    }

    @TestFactory
    Stream<DynamicTest> each_session_takes_what_the_table_says_and_no_more() {
        return Stream.of(Day.winter(), Day.summer())
                .flatMap(day -> day.times().stream()
                        .map(time -> DynamicTest.dynamicTest("at " + time, () -> takenAt(day, time))));
    }

    private static void takenAt(Day day, LocalDateTime time) {
        TestBroker broker = TestBroker.at(time.toString(), 0);
        var disagreements = new ArrayList<String>();
        for (Kind kind : Kind.values()) {
            boolean taken = day.at(time).filter(kind.taken::contains).isPresent();
            for (Side side : Side.values()) {
                if (side == Side.BUY && !kind.isPriced()) {
                    continue; // KIS has no such order
                }
                if (HOURS.window(terms(kind, side), broker.now).isOpen() != taken) {
                    disagreements.add(kind + " " + side + ": the gateway says " + !taken);
                }
                String answered = place(broker, kind, side, 1).text("msg_cd");
                // Nothing is held that could be sold: a sale in its hours is refused for the shares.
                boolean takes = side == Side.BUY ? answered.equals(ACCEPTED) : !answered.equals(CLOSED);
                if (takes != taken) {
                    disagreements.add(kind + " " + side + ": the simulator answers " + answered);
                }
            }
        }
        assertThat(disagreements).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> an_order_rests_until_its_last_session_ends_and_no_longer() {
        return Stream.of(Day.winter(), Day.summer())
                .flatMap(day -> Stream.of(Kind.values())
                        .filter(Kind::isPriced)
                        .map(kind ->
                                DynamicTest.dynamicTest(day.date() + " " + kind, () -> restsUntilItsEnd(day, kind))));
    }

    private static void restsUntilItsEnd(Day day, Kind kind) {
        LocalDateTime end = day.until(
                switch (kind) {
                    case DAY_LIMIT -> Session.DAY_MARKET;
                    case LIMIT_ON_OPEN, MARKET_ON_OPEN -> Session.PRE;
                    case LIMIT_ON_CLOSE, MARKET_ON_CLOSE -> Session.REGULAR;
                    case LIMIT -> Session.AFTER;
                });
        assertThat(isOpenAt(day, kind, end.minusSeconds(5)))
                .as("before %s", end)
                .isTrue();
        assertThat(isOpenAt(day, kind, end.plusMinutes(1))).as("after %s", end).isFalse();
        Instant gatewaysEnd = HOURS.endOf(terms(kind, Side.BUY), day.date());
        assertThat(gatewaysEnd)
                .as("the gateway's end: an auction may last a minute")
                .isBetween(
                        TestBroker.kst(end.toString()),
                        TestBroker.kst(end.toString()).plus(Duration.ofMinutes(1)));
    }

    @TestFactory
    Stream<DynamicTest> each_kind_has_its_price_changed_and_is_cancelled_by_its_newest_number() {
        return Stream.of(Day.winter(), Day.summer())
                .flatMap(day -> Stream.of(Kind.values())
                        .filter(Kind::isPriced)
                        .map(kind -> DynamicTest.dynamicTest(day.date() + " " + kind, () -> {
                            TestBroker broker = openAt(day, kind);
                            String first = odno(place(broker, kind, Side.BUY, 5));
                            String second = odno(revise(broker, kind, first, "01", 5, price(110)));
                            assertThat(second).isNotEqualTo(first);
                            assertThat(revise(broker, kind, first, "02", 5, "0").text("rt_cd"))
                                    .as("the number before")
                                    .isEqualTo("7");
                            assertThat(revise(broker, kind, second, "02", 5, "0")
                                            .text("msg_cd"))
                                    .isEqualTo(ACCEPTED);
                            assertThat(revise(broker, kind, second, "02", 5, "0")
                                            .text("rt_cd"))
                                    .as("cancelled already")
                                    .isEqualTo("7");
                        })));
    }

    private static TestBroker openAt(Day day, Kind kind) {
        Session first = Stream.of(Session.values())
                .filter(kind.taken::contains)
                .findFirst()
                .orElseThrow();
        return TestBroker.at(day.from(first).plusMinutes(1).toString(), 0);
    }

    /** Whether an order of the first minutes of its hours can still be cancelled. */
    private static boolean isOpenAt(Day day, Kind kind, LocalDateTime time) {
        TestBroker broker = openAt(day, kind);
        String number = odno(place(broker, kind, Side.BUY, 5));
        broker.now = TestBroker.kst(time.toString());
        return revise(broker, kind, number, "02", 5, "0").text("msg_cd").equals(ACCEPTED);
    }

    private static String odno(TestBroker.Answer answer) {
        assertThat(answer.text("msg_cd")).as(answer.body()).isEqualTo(ACCEPTED);
        return answer.text("output", "ODNO");
    }

    private static TestBroker.Answer place(TestBroker broker, Kind kind, Side side, int qty) {
        boolean buy = side == Side.BUY;
        String trId = kind.isOfDayMarket() ? buy ? "TTTS6036U" : "TTTS6037U" : buy ? "TTTT1002U" : "TTTT1006U";
        var body = fields(qty, kind.isPriced() ? price(100) : "0");
        body.putAll(Map.of("CTAC_TLNO", "", "SLL_TYPE", buy ? "" : "00", "ORD_DVSN", kind.division));
        return broker.call(
                "POST", TRADING + (kind.isOfDayMarket() ? "daytime-order" : "order"), Map.of("tr_id", trId), body);
    }

    private static TestBroker.Answer revise(
            TestBroker broker, Kind kind, String number, String what, int qty, String price) {
        var body = fields(qty, price);
        body.putAll(Map.of("ORGN_ODNO", number, "RVSE_CNCL_DVSN_CD", what));
        return kind.isOfDayMarket()
                ? broker.call("POST", TRADING + "daytime-order-rvsecncl", Map.of("tr_id", "TTTS6038U"), body)
                : broker.call("POST", TRADING + "order-rvsecncl", Map.of("tr_id", "TTTT1004U"), body);
    }

    private static Map<String, String> fields(int qty, String price) {
        return new HashMap<>(Map.of(
                "CANO",
                ACCOUNT,
                "ACNT_PRDT_CD",
                "01",
                "OVRS_EXCG_CD",
                "NASD",
                "PDNO",
                "AAPL",
                "ORD_QTY",
                Integer.toString(qty),
                "OVRS_ORD_UNPR",
                price,
                "MGCO_APTM_ODNO",
                "",
                "ORD_SVR_DVSN_CD",
                "0"));
    }

    /** So far below the last close that it rests. */
    private static String price(int dollars) {
        return dollars + ".00";
    }

    private static Terms terms(Kind kind, Side side) {
        return new Terms(
                "A1", APPLE, side, 1, kind.kind, OptionalLong.empty(), Venue.NASD, Optional.empty(), Instant.EPOCH);
    }
}
