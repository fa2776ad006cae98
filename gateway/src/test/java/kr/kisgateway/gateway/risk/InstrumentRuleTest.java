package kr.kisgateway.gateway.risk;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("G-15")
class InstrumentRuleTest {
    private final InstrumentRule prices = new InstrumentRule(
            Instruments.load()::find,
            symbol -> symbol.code().equals("AAPL.NASD"),
            new OpenCalendar(),
            new ManualClock("2026-11-20T02:00:00Z"),
            (kind, venue, day) -> venue == Venue.NXT);

    @Test
    void a_us_price_has_cents_from_a_dollar_on_and_hundredths_of_a_cent_below() {
        var apple = new UsSymbol(UsExchange.NASD, "AAPL");
        assertThat(prices.check(apple, OptionalLong.of(1_873_400))).isEmpty();
        assertThat(prices.check(apple, OptionalLong.of(9_999))).isEmpty();
        Refusal refusal = prices.check(apple, OptionalLong.of(1_873_450)).orElseThrow();
        assertThat(refusal.message()).contains("in steps of 0.01 dollars");
        assertThat(refusal.details())
                .containsEntry("nearest", List.of(new BigDecimal("187.34"), new BigDecimal("187.35")));
        assertThat(prices.check(new UsSymbol(UsExchange.NYSE, "AAPL"), OptionalLong.empty())
                        .orElseThrow()
                        .code())
                .isEqualTo(ErrorCode.SYMBOL_NOT_FOUND);
    }

    @Test
    void a_price_off_the_tick_table_is_refused_and_the_nearest_are_named() {
        assertThat(prices.check(RiskSample.SAMSUNG, OptionalLong.of(70_000))).isEmpty();
        Refusal refusal =
                prices.check(RiskSample.SAMSUNG, OptionalLong.of(70_050)).orElseThrow();
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_TICK_SIZE);
        assertThat(refusal.details()).containsEntry("nearest", List.of(70_000L, 70_100L));
    }

    @Test
    void an_unlisted_symbol_is_refused_with_and_without_a_price() {
        var unlisted = new Symbol("ZZZZZZ");
        assertThat(prices.check(unlisted, OptionalLong.empty()).map(Refusal::code))
                .contains(ErrorCode.SYMBOL_NOT_FOUND);
        assertThat(prices.check(unlisted, OptionalLong.of(1)).map(Refusal::code))
                .contains(ErrorCode.SYMBOL_NOT_FOUND);
        assertThat(prices.check(RiskSample.SAMSUNG, OptionalLong.empty())).isEmpty();
    }

    @Test
    void an_etf_is_refused_where_only_shares_are_traded() {
        var kodex200 = new Symbol("069500");
        assertThat(prices.checkVenue(kodex200, OrderKind.LIMIT, Venue.KRX)).isEmpty();
        assertThat(prices.checkVenue(RiskSample.SAMSUNG, OrderKind.LIMIT, Venue.NXT))
                .isEmpty();
        Refusal refusal =
                prices.checkVenue(kodex200, OrderKind.LIMIT, Venue.NXT).orElseThrow();
        assertThat(refusal.code()).isEqualTo(ErrorCode.SYMBOL_RESTRICTED);
        assertThat(refusal.details())
                .containsEntry("restriction", "shares_only")
                .containsEntry("product", "ETF");
    }
}
