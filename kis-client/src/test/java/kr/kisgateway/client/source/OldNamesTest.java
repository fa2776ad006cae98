package kr.kisgateway.client.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("P-04")
class OldNamesTest {
    private static final Symbol SYMBOL = new Symbol("005930");
    private static final AsOf NOW = new AsOf.Now(Instant.parse("2026-11-20T00:30:00Z"));

    private static final SourcePrice PRICE = new SourcePrice(
            SYMBOL,
            Optional.of("삼성전자"),
            71500,
            OptionalLong.of(-500),
            Optional.of(new BigDecimal("-0.69")),
            OptionalLong.of(72000),
            OptionalLong.of(72300),
            OptionalLong.of(71400),
            OptionalLong.of(1234567),
            OptionalLong.of(88000000000L),
            OptionalLong.of(426839452325000L),
            NOW);
    private static final SourceBook BOOK = new SourceBook(
            SYMBOL,
            List.of(
                    new SourceBook.Level(71400, 10, OptionalLong.of(3)),
                    new SourceBook.Level(71300, 20, OptionalLong.empty())),
            List.of(new SourceBook.Level(71500, 7, OptionalLong.of(1))),
            30,
            7,
            NOW);
    private static final Bar BAR =
            new Bar(LocalDate.of(2026, 11, 19), Optional.empty(), 1, 4, 1, 3, 100, OptionalLong.of(250));
    private static final StockInfo INFO = new StockInfo(
            SYMBOL,
            "삼성전자",
            Optional.of("SamsungElectronics"),
            Optional.of("KR7005930003"),
            Board.KOSPI,
            Optional.of("우량기업부"),
            Optional.of("통신 및 방송 장비 제조업"),
            OptionalLong.of(5969782550L),
            Optional.of(new BigDecimal("100")),
            Optional.of(LocalDate.of(1975, 6, 11)),
            new AsOf.PublishedDay(LocalDate.of(2026, 11, 19)));

    private final OldNames names = OldNames.load();

    @Test
    @Requirement(value = "P-04", clause = "price")
    void a_price_is_printed_with_the_old_names() {
        assertThat(names.print(PRICE))
                .containsExactly(
                        Map.entry("stock_code", "005930"),
                        Map.entry("stock_name", "삼성전자"),
                        Map.entry("current_price", 71500L),
                        Map.entry("change_price", -500L),
                        Map.entry("change_rate", new BigDecimal("-0.69")),
                        Map.entry("open_price", 72000L),
                        Map.entry("high_price", 72300L),
                        Map.entry("low_price", 71400L),
                        Map.entry("volume", 1234567L),
                        Map.entry("trading_value", 88000000000L),
                        Map.entry("market_cap", 426839452325000L),
                        Map.entry("timestamp", "2026-11-20T09:30:00+09:00"));
    }

    @Test
    @Requirement(value = "P-04", clause = "levels")
    void a_book_is_printed_with_the_old_names_level_by_level_and_each_has_a_count() {
        Map<String, Object> printed = names.print(BOOK);
        assertThat(printed)
                .containsEntry(
                        "bid_levels",
                        List.of(
                                Map.of("price", 71400L, "volume", 10L, "count", 3L),
                                Map.of("price", 71300L, "volume", 20L, "count", 0L)))
                .containsEntry("ask_levels", List.of(Map.of("price", 71500L, "volume", 7L, "count", 1L)))
                .containsEntry("total_bid_volume", 30L)
                .containsEntry("total_ask_volume", 7L)
                .containsEntry("best_bid", 71400L)
                .containsEntry("best_ask", 71500L)
                .containsEntry("spread", 100L);
    }

    @Test
    void a_book_with_an_empty_side_has_no_best_price_and_no_spread() {
        var book = new SourceBook(SYMBOL, List.of(), BOOK.asks(), 0, 7, NOW);
        assertThat(names.print(book)).doesNotContainKeys("best_bid", "spread").containsKey("best_ask");
    }

    @Test
    void a_chart_is_printed_newest_first_with_the_dates_of_the_old_client() {
        Bar minute = new Bar(
                LocalDate.of(2026, 11, 20), Optional.of(LocalTime.of(9, 1)), 1, 4, 1, 3, 100, OptionalLong.empty());
        var chart = new SourceChart(SYMBOL, ChartPeriod.DAY, List.of(BAR, minute), List.of(), false);
        assertThat(names.print(chart))
                .extracting(bar -> bar.get("date"), bar -> bar.get("close_price"), bar -> bar.get("trading_value"))
                .containsExactly(tuple("20261120090100", 3L, null), tuple("20261119", 3L, 250L));
    }

    @Test
    @Requirement(value = "P-04", clause = "info")
    void stock_information_is_printed_with_the_old_names() {
        assertThat(names.print(INFO))
                .isEqualTo(Map.of(
                        "stock_code", "005930",
                        "stock_name", "삼성전자",
                        "market", "KOSPI",
                        "sector", "우량기업부",
                        "industry", "통신 및 방송 장비 제조업",
                        "listed_shares", 5969782550L,
                        "face_value", new BigDecimal("100")));
    }

    @Test
    @Requirement(value = "P-04", clause = "names")
    void every_promised_name_is_in_the_table_and_every_row_is_printed() {
        assertThat(names.names())
                .extracting(OldNames.Name::oldName)
                .contains(
                        "stock_code",
                        "stock_name",
                        "current_price",
                        "change_price",
                        "change_rate",
                        "open_price",
                        "high_price",
                        "low_price",
                        "volume",
                        "trading_value",
                        "market_cap",
                        "timestamp",
                        "bid_levels",
                        "ask_levels",
                        "total_bid_volume",
                        "total_ask_volume",
                        "best_bid",
                        "best_ask",
                        "spread",
                        "count",
                        "date",
                        "close_price",
                        "market",
                        "sector",
                        "industry",
                        "listed_shares",
                        "face_value");
        for (SourceValue value : List.of(PRICE, BOOK, BOOK.bids().getFirst(), BAR, INFO)) {
            List<OldNames.Name> own = names.names().stream()
                    .filter(it -> it.kind().equals(value.kind()))
                    .toList();
            assertThat(own).isNotEmpty();
            assertThat(value.fields().keySet())
                    .containsAll(own.stream().map(OldNames.Name::currentName).toList());
        }
    }
}
