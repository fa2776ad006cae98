package kr.kisgateway.client;

import static kr.kisgateway.client.SimulatedBroker.failure;
import static kr.kisgateway.client.SimulatedBroker.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Side;
import kr.kisgateway.wire.OverseasSymbol;
import kr.kisgateway.wire.parse.OverseasBookAnswer;
import kr.kisgateway.wire.parse.OverseasDayBar;
import kr.kisgateway.wire.parse.OverseasDetailAnswer;
import kr.kisgateway.wire.parse.OverseasOrderRow;
import kr.kisgateway.wire.parse.OverseasPriceAnswer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Typed overseas calls over sockets, against a simulator that validates each request. */
@Tag("slow")
class OverseasQuotesTest {
    private static final OverseasSymbol APPLE =
            OverseasSymbol.parse("AAPL.NASD").orElseThrow();

    @TempDir
    static Path folder;

    private static SimulatedBroker live;
    private static SimulatedBroker paper;

    @BeforeAll
    static void start() {
        live = SimulatedBroker.live(folder);
        paper = SimulatedBroker.paper(folder);
    }

    @AfterAll
    static void stop() {
        live.close();
        paper.close();
    }

    private static OverseasCalls overseas(Environment face) {
        return (face == Environment.LIVE_FACE ? live : paper).kis().overseas();
    }

    @ParameterizedTest
    @EnumSource(Environment.class)
    void an_overseas_chart_is_paged_back_and_ends_with_the_current_price(Environment face) {
        OverseasPriceAnswer price = value(overseas(face).price(APPLE));
        assertThat(price.isFound()).isTrue();
        LocalDate to = LocalDate.of(2999, 1, 1);
        LocalDate from = LocalDate.of(2026, 7, 1);
        List<OverseasDayBar> bars = value(overseas(face).chart(APPLE, BarPeriod.DAY, from, to));
        assertThat(bars).hasSizeGreaterThan(90);
        assertThat(bars).extracting(OverseasDayBar::date).isSorted().doesNotHaveDuplicates();
        assertThat(bars.getFirst().date()).isEqualTo(from);
        assertThat(bars.getLast().close()).isEqualByComparingTo(price.price());
        for (int i = 1; i < bars.size(); i++) {
            assertThat(bars.get(i).close().subtract(bars.get(i).change()))
                    .isEqualByComparingTo(bars.get(i - 1).close());
        }
        assertThat(failure(overseas(face).chart(APPLE, BarPeriod.YEAR, from, to))
                        .remedy())
                .contains("months");
    }

    @Test
    void detail_and_book_agree_with_the_price() {
        OverseasCalls calls = overseas(Environment.LIVE_FACE);
        OverseasPriceAnswer price = value(calls.price(APPLE));
        OverseasDetailAnswer detail = value(calls.detail(APPLE));
        assertThat(detail.price()).isEqualByComparingTo(price.price());
        assertThat(detail.currency()).isEqualTo("USD");
        assertThat(detail.tick()).isPresent();
        OverseasBookAnswer book = value(calls.book(APPLE));
        assertThat(book.last()).isEqualByComparingTo(price.price());
        assertThat(book.asks()).as("no trades here").isEmpty();
        try (SimulatedBroker busy = SimulatedBroker.withMovingMarket(Environment.LIVE_FACE, folder.resolve("busy"))) {
            OverseasBookAnswer full = value(busy.kis().overseas().book(APPLE));
            assertThat(full.asks().getFirst().price())
                    .isGreaterThan(full.bids().getFirst().price());
        }
    }

    @Test
    void day_market_quotes_use_their_own_exchange_code_and_exist_for_us_stocks_only() {
        OverseasCalls calls = overseas(Environment.LIVE_FACE);
        CallOptions options = CallOptions.standard();
        BigDecimal price = value(calls.price(APPLE)).price();
        assertThat(value(calls.dayPrice(APPLE, options)).price()).isEqualByComparingTo(price);
        assertThat(value(calls.dayDetail(APPLE, options)).price()).isEqualByComparingTo(price);
        assertThat(value(calls.dayBook(APPLE, options)).last()).isEqualByComparingTo(price);
        var toyota = OverseasSymbol.of("7203.TKSE");
        assertThat(failure(calls.dayPrice(toyota, options)).remedy()).contains("US stock");
    }

    @ParameterizedTest
    @EnumSource(Environment.class)
    void orders_are_taken_and_the_account_answers(Environment face) {
        OverseasCalls calls = overseas(face);
        var order = new OverseasOrder(APPLE, Side.BUY, OverseasOrderType.LIMIT, 1, new BigDecimal("145.1"));
        long placed = number(calls.place(order));
        long modified = number(calls.modify(APPLE, placed, 1, new BigDecimal("146")));
        assertThat(value(calls.openOrders())).extracting(OverseasOrderRow::odno).contains(modified);
        long cancelled = number(calls.cancel(APPLE, modified, 1));
        assertThat(value(calls.orders(LocalDate.of(2000, 1, 1), LocalDate.of(2999, 1, 1), OverseasFilter.ALL)))
                .extracting(OverseasOrderRow::odno, OverseasOrderRow::originalOdno)
                .containsExactlyInAnyOrder(tuple(placed, 0L), tuple(modified, placed), tuple(cancelled, modified));
        assertThat(value(calls.openOrders())).allMatch(it -> it.openQty() > 0);
        assertThat(value(calls.holdings())).allMatch(it -> it.qty() > 0);
        assertThat(value(calls.presentBalance()).cash()).isNotEmpty();
        assertThat(value(calls.buyingPower(APPLE, new BigDecimal("145.1"))).currency())
                .isEqualTo("USD");
    }

    private static long number(Placement placement) {
        assertThat(placement).isInstanceOf(Placement.Accepted.class);
        return ((Placement.Accepted) placement).odno();
    }

    @Test
    void the_broker_accepts_a_request_for_minutes() {
        LocalDateTime far = LocalDateTime.of(2999, 1, 1, 0, 0);
        assertThat(value(overseas(Environment.LIVE_FACE).minutes(APPLE, 1, LocalDateTime.of(2020, 1, 1, 0, 0), far)))
                .isNotNull();
    }

    @Test
    void a_call_that_paper_does_not_offer_is_refused_with_a_remedy() {
        OverseasCalls calls = overseas(Environment.PAPER_FACE);
        LocalDateTime at = LocalDateTime.of(2026, 11, 19, 10, 0);
        Stream.of(calls.detail(APPLE), calls.book(APPLE), calls.minutes(APPLE, 1, at, at))
                .forEach(reply -> {
                    assertThat(failure(reply).kind()).isEqualTo(KisFailure.Kind.UNSUPPORTED);
                    assertThat(failure(reply).remedy()).isNotEmpty();
                });
    }
}
