package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PerMarketTest {
    private static final Symbol SAMSUNG = Symbol.of("005930");
    private static final UsSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");

    private final PerMarket<MarketCalendar> calendars = Markets.standard().calendars(new KrxCalendar());

    @Test
    void symbols_find_the_part_of_their_market() {
        assertThat(calendars.markets()).containsExactly(Market.KOREA, Market.US);
        assertThat(calendars.of(SAMSUNG)).isInstanceOf(TradingCalendar.class);
        assertThat(calendars.of(APPLE)).isInstanceOf(UsHours.class);
        var korea = new PerMarket<>(Map.of(Market.KOREA, "Korea"));
        assertThatThrownBy(() -> korea.of(APPLE)).hasMessageContaining("us");
    }

    @Test
    void each_part_receives_the_symbols_that_its_market_lists() {
        var received = new LinkedHashMap<String, List<MarketSymbol>>();
        calendars.map((market, _) -> market.id()).forEach(List.of(APPLE, SAMSUNG, APPLE), received::put);
        assertThat(received).containsExactly(Map.entry("kr", List.of(SAMSUNG)), Map.entry("us", List.of(APPLE, APPLE)));
    }

    @Test
    void the_parts_of_all_markets_come_in_the_order_of_the_markets() {
        assertThat(calendars.map((market, _) -> market.id()).all()).containsExactly("kr", "us");
    }
}
