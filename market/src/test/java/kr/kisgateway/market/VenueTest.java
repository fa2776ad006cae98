package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VenueTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final UsSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");
    private static final UsSymbol BERKSHIRE = new UsSymbol(UsExchange.NYSE, "BRK/B");
    private static final UsSymbol SPY = new UsSymbol(UsExchange.AMEX, "SPY");

    @Test
    void an_order_without_a_venue_goes_to_krx_or_to_the_exchange_that_lists_the_stock() {
        assertThat(Venue.usual(SAMSUNG)).isEqualTo(Venue.KRX);
        assertThat(Venue.usual(APPLE)).isEqualTo(Venue.NASD);
        assertThat(Venue.usual(BERKSHIRE)).isEqualTo(Venue.NYSE);
        assertThat(Venue.usual(SPY)).isEqualTo(Venue.AMEX);
    }

    @Test
    void korean_stocks_may_go_to_korean_venues_and_us_stocks_to_their_own_exchange() {
        assertThat(Arrays.stream(Venue.values()).filter(venue -> venue.takes(SAMSUNG)))
                .containsExactly(Venue.KRX, Venue.NXT, Venue.SOR);
        assertThat(Arrays.stream(Venue.values()).filter(venue -> venue.takes(APPLE)))
                .containsExactly(Venue.NASD);
        assertThat(Arrays.stream(Venue.values()).filter(venue -> venue.takes(BERKSHIRE)))
                .containsExactly(Venue.NYSE);
    }

    @Test
    void nxt_and_both_venues_together_are_the_series_of_venues() {
        assertThat(Arrays.stream(PriceSeries.values()).filter(PriceSeries::isOfVenues))
                .containsExactly(PriceSeries.NXT, PriceSeries.UNIFIED);
        for (var other : new PriceSeries[] {PriceSeries.MAIN, PriceSeries.DAY_MARKET}) {
            assertThatThrownBy(() -> new VenueSymbol(SAMSUNG, other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(other + " is not a series of venues");
        }
    }

    @Test
    void only_the_series_of_venues_of_a_korean_stock_have_symbols_of_their_own() {
        assertThat(VenueSymbol.of(SAMSUNG, PriceSeries.NXT)).isEqualTo(new VenueSymbol(SAMSUNG, PriceSeries.NXT));
        assertThat(VenueSymbol.of(SAMSUNG, PriceSeries.UNIFIED))
                .isEqualTo(new VenueSymbol(SAMSUNG, PriceSeries.UNIFIED));
        assertThat(VenueSymbol.of(SAMSUNG, PriceSeries.MAIN)).isEqualTo(SAMSUNG);
        assertThat(VenueSymbol.of(APPLE, PriceSeries.NXT)).isEqualTo(APPLE);
        assertThat(VenueSymbol.of(APPLE, PriceSeries.DAY_MARKET)).isEqualTo(APPLE);
    }

    @Test
    void a_stock_at_a_venue_is_written_with_the_venue_and_remains_the_listed_stock() {
        var atNxt = new VenueSymbol(SAMSUNG, PriceSeries.NXT);
        assertThat(atNxt.code()).isEqualTo("005930.NXT");
        assertThat(atNxt).hasToString("005930.NXT");
        assertThat(new VenueSymbol(SAMSUNG, PriceSeries.UNIFIED)).hasToString("005930.UNIFIED");
        assertThat(atNxt.ticker()).isEqualTo("005930");
        assertThat(atNxt.listed()).isEqualTo(SAMSUNG);
        assertThat(atNxt.market()).isEqualTo(Market.KOREA);
    }

    @Test
    void the_main_series_has_no_venue() {
        assertThat(VenueSymbol.venueOf(new VenueSymbol(SAMSUNG, PriceSeries.UNIFIED)))
                .contains("UNIFIED");
        assertThat(VenueSymbol.venueOf(SAMSUNG)).isEmpty();
        assertThat(VenueSymbol.venueOf(APPLE)).isEmpty();
    }
}
