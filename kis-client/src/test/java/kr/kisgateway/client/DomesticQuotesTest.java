package kr.kisgateway.client;

import static kr.kisgateway.client.SimulatedBroker.failure;
import static kr.kisgateway.client.SimulatedBroker.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.stream.Stream;
import kr.kisgateway.client.budget.Grant;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.parse.BookAnswer;
import kr.kisgateway.wire.parse.DayBar;
import kr.kisgateway.wire.parse.InstrumentAnswer;
import kr.kisgateway.wire.parse.MinuteBar;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.QuickPrice;
import kr.kisgateway.wire.parse.TradeRow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Typed quotations over sockets, against a static market: the answers of all calls about a stock agree. */
class DomesticQuotesTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final List<Symbol> THIRTY = Stream.of(
                    "005930", "000660", "047040", "001510", "005935", "034020", "009830", "032820", "475150", "000250",
                    "005380", "036930", "402340", "012450", "277810", "000270", "263750", "417200", "100090", "050890",
                    "055550", "009150", "000720", "006360", "006910", "086790", "187660", "178320", "046120", "316140")
            .map(Symbol::new)
            .toList();

    @TempDir
    static Path folder;

    private static SimulatedBroker live;
    private static SimulatedBroker paper;

    /** Of a day with trades in every minute. */
    private static SimulatedBroker traded;

    private static SimulatedBroker tradedPaper;

    @BeforeAll
    static void start() {
        live = SimulatedBroker.live(folder);
        paper = SimulatedBroker.paper(folder);
        traded = SimulatedBroker.afterTheClose(Environment.LIVE_FACE, folder.resolve("traded"));
        tradedPaper = SimulatedBroker.afterTheClose(Environment.PAPER_FACE, folder.resolve("traded"));
    }

    @AfterAll
    static void stop() {
        live.close();
        paper.close();
        traded.close();
        tradedPaper.close();
    }

    private static DomesticCalls domestic(Environment face) {
        return (face == Environment.LIVE_FACE ? live : paper).kis().domestic();
    }

    @ParameterizedTest
    @EnumSource(Environment.class)
    void a_book_agrees_with_the_present_price(Environment face) {
        KisClient kis = (face == Environment.LIVE_FACE ? live : paper).kis();
        DomesticCalls calls = kis.domestic();
        PriceAnswer price = value(calls.price(SAMSUNG));
        assertThat(price.isFound()).isTrue();

        var bid = new PlaceOrder(SAMSUNG, Side.BUY, OrderType.LIMIT, 3, price.lowerLimit(), Venue.KRX);
        assertThat(kis.place(permit(kis), bid)).isInstanceOf(Placement.Accepted.class);
        BookAnswer book = value(calls.book(SAMSUNG));
        assertThat(book.book().symbol()).isEqualTo(SAMSUNG);
        assertThat(book.book().bidPrice(0)).isEqualTo(price.lowerLimit());
        assertThat(book.book().bidQty(0)).isEqualTo(3);
        assertThat(book.book().totalBidQty()).isEqualTo(3);
        assertThat(book.book().askPrice(0)).isZero();
        assertThat(value(calls.expectedMatch(SAMSUNG))).isEqualTo(book.expected());
    }

    @ParameterizedTest
    @EnumSource(Environment.class)
    void the_last_trade_has_the_current_price_and_trades_end_at_the_requested_time(Environment face) {
        DomesticCalls calls =
                (face == Environment.LIVE_FACE ? traded : tradedPaper).kis().domestic();
        PriceAnswer price = value(calls.price(SAMSUNG));
        List<TradeRow> trades = value(calls.latestTrades(SAMSUNG));
        assertThat(trades).hasSizeBetween(1, 30);
        assertThat(trades.getFirst().price()).isEqualTo(price.price());
        List<TradeRow> until = value(calls.tradesUntil(SAMSUNG, LocalTime.of(11, 59, 59)));
        assertThat(until).isNotEmpty().allMatch(it -> !it.time().isAfter(LocalTime.of(11, 59, 59)));
    }

    private static Permit permit(KisClient kis) {
        return ((Grant.Granted) Fixtures.budget(kis)
                        .acquire(Lane.LIMIT_ORDER, "t", true, Instant.now().plusSeconds(10)))
                .permit();
    }

    @Test
    void thirty_prices_equal_the_single_ones_in_the_requested_order() {
        List<QuickPrice> all = value(domestic(Environment.LIVE_FACE).prices(THIRTY));
        assertThat(all).extracting(QuickPrice::symbol).isEqualTo(THIRTY);
        for (QuickPrice quick : all) {
            PriceAnswer one = value(domestic(Environment.LIVE_FACE).price(quick.symbol()));
            assertThat(List.of(quick.price(), quick.change(), quick.changePct(), quick.volume(), quick.turnover()))
                    .as(quick.name())
                    .isEqualTo(List.of(one.price(), one.change(), one.changePct(), one.volume(), one.turnover()));
            assertThat(List.of(quick.upperLimit(), quick.lowerLimit(), quick.base()))
                    .isEqualTo(List.of(one.upperLimit(), one.lowerLimit(), one.base()));
        }
    }

    @Test
    void prices_are_requested_for_1_to_30_different_stocks() {
        DomesticCalls calls = domestic(Environment.LIVE_FACE);
        assertThat(failure(calls.prices(List.of())).kind()).isEqualTo(KisFailure.Kind.INVALID_REQUEST);
        assertThat(failure(calls.prices(List.of(SAMSUNG, SAMSUNG))).remedy()).contains("once");
        List<Symbol> many =
                Stream.concat(THIRTY.stream(), Stream.of(new Symbol("064350"))).toList();
        assertThat(failure(calls.prices(many)).kind()).isEqualTo(KisFailure.Kind.INVALID_REQUEST);
    }

    @Test
    void a_call_that_paper_does_not_offer_is_refused_with_an_alternative() {
        DomesticCalls calls = domestic(Environment.PAPER_FACE);
        assertThat(failure(calls.prices(THIRTY)).kind()).isEqualTo(KisFailure.Kind.UNSUPPORTED);
        assertThat(failure(calls.instrument(SAMSUNG)).kind()).isEqualTo(KisFailure.Kind.UNSUPPORTED);
        assertThat(failure(calls.on(QuoteBoard.NXT).price(SAMSUNG)).remedy()).contains("KRX");
        assertThat(value(domestic(Environment.LIVE_FACE).on(QuoteBoard.NXT).price(SAMSUNG)))
                .isNotNull();
    }

    @Test
    void an_instrument_agrees_with_the_other_calls_on_name_and_close() {
        InstrumentAnswer instrument = value(domestic(Environment.LIVE_FACE).instrument(SAMSUNG));
        assertThat(instrument.symbol()).isEqualTo(SAMSUNG);
        assertThat(instrument.name()).isEqualTo("삼성전자");
        assertThat(instrument.previousClose())
                .hasValue(value(domestic(Environment.LIVE_FACE).price(SAMSUNG)).base());
    }

    @ParameterizedTest
    @EnumSource(Environment.class)
    void a_chart_of_many_calls_is_complete_sorted_and_ends_with_the_current_price(Environment face) {
        LocalDate today = LocalDate.ofInstant(Instant.now(), TradingCalendar.SEOUL);
        LocalDate from = today.minusDays(730);
        List<DayBar> bars = value(domestic(face).chart(SAMSUNG, BarPeriod.DAY, from, today));
        assertThat(bars).extracting(DayBar::date).containsExactlyElementsOf(SimulatedBroker.chartDays(from, today));
        PriceAnswer price = value(domestic(face).price(SAMSUNG));
        assertThat(bars.getLast().close()).isEqualTo(price.price());
        assertThat(bars.getLast().volume()).isEqualTo(price.volume());
        assertThat(bars.get(bars.size() - 2).close()).isEqualTo(price.base());
        for (int i = 1; i < bars.size(); i++) {
            assertThat(bars.get(i).close() - bars.get(i).change())
                    .as("the close before %s", bars.get(i))
                    .isEqualTo(bars.get(i - 1).close());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DAY", "WEEK", "MONTH", "YEAR"})
    void a_chart_of_longer_bars_has_one_for_each_period(BarPeriod period) {
        LocalDate to = LocalDate.of(2026, 6, 30);
        LocalDate from = LocalDate.of(2021, 7, 1);
        List<DayBar> bars =
                value(domestic(Environment.LIVE_FACE).chart(SAMSUNG, period, from, to, false, CallOptions.standard()));
        assertThat(bars).extracting(bar -> period.first(bar.date())).doesNotHaveDuplicates();
        switch (period) {
            case DAY -> assertThat(bars).hasSizeBetween(1_230, 1_304);
            case WEEK -> assertThat(bars).hasSizeBetween(258, 262);
            case MONTH -> assertThat(bars).hasSizeBetween(59, 61);
            case YEAR -> assertThat(bars).hasSizeBetween(5, 6);
            default -> throw new AssertionError(period);
        }
    }

    @Test
    void a_chart_of_days_refuses_bars_of_minutes() {
        LocalDate day = LocalDate.of(2026, 6, 30);
        assertThat(failure(domestic(Environment.LIVE_FACE).chart(SAMSUNG, BarPeriod.M5, day, day))
                        .remedy())
                .contains("minutes");
        assertThat(failure(domestic(Environment.LIVE_FACE).indexChart("0001", BarPeriod.M1, day, day))
                        .remedy())
                .contains("minutes");
    }

    @ParameterizedTest
    @EnumSource(Environment.class)
    void the_minutes_of_today_are_paged_back_to_the_first(Environment face) {
        DomesticCalls calls =
                (face == Environment.LIVE_FACE ? traded : tradedPaper).kis().domestic();
        List<MinuteBar> bars = value(calls.minutesToday(SAMSUNG, LocalTime.of(9, 0), LocalTime.of(15, 30)));
        // The last ten minutes collect orders for the closing price.
        assertThat(bars).hasSize(381);
        assertThat(bars.getFirst().at().toLocalTime()).isEqualTo(LocalTime.of(9, 0));
        assertThat(bars.getLast().at().toLocalTime()).isEqualTo(LocalTime.of(15, 30));
        assertThat(bars.getLast().close()).isEqualTo(value(calls.price(SAMSUNG)).price());
        assertThat(bars).extracting(MinuteBar::at).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void future_minutes_are_not_requested() {
        var atTen = new DomesticCalls(
                traded.kis(), Environment.LIVE_FACE, InstantSource.fixed(Instant.parse("2026-11-20T01:00:00Z")));
        List<MinuteBar> bars = value(atTen.minutesToday(SAMSUNG, LocalTime.of(9, 30), LocalTime.of(15, 30)));
        assertThat(bars.getLast().at().toLocalTime()).isEqualTo(LocalTime.of(10, 0));
        assertThat(bars).hasSize(31);
    }

    @Test
    void the_minutes_of_a_past_day_are_paged_until_complete() {
        LocalDate day = LocalDate.of(2026, 11, 12);
        List<MinuteBar> bars =
                value(domestic(Environment.LIVE_FACE).minutes(SAMSUNG, day.atTime(9, 0), day.atTime(15, 30)));
        assertThat(bars).hasSize(381);
        assertThat(bars).extracting(MinuteBar::at).isSorted().doesNotHaveDuplicates();
        assertThat(bars.getFirst().at()).isEqualTo(day.atTime(9, 0));
        LocalDateTime to = day.atTime(9, 30);
        assertThat(failure(domestic(Environment.PAPER_FACE).minutes(SAMSUNG, day.atTime(9, 0), to))
                        .kind())
                .isEqualTo(KisFailure.Kind.UNSUPPORTED);
        assertThat(failure(domestic(Environment.LIVE_FACE).minutes(SAMSUNG, to, day.atTime(9, 0)))
                        .msg1())
                .contains("backwards");
    }
}
