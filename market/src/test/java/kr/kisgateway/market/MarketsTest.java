package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MarketsTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final UsSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");

    private static final Markets MARKETS = Markets.standard();
    private static final MarketPolicy KOREA = MARKETS.of(Market.KOREA);
    private static final MarketPolicy US = MARKETS.of(Market.US);

    @Test
    void the_standard_markets_are_korea_and_the_us() {
        assertThat(MARKETS.all()).extracting(MarketPolicy::market).containsExactly(Market.KOREA, Market.US);
        assertThatThrownBy(() -> new Markets(List.of(US)).of(Market.KOREA))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no policy of the market kr");
    }

    @Test
    void a_further_market_comes_after_the_others() {
        assertThat(new Markets(List.of(KOREA)).with(US).all()).containsExactly(KOREA, US);
    }

    @Test
    void a_text_is_the_symbol_of_the_market_whose_form_it_has() {
        assertThat(MARKETS.parse("005930")).contains(SAMSUNG);
        assertThat(MARKETS.parse("AAPL.NASD")).contains(APPLE);
        assertThat(MARKETS.parse("AAPL")).isEmpty();
        assertThat(MARKETS.parse("5930")).isEmpty();
        assertThat(KOREA.parse("005930")).isEqualTo(Optional.of(SAMSUNG));
        assertThat(KOREA.parse("AAPL.NASD").isPresent()).isFalse();
        assertThat(US.parse("AAPL.NASD")).isEqualTo(Optional.of(APPLE));
        assertThat(US.parse("005930").isPresent()).isFalse();
    }

    @Test
    void each_market_has_its_boards_or_exchanges_as_lists() {
        assertThat(KOREA.lists()).containsExactly("KOSPI", "KOSDAQ", "KONEX");
        assertThat(US.lists()).containsExactly("NASD", "NYSE", "AMEX");
    }

    @Test
    void each_market_corrects_the_errors_of_its_own_symbols() {
        assertThat(KOREA.candidates("5930").equals(List.of(SAMSUNG))).isTrue();
        assertThat(KOREA.candidates("no symbol")).isEmpty();
        assertThat(US.candidates("aapl"))
                .extracting(MarketSymbol::code)
                .containsExactly("AAPL.NASD", "AAPL.NYSE", "AAPL.AMEX");
    }

    @Test
    void each_market_has_its_own_price_steps() {
        assertThat(KOREA.tick(Product.STOCK, 71_500, DAY)).isEqualTo(100);
        assertThat(KOREA.tick(Product.ETF, 71_500, DAY)).isEqualTo(5);
        assertThat(US.tick(Product.STOCK, 71_500, DAY)).isEqualTo(100);
        assertThat(US.tick(Product.STOCK, 9_999, DAY)).isEqualTo(1);
    }

    @Test
    void the_us_instruments_are_shipped_with_their_exchange_as_list_and_koreas_are_not() {
        assertThat(KOREA.shipped()).isEmpty();
        assertThat(US.shipped())
                .hasSize(494)
                .contains(new MarketPolicy.ShippedInstrument(
                        APPLE,
                        "NASD",
                        Product.STOCK,
                        "Apple Inc. Common Stock",
                        3_093_500,
                        LocalDate.of(2026, 8, 21),
                        46_767_645,
                        OptionalLong.of(14_594_180_000L),
                        Optional.of("Technology")));
    }

    @Test
    void the_caches_of_korea_have_no_prefix_and_those_of_others_the_id_of_their_market() {
        assertThat(Market.KOREA.cacheName("book")).isEqualTo("book");
        assertThat(Market.US.cacheName("book")).isEqualTo("us_book");
    }
}
