package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.venue.Routing;
import kr.kisgateway.gateway.venue.VenueFigures;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

/** The golden journal contains every version of every event that was ever written; it only grows. */
class OrderEventJsonTest {
    private static final OrderId ID = new OrderId("ord_01M7V7FCY871Q2Y1EMXQCGDR4B");
    private static final KeyUse KEY = new KeyUse("local/A1", "k1", "abc");
    private final OrderEventJson json = new OrderEventJson();

    /** The events of version 1; the golden journal of that version contains exactly these. */
    private static List<OrderEvent> ofVersion1() {
        return List.of(
                new OrderEvent.Accepted(
                        ID,
                        new Terms(
                                "A1",
                                new Symbol("005930"),
                                Side.BUY,
                                10,
                                OrderKind.LIMIT,
                                OptionalLong.of(70_000),
                                Venue.KRX,
                                Optional.of("gap \"고\""),
                                Instant.parse("2026-11-20T01:00:05Z")),
                        KEY,
                        LocalDate.of(2026, 11, 20),
                        OptionalLong.empty()),
                new OrderEvent.Accepted(
                        ID,
                        new Terms(
                                "A1",
                                new Symbol("005930"),
                                Side.SELL,
                                10,
                                OrderKind.MARKET,
                                OptionalLong.empty(),
                                Venue.KRX,
                                Optional.empty(),
                                Instant.parse("2026-11-20T01:00:05.123456Z")),
                        KEY,
                        LocalDate.of(2026, 11, 20),
                        OptionalLong.empty()),
                new OrderEvent.SendStarted(ID, 1, 1, List.of(555L, 556L), 0),
                new OrderEvent.SendAbandoned(ID, 1, "late"),
                new OrderEvent.SendNotTaken(ID, 1, "EGW00201", "초당 거래건수를 초과하였습니다."),
                new OrderEvent.SendInDoubt(ID, 1, "TIMEOUT", "no answer"),
                new OrderEvent.BrokerAccepted(ID, 1, "06010", 1569139, "131438", OrderEvent.MatchedBy.INFERENCE),
                new OrderEvent.BrokerRefused(ID, 1, "APBK0952", "cash"),
                new OrderEvent.Filled(
                        ID, 3, 210_000, new Fill(ID + ".1", 1569139, 3, 210_000, 93016, Fill.Source.NOTICE)),
                new OrderEvent.CancelRequested(
                        ID, 2, new KeyUse("local/A1", "cancel:" + ID, "cancel:" + ID), Optional.empty()),
                new OrderEvent.Canceled(ID, 7, "canceled"),
                new OrderEvent.Expired(ID, "NOT_SENT"),
                new OrderEvent.Rejected(ID, "RETRY_EXHAUSTED", "EGW00201"),
                new OrderEvent.Unresolved(ID, 1, 2, "two"));
    }

    /** The events added by version 2. */
    private static List<OrderEvent> ofVersion2() {
        LocalDate day = LocalDate.of(2026, 11, 20);
        return List.of(
                new OrderEvent.Adopted(
                        ID,
                        new Terms(
                                "A1",
                                new Symbol("000660"),
                                Side.BUY,
                                3,
                                OrderKind.LIMIT,
                                OptionalLong.of(150_000),
                                Venue.KRX,
                                Optional.empty(),
                                Instant.parse("2026-11-20T01:00:00Z")),
                        day,
                        "06010",
                        1569140,
                        "100000"),
                new OrderEvent.SendStarted(ID, 2, 1, List.of(), 1569139),
                new OrderEvent.LateAcceptance(ID, 1, "06010", 1569139, "131438"),
                new OrderEvent.ModifiedOutside(ID, "06010", 1569141, 7, OptionalLong.of(70_100), "131500"),
                new OrderEvent.ModifyRequested(
                        ID,
                        OptionalLong.of(6),
                        OptionalLong.of(70_200),
                        List.of(
                                new OrderEvent.PlannedRequest(2, BrokerRequest.Kind.CANCEL, 4, OptionalLong.empty()),
                                new OrderEvent.PlannedRequest(
                                        3, BrokerRequest.Kind.MODIFY, 0, OptionalLong.of(70_200))),
                        Instant.parse("2026-11-20T01:00:10Z"),
                        new KeyUse("local/A1", "modify:" + ID, "modify:" + ID + ":6:70200")),
                new OrderEvent.Reduced(ID, 2, 1569139, 4),
                new OrderEvent.Resolved(
                        ID,
                        1,
                        "NOT_AT_BROKER",
                        Optional.of("looked in the HTS"),
                        List.of(),
                        new KeyUse("local/A1", "resolve:" + ID, "resolve:" + ID + ":NOT_AT_BROKER")),
                new OrderEvent.Corrected(
                        ID, OrderStatus.SENT, "filled 3, open 7, canceled 0", OrderStatus.PARTIAL_FILLED, 0, 3));
    }

    /** The events added by version 3. */
    private static List<OrderEvent> ofVersion3() {
        return List.of(
                new OrderEvent.Resolved(
                        ID,
                        1,
                        "NOT_AT_BROKER",
                        Optional.empty(),
                        List.of(1569139L, 1569140L),
                        new KeyUse("local/A1", "resolve:" + ID, "resolve:" + ID + ":NOT_AT_BROKER")),
                new OrderEvent.Accepted(
                        ID,
                        new Terms(
                                "A1",
                                new Symbol("005930"),
                                Side.BUY,
                                10,
                                OrderKind.MARKET,
                                OptionalLong.empty(),
                                Venue.KRX,
                                Optional.empty(),
                                Instant.parse("2026-11-20T01:00:02Z")),
                        KEY,
                        LocalDate.of(2026, 11, 20),
                        OptionalLong.of(91_000)));
    }

    private static List<OrderEvent> every() {
        return Stream.of(
                        ofVersion1(),
                        ofVersion2(),
                        ofVersion3(),
                        ofVersion4(),
                        ofVersion5(),
                        ofVersion6(),
                        ofVersion7(),
                        ofVersion8(),
                        ofVersion9(),
                        ofVersion10(),
                        ofVersion11())
                .flatMap(List::stream)
                .toList();
    }

    private static JournalEntry entry(String type, int version, String payload) {
        return new JournalEntry(
                "A1", 1, Instant.EPOCH, LocalDate.of(2026, 11, 20), type, version, 1, ID.text(), payload);
    }

    @Test
    void every_event_type_reads_back_as_it_was_written() {
        assertThat(every())
                .allSatisfy(event -> assertThat(
                                json.read(entry(OrderEventJson.type(event), OrderEventJson.VERSION, json.write(event))))
                        .isEqualTo(event));
        assertThat(every().stream().map(OrderEvent::getClass).distinct().toList())
                .containsExactlyInAnyOrder(
                        Stream.of(OrderEvent.class.getPermittedSubclasses()).toArray(Class[]::new));
    }

    @Test
    void events_of_earlier_releases_are_still_readable() throws IOException {
        assertThat(golden(1)).isEqualTo(ofVersion1());
        assertThat(golden(2)).isEqualTo(ofVersion2());
        assertThat(golden(3)).isEqualTo(ofVersion3());
        assertThat(golden(4)).isEqualTo(ofVersion4());
        assertThat(golden(5)).isEqualTo(ofVersion5());
        assertThat(golden(6)).isEqualTo(ofVersion6());
        assertThat(golden(7)).isEqualTo(ofVersion7());
        assertThat(golden(8)).isEqualTo(ofVersion8());
        assertThat(golden(9)).isEqualTo(ofVersion9());
        assertThat(golden(10)).isEqualTo(ofVersion10());
        assertThat(golden(11)).isEqualTo(ofVersion11());
    }

    /** The events added by version 4. */
    private static List<OrderEvent> ofVersion4() {
        return List.of(new OrderEvent.CancelRequested(
                ID, 2, new KeyUse("gateway/A1", "cancel:" + ID, "cancel:" + ID), Optional.of("ops")));
    }

    /** The events whose terms version 5 extended (session, time in force, stop price), and those that it added. */
    private static List<OrderEvent> ofVersion5() {
        return List.of(
                new OrderEvent.Accepted(
                        ID,
                        new Terms(
                                "A1",
                                new Symbol("005930"),
                                Side.BUY,
                                10,
                                new OrderKind(OrderType.STOP_LIMIT, OrderSession.REGULAR, TimeInForce.DAY),
                                OptionalLong.of(70_000),
                                OptionalLong.of(69_000),
                                Venue.NXT,
                                Optional.empty(),
                                Instant.parse("2026-11-20T01:00:05Z")),
                        KEY,
                        LocalDate.of(2026, 11, 20),
                        OptionalLong.empty()),
                new OrderEvent.Adopted(
                        ID,
                        new Terms(
                                "A1",
                                new Symbol("005930"),
                                Side.SELL,
                                10,
                                new OrderKind(OrderType.BEST, OrderSession.AFTER_MARKET, TimeInForce.IOC),
                                OptionalLong.empty(),
                                Venue.KRX,
                                Optional.empty(),
                                Instant.parse("2026-11-20T08:00:05Z")),
                        LocalDate.of(2026, 11, 20),
                        "06010",
                        100_123,
                        "170005"),
                new OrderEvent.ReplaceRequested(
                        ID,
                        2,
                        new OrderId("ord_01M7V7FCY871Q2Y1EMXQCGDR4C"),
                        15,
                        OptionalLong.of(70_500),
                        Instant.parse("2026-11-20T01:00:05Z"),
                        KEY),
                new OrderEvent.ReplaceEnded(ID, Replacement.Outcome.PLACED, "replaced", Optional.empty()),
                new OrderEvent.ReplaceEnded(ID, Replacement.Outcome.ABANDONED, "a cancel", Optional.of(KEY)));
    }

    /** Version 11 has where a fill happened. */
    private static List<OrderEvent> ofVersion11() {
        return List.of(new OrderEvent.Filled(
                ID,
                3,
                210_000,
                new Fill(ID + ".1", 1569139, 3, 210_000, 93016, Fill.Source.NOTICE, Optional.of(Venue.NXT))));
    }

    /** The event added by version 10. */
    private static List<OrderEvent> ofVersion10() {
        return List.of(new OrderEvent.FoundResting(ID, Duration.ofMillis(2_150), 3));
    }

    /** Version 9 has orders whose venue the gateway chooses. */
    private static List<OrderEvent> ofVersion9() {
        return List.of(new OrderEvent.Accepted(
                ID,
                new Terms(
                        "A1",
                        new Symbol("005930"),
                        Side.BUY,
                        10,
                        OrderKind.LIMIT,
                        OptionalLong.of(70_000),
                        OptionalLong.empty(),
                        Venue.NXT,
                        Optional.empty(),
                        Instant.parse("2026-11-20T01:00:05Z"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Routing(
                                Routing.Reason.SLOW,
                                new VenueFigures(
                                        true,
                                        false,
                                        OptionalLong.of(1_000_000),
                                        OptionalLong.of(70_100),
                                        OptionalLong.of(2_500),
                                        Optional.of("APBK0506")),
                                new VenueFigures(
                                        true,
                                        true,
                                        OptionalLong.empty(),
                                        OptionalLong.empty(),
                                        OptionalLong.empty(),
                                        Optional.empty())))),
                KEY,
                LocalDate.of(2026, 11, 20),
                OptionalLong.empty()));
    }

    /** Version 8 has orders whose price the gateway chooses. */
    private static List<OrderEvent> ofVersion8() {
        return List.of(new OrderEvent.Accepted(
                ID,
                new Terms(
                        "A1",
                        new Symbol("005930"),
                        Side.BUY,
                        10,
                        OrderKind.LIMIT,
                        OptionalLong.of(70_000),
                        OptionalLong.empty(),
                        Venue.KRX,
                        Optional.empty(),
                        Instant.parse("2026-11-20T01:00:05Z"),
                        Optional.empty(),
                        Optional.of(new PricePolicy(true, Duration.ofSeconds(5), 2)),
                        Optional.empty()),
                KEY,
                LocalDate.of(2026, 11, 20),
                OptionalLong.empty()));
    }

    /** Version 7 has orders on credit. */
    private static List<OrderEvent> ofVersion7() {
        LocalDate day = LocalDate.of(2026, 11, 20);
        return List.of(
                new OrderEvent.Accepted(
                        ID,
                        new Terms(
                                "A1",
                                new Symbol("005930"),
                                Side.SELL,
                                10,
                                OrderKind.LIMIT,
                                OptionalLong.of(70_000),
                                OptionalLong.empty(),
                                Venue.KRX,
                                Optional.empty(),
                                Instant.parse("2026-11-20T01:00:05Z"),
                                Optional.of(new Credit(CreditType.KSFC_LOAN_REPAY, LocalDate.of(2026, 10, 5)))),
                        KEY,
                        day,
                        OptionalLong.empty()),
                new OrderEvent.Adopted(
                        ID,
                        new Terms(
                                "A1",
                                new Symbol("005930"),
                                Side.BUY,
                                3,
                                OrderKind.MARKET,
                                OptionalLong.empty(),
                                OptionalLong.empty(),
                                Venue.KRX,
                                Optional.empty(),
                                Instant.parse("2026-11-20T02:00:00Z"),
                                Optional.of(new Credit(CreditType.SELF_LOAN_OPEN, day))),
                        day,
                        "06010",
                        100_123,
                        "110000"));
    }

    /** Version 6 has orders for US stocks: dollars in ten-thousandths, and numbers with their date. */
    private static List<OrderEvent> ofVersion6() {
        LocalDate day = LocalDate.of(2026, 11, 20);
        return List.of(
                new OrderEvent.Accepted(
                        ID,
                        new Terms(
                                "A1",
                                new UsSymbol(UsExchange.NYSE, "BRK/B"),
                                Side.SELL,
                                10,
                                OrderKind.regular(OrderType.LOC),
                                OptionalLong.of(4_901_250),
                                Venue.NYSE,
                                Optional.empty(),
                                Instant.parse("2026-11-20T15:00:05Z")),
                        KEY,
                        day,
                        OptionalLong.empty()),
                new OrderEvent.Adopted(
                        ID,
                        new Terms(
                                "A1",
                                new UsSymbol(UsExchange.NASD, "AAPL"),
                                Side.BUY,
                                3,
                                OrderKind.DAY_MARKET,
                                OptionalLong.of(3_093_500),
                                Venue.NASD,
                                Optional.empty(),
                                Instant.parse("2026-11-20T02:00:00Z")),
                        day,
                        "06010",
                        BrokerNumbers.dated(day, 100_123),
                        "110000"));
    }

    private List<OrderEvent> golden(int version) throws IOException {
        List<String> lines;
        try (var in = OrderEventJsonTest.class.getResourceAsStream("golden-journal-v" + version + ".txt")) {
            lines = new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        return lines.stream()
                .map(line -> line.split(" ", 2))
                .map(parts -> json.read(entry(parts[0], version, parts[1])))
                .toList();
    }

    @Test
    void an_event_with_a_time_that_is_none_is_refused_naming_its_place() {
        String payload = json.write(ofVersion1().getFirst()).replace("2026-11-20T01:00:05Z", "2026-11-20T25:00:05Z");

        assertThatThrownBy(() -> json.read(entry("Accepted", OrderEventJson.VERSION, payload)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("journal entry A1/1 cannot be read");
    }

    @Test
    void an_event_of_a_later_release_is_refused() {
        assertThatThrownBy(() -> json.read(entry("Canceled", OrderEventJson.VERSION + 1, "{}")))
                .isInstanceOf(JournalException.class);
        assertThatThrownBy(() -> json.read(entry("Teleported", 1, "{}"))).isInstanceOf(JournalException.class);
        assertThatThrownBy(() -> json.read(entry("Canceled", 1, "{\"qty\":"))).isInstanceOf(JournalException.class);
    }
}
