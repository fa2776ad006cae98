package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsListingTest {
    /** Parsed for each test: the parser is what they verify. */
    private final UsListing listing = UsListing.load();

    @Test
    void apple_is_listed_on_nasdaq_with_its_close_in_ten_thousandths_of_a_dollar() {
        UsInstrument apple = listing.find(new UsSymbol(UsExchange.NASD, "AAPL")).orElseThrow();
        assertThat(apple.name()).isEqualTo("Apple Inc. Common Stock");
        assertThat(apple.close()).isEqualTo(3_093_500);
        assertThat(apple.volume()).isEqualTo(46_767_645);
        assertThat(apple.closeDate()).isEqualTo(LocalDate.of(2026, 8, 21));
        // 4,514,709,583,000 dollars at 309.35 each
        assertThat(apple.listedShares()).isEqualTo(14_594_180_000L);
        assertThat(listing.find(new UsSymbol(UsExchange.NYSE, "AAPL"))).isEmpty();
    }

    @Test
    void four_hundred_and_forty_stocks_fifty_funds_and_four_class_shares_are_listed_and_tradable() {
        assertThat(listing.all())
                .hasSize(494)
                .isSortedAccordingTo((a, b) -> a.symbol().compareTo(b.symbol()));
        assertThat(listing.all()).allMatch(stock -> stock.close() > 0 && stock.listedShares() > 0);
        assertThat(listing.all()).allMatch(stock -> stock.volume() > 0);
        assertThat(listing.all().stream().filter(stock -> stock.symbol().exchange() == UsExchange.AMEX))
                .hasSize(78);
    }

    @Test
    void a_class_share_is_listed_and_suggested_for_every_spelling() {
        assertThat(listing.find(new UsSymbol(UsExchange.NYSE, "BRK/B"))).get().satisfies(berkshire -> {
            assertThat(berkshire.symbol()).hasToString("BRK-B.NYSE");
            assertThat(berkshire.name()).isEqualTo("Berkshire Hathaway Inc. Class B Common Stock");
            assertThat(berkshire.product()).isEqualTo(Product.STOCK);
        });
        for (String text : List.of("BRK.B", "BRK/B", "BRK-B", "BRK B", "brk.b", "BRK.B.NYSE", "BRK/B.NASD")) {
            assertThat(MarketSymbol.suggestion(text)).as(text).contains("BRK-B.NYSE");
        }
        assertThat(MarketSymbol.suggestion("BF.A")).contains("BF-A.NYSE");
    }

    @Test
    void funds_popular_in_korea_are_listed_on_the_exchange_of_kis() {
        assertThat(listing.find(new UsSymbol(UsExchange.AMEX, "SPY"))).get().satisfies(spy -> {
            assertThat(spy.name()).isEqualTo("SPDR S&P 500 ETF Trust");
            assertThat(spy.product()).isEqualTo(Product.ETF);
        });
        assertThat(listing.find(new UsSymbol(UsExchange.AMEX, "FNGU")))
                .get()
                .extracting(UsInstrument::product)
                .isEqualTo(Product.ETN);
        assertThat(listing.find(new UsSymbol(UsExchange.NYSE, "IONQ")))
                .get()
                .extracting(UsInstrument::product)
                .isEqualTo(Product.STOCK);
        for (String nasdaq : List.of("QQQ", "TQQQ", "SQQQ", "TLT", "IBIT")) {
            assertThat(listing.find(new UsSymbol(UsExchange.NASD, nasdaq)))
                    .as(nasdaq)
                    .isPresent();
        }
        for (String arca : List.of("SOXL", "SCHD", "JEPI", "VOO", "GLD")) {
            assertThat(listing.find(new UsSymbol(UsExchange.AMEX, arca)))
                    .as(arca)
                    .isPresent();
        }
    }

    @Test
    void a_ticker_has_capitals_digits_and_a_class_behind_a_slash() {
        assertThat(UsSymbol.of(UsExchange.NYSE, "BRK/B")).isPresent();
        assertThat(UsSymbol.of(UsExchange.NYSE, "brk/b")).isEmpty();
        assertThat(new UsSymbol(UsExchange.NYSE, "KO")).hasToString("KO.NYSE");
        assertThatThrownBy(() -> new UsSymbol(UsExchange.NASD, "A PL")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void as_text_a_class_stands_behind_a_dash_because_paths_have_no_slash() {
        var shares = new UsSymbol(UsExchange.NYSE, "BRK/B");

        assertThat(shares).hasToString("BRK-B.NYSE");
        assertThat(UsSymbol.parse("BRK-B.NYSE")).contains(shares);
        assertThat(List.of("BRK/B.NYSE", "BRK.B.NYSE", "BRK-.NYSE", "-B.NYSE", "A-B-C.NYSE"))
                .allMatch(text -> UsSymbol.parse(text).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "3093500,100,true,3093600,3093400",
        "2538250,100,false,2538300,2538200",
        "10000,100,true,10100,9999",
        "9999,1,true,10000,9998",
        "10050,100,false,10100,10000",
        "1,1,true,2,0"
    })
    void ticks_are_a_cent_from_a_dollar_on_and_a_hundredth_of_one_below(
            long price, long tick, boolean valid, long up, long down) {
        assertThat(UsTicks.tick(price)).isEqualTo(tick);
        assertThat(UsTicks.isOnTick(price)).isEqualTo(valid);
        assertThat(UsTicks.nextUp(price)).isEqualTo(up);
        assertThat(UsTicks.nextDown(price)).isEqualTo(down);
        assertThat(UsTicks.isOnTick(0)).isFalse();
    }

    @Test
    void a_stock_has_its_sector_and_country_where_the_source_has_them() {
        assertThat(listing.find(new UsSymbol(UsExchange.NASD, "AAPL"))).get().satisfies(apple -> {
            assertThat(apple.sector()).contains("Technology");
            assertThat(apple.country()).contains("United States");
        });
        assertThat(listing.find(new UsSymbol(UsExchange.AMEX, "HSLV"))).get().satisfies(highlander -> {
            assertThat(highlander.sector()).isEmpty();
            assertThat(highlander.country()).isEmpty();
        });
    }

    @Test
    void tickers_are_ordered_as_text_and_those_of_one_text_by_their_exchange() {
        var apple = new UsSymbol(UsExchange.NASD, "AAPL");
        assertThat(apple).isLessThan(new UsSymbol(UsExchange.NASD, "AMZN"));
        assertThat(new UsSymbol(UsExchange.NYSE, "AAPL")).isGreaterThan(apple);
        assertThat(new UsSymbol(UsExchange.NYSE, "AAPL")).isLessThan(new UsSymbol(UsExchange.NASD, "AMZN"));
        assertThat(apple).isEqualByComparingTo(new UsSymbol(UsExchange.NASD, "AAPL"));
    }
}
