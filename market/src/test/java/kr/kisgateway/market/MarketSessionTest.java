package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MarketSessionTest {
    @Test
    void orders_are_matched_or_collected_in_every_session_but_the_closed_one() {
        assertThat(Arrays.stream(Session.values()).filter(session -> !session.isOpen()))
                .containsExactly(Session.CLOSED);
        assertThat(Arrays.stream(UsSession.values()).filter(session -> !session.isOpen()))
                .containsExactly(UsSession.CLOSED);
    }

    @Test
    void only_in_koreas_opening_auction_nothing_has_traded_yet() {
        assertThat(Arrays.stream(Session.values()).filter(Session::isBeforeTrading))
                .containsExactly(Session.PRE_OPEN_AUCTION);
        assertThat(Arrays.stream(UsSession.values()).filter(UsSession::isBeforeTrading))
                .isEmpty();
    }

    @Test
    void korea_collects_orders_at_both_ends_of_the_day_and_after_hours_and_new_york_never() {
        assertThat(Arrays.stream(Session.values()).filter(Session::isAuction))
                .containsExactly(Session.PRE_OPEN_AUCTION, Session.CLOSING_AUCTION, Session.AFTER_HOURS_SINGLE_PRICE);
        assertThat(Arrays.stream(UsSession.values()).filter(UsSession::isAuction))
                .isEmpty();
    }

    @Test
    void the_price_of_a_korean_stock_is_that_of_the_regular_session_with_its_close() {
        assertThat(Arrays.stream(Session.values()).filter(Session::setsPrice))
                .containsExactly(Session.REGULAR, Session.CLOSING_AUCTION);
    }

    @Test
    void every_open_session_of_new_york_sets_the_price_of_its_series() {
        assertThat(Arrays.stream(UsSession.values()).filter(UsSession::setsPrice))
                .containsExactly(UsSession.DAY_MARKET, UsSession.PRE, UsSession.REGULAR, UsSession.AFTER);
    }

    @Test
    void only_the_day_market_has_prices_of_its_own() {
        assertThat(Arrays.stream(UsSession.values()).filter(session -> session.series() == PriceSeries.DAY_MARKET))
                .containsExactly(UsSession.DAY_MARKET);
        assertThat(Arrays.stream(UsSession.values()).filter(session -> session.series() == PriceSeries.MAIN))
                .containsExactly(UsSession.CLOSED, UsSession.PRE, UsSession.REGULAR, UsSession.AFTER);
        assertThat(Session.values()).allMatch(session -> session.series() == PriceSeries.MAIN);
    }

    @Test
    void a_stock_collects_orders_in_auctions_and_after_interruptions() {
        assertThat(Arrays.stream(Phase.values()).filter(Phase::isAuction))
                .containsExactly(
                        Phase.OPENING_AUCTION,
                        Phase.CLOSING_AUCTION,
                        Phase.AFTER_INTAKE,
                        Phase.SINGLE_PRICE,
                        Phase.INTERRUPTED,
                        Phase.RESUMING);
    }

    @Test
    void orders_are_matched_as_they_arrive_before_in_and_after_the_regular_session() {
        assertThat(Arrays.stream(Phase.values()).filter(Phase::isContinuous))
                .containsExactly(Phase.PRE_MARKET, Phase.REGULAR, Phase.AFTER_MARKET);
    }
}
