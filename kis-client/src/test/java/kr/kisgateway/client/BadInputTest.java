package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import kr.kisgateway.client.rest.RestCalls;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.Actor;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.KisCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A user's mistake is an outcome with an explanation, and costs no call. */
class BadInputTest {
    private static final Symbol SAMSUNG = new Symbol("005930");

    @TempDir
    private Path folder;

    static Stream<PlaceOrder> wrong() {
        return Stream.of(
                new PlaceOrder(SAMSUNG, Side.BUY, OrderType.MARKET, 2, 150_000, Venue.KRX),
                new PlaceOrder(SAMSUNG, Side.BUY, OrderType.LIMIT, 2, 0, Venue.KRX),
                new PlaceOrder(SAMSUNG, Side.BUY, OrderType.LIMIT, 2, -5, Venue.KRX),
                new PlaceOrder(SAMSUNG, Side.BUY, OrderType.LIMIT, 0, 150_000, Venue.KRX),
                new PlaceOrder(SAMSUNG, Side.SELL, OrderType.MARKET, -1, 0, Venue.KRX));
    }

    @Requirement(value = "P-08", clause = "input")
    @ParameterizedTest
    @MethodSource("wrong")
    void an_invalid_order_is_not_sent_and_names_the_correction(PlaceOrder order) {
        try (SimulatedBroker open = SimulatedBroker.live(folder)) {
            refused(open.kis().domestic().place(order));
        }
    }

    @Test
    void an_invalid_revision_is_not_sent_and_names_the_correction() {
        try (SimulatedBroker open = SimulatedBroker.live(folder)) {
            DomesticCalls calls = open.kis().domestic();
            refused(calls.modify(new ModifyOrder("06010", 1, SAMSUNG, Venue.KRX, "00", 0)));
            refused(calls.modify(new ModifyOrder("06010", 0, SAMSUNG, Venue.KRX, "00", 150_000)));
            refused(calls.cancel(new CancelOrder("06010", 0, SAMSUNG, Venue.KRX, "00", 1, true)));
            refused(calls.cancel(new CancelOrder("06010", 1, SAMSUNG, Venue.KRX, "00", 0, false)));
        }
    }

    @Test
    @Requirement(value = "P-08", clause = "input")
    void an_unknown_symbol_is_a_failure_and_not_a_price_of_zero() {
        try (SimulatedBroker open = SimulatedBroker.live(folder)) {
            assertThat(SimulatedBroker.failure(open.kis().domestic().price(new Symbol("0ZZZZ0"))))
                    .satisfies(it -> {
                        assertThat(it.kind()).isEqualTo(KisFailure.Kind.UNKNOWN_SYMBOL);
                        assertThat(it.retryable()).isFalse();
                        assertThat(it.remedy()).isNotEmpty();
                    });
        }
    }

    @Test
    void orders_of_a_future_day_cost_no_call() {
        try (SimulatedBroker open = SimulatedBroker.live(folder)) {
            LocalDate today = LocalDate.now(TradingCalendar.SEOUL);
            assertThat(SimulatedBroker.failure(open.kis().domestic().orders(today.plusDays(1)))
                            .kind())
                    .isEqualTo(KisFailure.Kind.INVALID_REQUEST);
            assertThat(SimulatedBroker.value(open.kis().domestic().orders(today.minusMonths(4))))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LIVE_FACE, 2026-11-20, TTTC0081R",
        "LIVE_FACE, 2026-08-20, TTTC0081R",
        "LIVE_FACE, 2026-08-19, CTSC9215R",
        "PAPER_FACE, 2026-11-20, VTTC0081R",
        "PAPER_FACE, 2025-01-02, VTSC9215R"
    })
    void orders_older_than_three_months_are_requested_by_another_tr_id(Environment face, LocalDate day, String trId) {
        Credentials credentials = Fixtures.config(
                        URI.create("http://127.0.0.1:1"), URI.create("ws://127.0.0.1:1"), folder)
                .credentials();
        assertThat(new RestCalls(face, credentials)
                        .dailyOrders(day, LocalDate.of(2026, 11, 20))
                        .trId())
                .contains(trId);
    }

    @Test
    void a_listed_code_is_explained_in_both_languages() {
        assertThat(new Placement.Refused("40030000", "모의투자 주문처리가 안되었습니다(호가단위 오류)").explanation())
                .hasValueSatisfying(why -> {
                    assertThat(why.remedy()).isEqualTo("Use a price on the tick.");
                    assertThat(why.remedyKo()).contains("호가단위");
                    assertThat(why.retryable()).isFalse();
                    assertThat(why.actor()).isEqualTo(Actor.CALLER);
                });
        assertThat(new Placement.NotSent("EGW00201", "초당 거래건수를 초과하였습니다.").explanation())
                .hasValueSatisfying(why -> assertThat(why.retryable()).isTrue());
        assertThat(new Placement.Accepted("06010", 7, "093000").explanation()).isEmpty();
    }

    @Test
    @Requirement(value = "P-08", clause = "codes")
    void every_outcome_has_a_remedy_and_an_order_in_doubt_is_never_retryable() {
        for (String code : List.of("", "TIMEOUT", "CONNECTION", "NEWCODE1", "EGW00301")) {
            assertThat(new Placement.Unknown(code, "").explanation()).hasValueSatisfying(why -> {
                assertThat(why.retryable()).isFalse();
                assertThat(why.remedy()).containsIgnoringCase("look");
            });
            assertThat(new Placement.Refused(code, "").explanation())
                    .hasValueSatisfying(why -> assertThat(why.remedyKo()).isNotEmpty());
        }
        for (String code : List.of("CONNECTION", "QUEUE_TIMEOUT", "BREAKER_OPEN", "TOKEN_UNAVAILABLE")) {
            assertThat(new Placement.NotSent(code, "").explanation()).hasValueSatisfying(why -> {
                assertThat(why.retryable()).isTrue();
                assertThat(why.remedy()).isNotEmpty();
            });
        }
    }

    @Test
    void every_listed_code_has_a_korean_remedy_and_a_wrong_field_is_the_callers() {
        assertThat(CodeTable.load().entries())
                .allSatisfy(it -> assertThat(it.actionKo()).matches(".*[가-힣].*"));
        assertThat(CodeTable.load().entry("OPSQ2002")).hasValueSatisfying(it -> {
            assertThat(it.actor()).isEqualTo(Actor.CALLER);
            assertThat(it.action()).contains("parameters");
        });
    }

    @Test
    void the_korean_texts_of_an_explanation_are_korean_for_every_message() {
        var codes = Stream.concat(
                        CodeTable.load().entries().stream().map(KisCode::code),
                        Stream.of(
                                "",
                                "TIMEOUT",
                                "CONNECTION",
                                "QUEUE_TIMEOUT",
                                "BREAKER_OPEN",
                                "TOKEN_UNAVAILABLE",
                                "INVALID_REQUEST",
                                "UNSUPPORTED",
                                "CLOSED",
                                "NEWCODE1"))
                .toList();
        for (String code : codes) {
            for (var placement : List.of(
                    new Placement.Refused(code, "text in English"),
                    new Placement.Unknown(code, "text in English"),
                    new Placement.NotSent(code, "text in English"),
                    new Placement.NotSent(code, "text in English", "do this"))) {
                assertThat(placement.explanation()).as(placement.toString()).hasValueSatisfying(why -> {
                    assertThat(why.causeKo()).matches("(?s).*[가-힣].*");
                    assertThat(why.remedyKo()).matches("(?s).*[가-힣].*");
                });
            }
        }
        assertThat(new Placement.Refused("NEWCODE1", "주문가능수량이 부족합니다").explanation())
                .hasValueSatisfying(why -> assertThat(why.causeKo()).isEqualTo("주문가능수량이 부족합니다"));
    }

    private static void refused(Placement placement) {
        assertThat(placement).isInstanceOfSatisfying(Placement.NotSent.class, it -> {
            assertThat(it.code()).isEqualTo("INVALID_REQUEST");
            assertThat(it.explanation()).hasValueSatisfying(why -> {
                assertThat(why.cause()).isNotEmpty();
                assertThat(why.remedy()).isNotEmpty();
                assertThat(why.retryable()).isFalse();
                assertThat(why.actor()).isEqualTo(Actor.CALLER);
            });
        });
    }
}
