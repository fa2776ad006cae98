package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.DAY;
import static kr.kisgateway.gateway.risk.RiskSample.NOW;
import static kr.kisgateway.gateway.risk.RiskSample.SAMSUNG;
import static kr.kisgateway.gateway.risk.RiskSample.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.risk.RiskPolicy.CountScope;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import org.junit.jupiter.api.Test;

/** What own orders reserve, sum by sum and to the millisecond. */
class ExposureSumsTest {
    private static final Symbol HYNIX = new Symbol("000660");
    private static final MarketSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");
    private static final LocalDate LOAN = LocalDate.of(2026, 10, 5);
    private static final long COMMISSION_OF_700_000 = 98;

    private final Exposure exposure = new Exposure(Commissions.usual());

    /** An order whose state changes. */
    private static final class Sample {
        private final String id;
        private final Side side;
        private final OptionalLong limitPrice;
        private RiskScope scope = SCOPE;
        private MarketSymbol symbol = SAMSUNG;
        private long filled;
        private long value;
        private long remaining;
        private OptionalLong worstPrice = OptionalLong.empty();
        private Optional<Instant> acknowledgedAt = Optional.empty();
        private boolean external;
        private Optional<LocalDate> loanDate = Optional.empty();

        private Sample(String id, Side side, long remaining, OptionalLong limitPrice) {
            this.id = id;
            this.side = side;
            this.remaining = remaining;
            this.limitPrice = limitPrice;
        }

        static Sample buy(String id, long remaining, long price) {
            return new Sample(id, Side.BUY, remaining, OptionalLong.of(price));
        }

        static Sample sell(String id, long remaining, long price) {
            return new Sample(id, Side.SELL, remaining, OptionalLong.of(price));
        }

        static Sample unpriced(String id, Side side, long remaining) {
            return new Sample(id, side, remaining, OptionalLong.empty());
        }

        OpenExposure order() {
            return new OpenExposure(
                    id,
                    scope,
                    symbol,
                    side,
                    filled,
                    value,
                    remaining,
                    limitPrice,
                    worstPrice,
                    acknowledgedAt,
                    external,
                    loanDate);
        }

        Sample filled(long shares, long amount, long open) {
            filled = shares;
            value = amount;
            remaining = open;
            return this;
        }

        Sample remaining(long shares) {
            remaining = shares;
            return this;
        }

        Sample acknowledged(Instant at) {
            acknowledgedAt = Optional.of(at);
            return this;
        }

        Sample of(RiskScope owner) {
            scope = owner;
            return this;
        }

        Sample of(MarketSymbol other) {
            symbol = other;
            return this;
        }

        Sample worst(long price) {
            worstPrice = OptionalLong.of(price);
            return this;
        }

        Sample external() {
            external = true;
            return this;
        }

        Sample repaying(LocalDate loan) {
            loanDate = Optional.of(loan);
            return this;
        }
    }

    private void update(Sample sample, Instant at) {
        exposure.update(sample.order(), at);
    }

    private void update(Sample sample) {
        update(sample, NOW);
    }

    private OptionalLong cash(Instant requestedAt) {
        return exposure.unreportedCash(requestedAt, "A1", Currency.KRW);
    }

    private long buys(Instant requestedAt) {
        return exposure.unreportedBuys(requestedAt, "A1", SAMSUNG);
    }

    private long sells(Instant requestedAt) {
        return exposure.unreportedSells(requestedAt, "A1", SAMSUNG, Optional.empty());
    }

    private OptionalLong creditPower(Instant requestedAt) {
        return exposure.unreportedBuyingPower(requestedAt, "A1", Currency.KRW);
    }

    private OptionalLong crossing(Side side, long price) {
        return exposure.findCrossingPrice("A1", SAMSUNG, side, OptionalLong.of(price));
    }

    private long bought(CountScope countScope) {
        return exposure.boughtToday(SCOPE, countScope, Currency.KRW);
    }

    // ---- cash and shares of buys ----

    @Test
    void an_open_buy_reserves_its_amount_with_the_commission_until_it_ends() {
        update(Sample.buy("b", 10, 70_000));
        assertThat(cash(NOW)).hasValue(700_000 + COMMISSION_OF_700_000);
        assertThat(buys(NOW)).isEqualTo(10);
        update(Sample.buy("b", 10, 70_000));
        assertThat(cash(NOW)).as("reported twice").hasValue(700_000 + COMMISSION_OF_700_000);
        update(Sample.buy("b", 10, 140_000));
        assertThat(cash(NOW)).as("re-priced").hasValue(1_400_000 + 196);
        update(Sample.buy("b", 0, 140_000));
        assertThat(cash(NOW)).hasValue(0);
        assertThat(buys(NOW)).isZero();
    }

    @Test
    void the_reservations_of_two_buys_add_up_and_end_one_by_one() {
        update(Sample.buy("b1", 10, 70_000));
        update(Sample.buy("b2", 20, 70_000));
        assertThat(buys(NOW)).isEqualTo(30);
        assertThat(cash(NOW)).hasValue(2_100_000 + COMMISSION_OF_700_000 + 196);
        update(Sample.buy("b1", 0, 70_000));
        assertThat(buys(NOW)).isEqualTo(20);
        assertThat(cash(NOW)).hasValue(1_400_000 + 196);
    }

    @Test
    void a_buy_bounded_by_a_worst_price_reserves_that_and_not_its_own() {
        update(Sample.buy("b", 10, 60_000).worst(70_000));
        assertThat(cash(NOW)).hasValue(700_000 + COMMISSION_OF_700_000);
    }

    @Test
    void cash_and_shares_of_other_accounts_currencies_and_symbols_are_separate() {
        update(Sample.buy("b", 10, 70_000));
        update(Sample.buy("h", 1, 200_000).of(HYNIX));
        update(Sample.buy("u", 10, 1_000_000).of(APPLE));
        assertThat(exposure.unreportedCash(NOW, "A2", Currency.KRW)).hasValue(0);
        assertThat(exposure.unreportedCash(NOW, "A1", Currency.USD)).hasValue(10_000_000 + 25_000);
        assertThat(exposure.unreportedBuys(NOW, "A2", SAMSUNG)).isZero();
        assertThat(exposure.unreportedBuys(NOW, "A1", HYNIX)).isEqualTo(1);
        assertThat(cash(NOW)).hasValue(900_000 + COMMISSION_OF_700_000 + 28);
    }

    @Test
    void available_cash_is_the_deposit_less_what_is_committed_and_may_be_below_zero() {
        update(Sample.buy("b", 10, 70_000));
        assertThat(exposure.availableCash(1_000_000, NOW, "A1", Currency.KRW)).hasValue(299_902);
        assertThat(exposure.availableCash(500_000, NOW, "A1", Currency.KRW)).hasValue(-200_098);
        assertThat(exposure.availableCash(500_000, NOW, "A2", Currency.KRW)).hasValue(500_000);
    }

    @Test
    void an_open_buy_without_a_price_makes_the_cash_unknown_until_it_ends() {
        var unpriced = Sample.unpriced("m", Side.BUY, 5);
        update(Sample.buy("b", 10, 70_000));
        update(unpriced);
        assertThat(cash(NOW)).isEmpty();
        assertThat(exposure.availableCash(1_000_000, NOW, "A1", Currency.KRW)).isEmpty();
        assertThat(buys(NOW)).isEqualTo(15);
        update(unpriced.remaining(0));
        assertThat(cash(NOW)).hasValue(700_000 + COMMISSION_OF_700_000);
    }

    @Test
    void a_fill_counts_until_three_seconds_after_the_end_of_its_hundredth_of_a_second() {
        var buy = Sample.buy("b", 10, 80_000);
        update(buy);
        update(buy.filled(10, 700_000, 0), NOW.plusMillis(3));
        Instant lastIncluded = NOW.plusMillis(10).plus(Exposure.CASH_LAG);
        assertThat(cash(lastIncluded)).hasValue(700_000 + COMMISSION_OF_700_000);
        assertThat(buys(lastIncluded)).isEqualTo(10);
        assertThat(cash(lastIncluded.plusMillis(1))).hasValue(0);
        assertThat(buys(lastIncluded.plusMillis(1))).isZero();
    }

    @Test
    void each_fill_adds_only_what_is_new_since_the_one_before() {
        var buy = Sample.buy("b", 10, 70_000);
        update(buy.filled(4, 280_000, 6), NOW);
        update(buy.filled(9, 630_000, 1), NOW.plusMillis(5));
        assertThat(buys(NOW)).isEqualTo(10);
        assertThat(cash(NOW)).hasValue(280_000 + 39 + 350_000 + 49 + 70_000 + 9);
        update(buy.filled(9, 630_000, 0), NOW.plusMillis(5));
        assertThat(buys(NOW)).isEqualTo(9);
        assertThat(cash(NOW)).hasValue(280_000 + 39 + 350_000 + 49);
    }

    @Test
    void a_corrected_price_of_the_same_fill_changes_the_cash_alone() {
        var buy = Sample.buy("b", 10, 70_000);
        update(buy.filled(10, 700_000, 0), NOW);
        update(Sample.buy("c", 10, 70_000).filled(4, 280_000, 6), NOW);
        update(Sample.buy("c", 10, 70_000).filled(4, 284_000, 6), NOW);
        assertThat(buys(NOW)).isEqualTo(20);
        assertThat(cash(NOW)).hasValue(700_000 + COMMISSION_OF_700_000 + 280_000 + 39 + 4_000 + 420_000 + 59);
        update(Sample.buy("c", 10, 70_000).filled(4, 280_000, 6), NOW);
        assertThat(cash(NOW))
                .as("a lower one gives back no commission")
                .hasValue(700_000 + COMMISSION_OF_700_000 + 280_000 + 39 + 420_000 + 59);
    }

    @Test
    void a_sale_reserves_no_cash_and_what_it_brought_is_not_counted() {
        var sell = Sample.sell("s", 10, 70_000);
        update(sell);
        update(sell.filled(10, 700_000, 0));
        assertThat(cash(NOW)).hasValue(0);
        assertThat(buys(NOW)).isZero();
    }

    // ---- sells ----

    @Test
    void a_sell_counts_until_an_answer_that_was_requested_after_the_broker_had_it() {
        update(Sample.sell("s", 10, 70_000));
        assertThat(sells(NOW.plusSeconds(3_600))).as("in doubt").isEqualTo(10);
        update(Sample.sell("s", 10, 70_000).acknowledged(NOW.plusMillis(20)), NOW.plusMillis(20));
        assertThat(sells(NOW.plusMillis(20))).isEqualTo(10);
        assertThat(sells(NOW.plusMillis(21))).isZero();
    }

    @Test
    void the_first_fill_of_a_sell_in_doubt_shows_that_the_broker_had_it() {
        var sell = Sample.sell("s", 10, 70_000);
        update(sell);
        update(sell.filled(4, 280_000, 6), NOW.plusMillis(20));
        update(sell.filled(7, 490_000, 3), NOW.plusMillis(40));
        assertThat(sells(NOW.plusMillis(20))).as("filled and open").isEqualTo(10);
        assertThat(sells(NOW.plusMillis(21))).isZero();
    }

    @Test
    void what_is_cancelled_of_a_sell_is_not_reserved_and_what_was_sold_is() {
        var sell = Sample.sell("s", 10, 70_000).acknowledged(NOW);
        update(sell);
        update(sell.filled(4, 280_000, 0), NOW.plusMillis(10));
        assertThat(sells(NOW)).isEqualTo(4);
        assertThat(sells(NOW.minusMillis(1))).isEqualTo(4);
    }

    @Test
    void a_sell_that_ends_in_doubt_releases_its_shares() {
        update(Sample.sell("s1", 10, 70_000));
        update(Sample.sell("s2", 7, 70_000));
        assertThat(sells(NOW)).isEqualTo(17);
        update(Sample.sell("s1", 0, 70_000));
        assertThat(sells(NOW)).isEqualTo(7);
    }

    @Test
    void sells_are_counted_for_their_account_symbol_and_loan() {
        update(Sample.sell("cash", 10, 70_000));
        update(Sample.sell("loan", 3, 70_000).repaying(LOAN));
        update(Sample.sell("other", 5, 70_000).of(HYNIX));
        assertThat(sells(NOW)).isEqualTo(10);
        assertThat(exposure.unreportedSells(NOW, "A1", SAMSUNG, Optional.of(LOAN)))
                .isEqualTo(3);
        assertThat(exposure.unreportedSells(NOW, "A1", SAMSUNG, Optional.of(LOAN.plusDays(1))))
                .isZero();
        assertThat(exposure.unreportedSells(NOW, "A1", HYNIX, Optional.empty())).isEqualTo(5);
        assertThat(exposure.unreportedSells(NOW, "A2", SAMSUNG, Optional.empty()))
                .isZero();
    }

    // ---- buying power on credit ----

    @Test
    void buying_power_lacks_open_buys_that_the_broker_had_not_accepted_when_it_was_asked() {
        update(Sample.buy("b", 10, 70_000));
        assertThat(creditPower(NOW.plusSeconds(3_600))).as("in doubt").hasValue(700_000 + COMMISSION_OF_700_000);
        update(Sample.buy("b", 10, 70_000).acknowledged(NOW));
        assertThat(creditPower(NOW)).hasValue(700_000 + COMMISSION_OF_700_000);
        assertThat(creditPower(NOW.plusMillis(1))).hasValue(0);
        update(Sample.buy("c", 20, 70_000));
        assertThat(creditPower(NOW)).hasValue(2_100_000 + COMMISSION_OF_700_000 + 196);
    }

    @Test
    void buying_power_lacks_no_sells_and_nothing_of_another_account_or_currency() {
        update(Sample.sell("s", 10, 70_000));
        update(Sample.buy("u", 10, 1_000_000).of(APPLE));
        update(Sample.buy("o", 10, 70_000).of(new RiskScope("A2", SCOPE.day(), "local", Optional.empty())));
        assertThat(creditPower(NOW)).hasValue(0);
        assertThat(exposure.unreportedBuyingPower(NOW, "A2", Currency.KRW)).hasValue(700_000 + COMMISSION_OF_700_000);
    }

    @Test
    void buying_power_lacks_fills_since_and_is_unknown_with_an_unaccepted_buy_without_a_price() {
        var buy = Sample.buy("b", 10, 70_000).acknowledged(NOW.minusSeconds(60));
        update(buy);
        update(buy.filled(10, 700_000, 0), NOW);
        update(Sample.buy("c", 10, 70_000).filled(10, 700_000, 0), NOW.plusMillis(30));
        assertThat(creditPower(NOW.plusMillis(10))).hasValue(2 * (700_000 + COMMISSION_OF_700_000));
        assertThat(creditPower(NOW.plusMillis(11))).hasValue(700_000 + COMMISSION_OF_700_000);
        assertThat(creditPower(NOW.plusMillis(41))).hasValue(0);
        var unpriced = Sample.unpriced("m", Side.BUY, 5);
        update(unpriced);
        assertThat(creditPower(NOW)).isEmpty();
        update(unpriced.acknowledged(NOW.minusMillis(1)));
        assertThat(creditPower(NOW.plusMillis(41))).hasValue(0);
    }

    // ---- own orders on the other side ----

    @Test
    void a_buy_crosses_the_lowest_own_sell_at_its_price_or_below() {
        update(Sample.sell("s1", 1, 70_500));
        update(Sample.sell("s2", 1, 70_300));
        assertThat(crossing(Side.BUY, 70_299)).isEmpty();
        assertThat(crossing(Side.BUY, 70_300)).hasValue(70_300);
        assertThat(crossing(Side.SELL, 70_300)).as("the same side").isEmpty();
        assertThat(exposure.findCrossingPrice("A1", SAMSUNG, Side.BUY, OptionalLong.empty()))
                .as("a market order")
                .hasValue(70_300);
    }

    @Test
    void a_sell_crosses_the_highest_own_buy_at_its_price_or_above() {
        update(Sample.buy("b1", 1, 70_000));
        update(Sample.buy("b2", 1, 70_200));
        assertThat(crossing(Side.SELL, 70_201)).isEmpty();
        assertThat(crossing(Side.SELL, 70_200)).hasValue(70_200);
        assertThat(crossing(Side.BUY, 70_200)).isEmpty();
    }

    @Test
    void of_two_own_orders_at_one_price_the_second_still_crosses_when_the_first_has_ended() {
        update(Sample.sell("s1", 1, 70_300));
        update(Sample.sell("s2", 1, 70_300));
        assertThat(crossing(Side.BUY, 70_300)).hasValue(70_300);
        update(Sample.sell("s1", 0, 70_300));
        assertThat(crossing(Side.BUY, 70_300)).hasValue(70_300);
        update(Sample.sell("s2", 0, 70_300));
        assertThat(crossing(Side.BUY, 70_300)).isEmpty();
    }

    @Test
    void many_own_orders_at_one_price_cross_until_the_last_has_ended() {
        for (int i = 0; i < 6; i++) {
            update(Sample.sell("s" + i, 1, 70_300));
            assertThat(crossing(Side.BUY, 70_300)).hasValue(70_300);
        }
        for (int i = 0; i < 6; i++) {
            assertThat(crossing(Side.BUY, 70_300)).hasValue(70_300);
            update(Sample.sell("s" + i, 0, 70_300));
        }
        assertThat(crossing(Side.BUY, 70_300)).isEmpty();
    }

    @Test
    void an_own_market_order_crosses_every_order_of_the_other_side_while_it_is_open() {
        var marketSell = Sample.unpriced("s", Side.SELL, 1);
        update(marketSell);
        assertThat(crossing(Side.BUY, 1)).hasValue(0);
        assertThat(crossing(Side.SELL, 1)).isEmpty();
        update(marketSell.remaining(0));
        assertThat(crossing(Side.BUY, 1)).isEmpty();
        var marketBuy = Sample.unpriced("b", Side.BUY, 1).worst(90_000);
        update(marketBuy);
        assertThat(crossing(Side.SELL, 99_000)).hasValue(0);
        assertThat(crossing(Side.BUY, 99_000)).isEmpty();
        update(marketBuy.remaining(0));
        assertThat(crossing(Side.SELL, 99_000)).isEmpty();
    }

    @Test
    void orders_of_another_account_or_symbol_do_not_cross() {
        update(Sample.sell("s", 1, 70_300));
        assertThat(exposure.findCrossingPrice("A2", SAMSUNG, Side.BUY, OptionalLong.of(80_000)))
                .isEmpty();
        assertThat(exposure.findCrossingPrice("A1", HYNIX, Side.BUY, OptionalLong.of(80_000)))
                .isEmpty();
    }

    @Test
    void only_an_open_order_is_found() {
        update(Sample.sell("s", 10, 70_000).acknowledged(NOW));
        assertThat(exposure.findOpen("s").map(OpenExposure::remaining)).contains(10L);
        update(Sample.sell("s", 0, 70_000).acknowledged(NOW));
        assertThat(exposure.findOpen("s")).isEmpty();
        assertThat(exposure.findOpen("t")).isEmpty();
    }

    // ---- the day's buys ----

    @Test
    void a_days_buys_are_what_they_cost_and_what_may_still_fill_without_commissions() {
        update(Sample.buy("b1", 10, 80_000).filled(3, 210_000, 7));
        update(Sample.buy("b2", 1, 50_000));
        assertThat(bought(CountScope.ACCOUNT)).isEqualTo(210_000 + 560_000 + 50_000);
        update(Sample.buy("b1", 10, 80_000).filled(10, 700_000, 0));
        assertThat(bought(CountScope.ACCOUNT)).isEqualTo(750_000);
        update(Sample.buy("b2", 0, 50_000));
        assertThat(bought(CountScope.ACCOUNT)).isEqualTo(700_000);
    }

    @Test
    void two_buys_of_the_same_amount_count_twice() {
        update(Sample.buy("b1", 5, 70_000));
        update(Sample.buy("b2", 5, 70_000));
        assertThat(bought(CountScope.ACCOUNT)).isEqualTo(700_000);
    }

    @Test
    void a_day_counts_no_sells_and_no_orders_that_were_placed_elsewhere() {
        update(Sample.sell("s", 10, 70_000));
        update(Sample.buy("x", 10, 70_000).external());
        assertThat(bought(CountScope.ACCOUNT)).isZero();
        assertThat(buys(NOW)).isEqualTo(10);
    }

    @Test
    void an_open_buy_without_a_price_counts_as_more_than_any_account_has_and_an_ended_one_as_nothing() {
        var unpriced = Sample.unpriced("m", Side.BUY, 5);
        update(unpriced);
        assertThat(bought(CountScope.ACCOUNT)).isEqualTo(10_000_000_000_000L);
        update(unpriced.remaining(0));
        assertThat(bought(CountScope.ACCOUNT)).isZero();
    }

    @Test
    void a_days_buys_are_summed_for_the_account_the_strategy_and_the_key_and_by_currency() {
        update(Sample.buy("b", 10, 70_000));
        update(Sample.buy("g", 1, 70_000).of(new RiskScope("A1", SCOPE.day(), "bot", Optional.of("grid"))));
        update(Sample.buy("n", 2, 70_000).of(new RiskScope("A1", SCOPE.day(), "local", Optional.empty())));
        update(Sample.buy("u", 10, 1_000_000).of(APPLE));
        assertThat(bought(CountScope.ACCOUNT)).isEqualTo(910_000);
        assertThat(bought(CountScope.STRATEGY)).isEqualTo(700_000);
        assertThat(bought(CountScope.KEY)).isEqualTo(840_000);
        assertThat(exposure.boughtToday(SCOPE, CountScope.KEY, Currency.USD)).isEqualTo(10_000_000);
    }

    @Test
    void a_day_without_strategy_is_counted_by_no_strategy() {
        var plain = new RiskScope("A1", SCOPE.day(), "local", Optional.empty());
        update(Sample.buy("n", 2, 70_000).of(plain));
        exposure.recordAccepted(plain, NOW);
        assertThat(exposure.boughtToday(plain, CountScope.STRATEGY, Currency.KRW))
                .isZero();
        assertThat(exposure.ordersToday(plain, CountScope.STRATEGY)).isZero();
        assertThat(exposure.ordersToday(plain, CountScope.KEY)).isEqualTo(1);
    }

    @Test
    void a_new_day_ends_the_counts_of_earlier_days_of_its_market_only() {
        var us = new RiskScope("A1", new TradingDay(Market.US, DAY), "local", Optional.empty());
        var tomorrow = new RiskScope("A1", TradingDay.korean(DAY.plusDays(1)), "local", Optional.empty());
        for (var scope : new RiskScope[] {SCOPE, us, tomorrow}) {
            update(Sample.buy("b" + scope.day(), 10, 70_000).of(scope));
            exposure.recordAccepted(scope, NOW);
        }
        exposure.rollTo(TradingDay.korean(DAY), NOW);
        assertThat(bought(CountScope.ACCOUNT)).as("this day is not over").isEqualTo(700_000);
        assertThat(exposure.ordersToday(SCOPE, CountScope.ACCOUNT)).isEqualTo(1);

        exposure.rollTo(TradingDay.korean(DAY.plusDays(1)), NOW);
        assertThat(bought(CountScope.ACCOUNT)).isZero();
        assertThat(exposure.ordersToday(SCOPE, CountScope.ACCOUNT)).isZero();
        assertThat(exposure.boughtToday(us, CountScope.ACCOUNT, Currency.KRW)).isEqualTo(700_000);
        assertThat(exposure.ordersToday(us, CountScope.ACCOUNT)).isEqualTo(1);
        assertThat(exposure.boughtToday(tomorrow, CountScope.ACCOUNT, Currency.KRW))
                .isEqualTo(700_000);
        assertThat(exposure.ordersToday(tomorrow, CountScope.ACCOUNT)).isEqualTo(1);

        update(Sample.buy("b" + us.day(), 10, 70_000).of(us).remaining(5));
        assertThat(exposure.boughtToday(us, CountScope.ACCOUNT, Currency.KRW)).isEqualTo(350_000);
        update(Sample.buy("b" + SCOPE.day(), 10, 70_000).remaining(5));
        assertThat(bought(CountScope.ACCOUNT))
                .as("an order of a day that is over, which was forgotten")
                .isEqualTo(350_000);
    }

    // ---- rates ----

    @Test
    void an_order_leaves_the_window_after_exactly_a_second() {
        exposure.recordAccepted(SCOPE, NOW);
        exposure.recordModified(SCOPE, NOW.plusMillis(400));
        assertThat(exposure.ordersInLastSecond(SCOPE, CountScope.ACCOUNT, NOW.plusMillis(999)))
                .isEqualTo(2);
        assertThat(exposure.rateFreesAt(SCOPE, CountScope.ACCOUNT, NOW.plusMillis(999)))
                .isEqualTo(NOW.plusSeconds(1));
        assertThat(exposure.ordersInLastSecond(SCOPE, CountScope.ACCOUNT, NOW.plusMillis(1_000)))
                .isEqualTo(1);
        assertThat(exposure.ordersInLastSecond(SCOPE, CountScope.ACCOUNT, NOW.plusMillis(1_400)))
                .isZero();
        assertThat(exposure.rateFreesAt(SCOPE, CountScope.ACCOUNT, NOW.plusMillis(1_400)))
                .isEqualTo(NOW.plusMillis(1_400));
        assertThat(exposure.ordersToday(SCOPE, CountScope.ACCOUNT))
                .as("a modification is no order")
                .isEqualTo(1);
    }

    @Test
    void the_window_of_a_new_order_holds_none_of_more_than_a_second_ago() {
        exposure.recordAccepted(SCOPE, NOW);
        exposure.recordAccepted(SCOPE, NOW.plusMillis(1_500));
        assertThat(exposure.rateFreesAt(SCOPE, CountScope.KEY, NOW.plusMillis(1_500)))
                .isEqualTo(NOW.plusMillis(2_500));
    }

    @Test
    void rates_of_accounts_strategies_and_keys_are_separate() {
        exposure.recordAccepted(SCOPE, NOW);
        var other = new RiskScope("A1", SCOPE.day(), "bot", Optional.of("grid"));
        assertThat(exposure.ordersInLastSecond(other, CountScope.ACCOUNT, NOW)).isEqualTo(1);
        assertThat(exposure.ordersInLastSecond(other, CountScope.STRATEGY, NOW)).isZero();
        assertThat(exposure.ordersInLastSecond(other, CountScope.KEY, NOW)).isZero();
        assertThat(exposure.rateFreesAt(other, CountScope.KEY, NOW)).isEqualTo(NOW);
    }

    // ---- retention ----

    @Test
    void fills_are_retained_for_three_minutes_and_then_forgotten() {
        update(Sample.buy("b", 10, 70_000).filled(10, 700_000, 0), NOW);
        Instant retained = NOW.plusMillis(10).plus(Exposure.RETENTION);
        update(Sample.buy("c", 0, 70_000), retained);
        assertThat(buys(NOW)).isEqualTo(10);
        assertThat(cash(NOW)).hasValue(700_000 + COMMISSION_OF_700_000);
        update(Sample.buy("c", 0, 70_000), retained.plusMillis(1));
        assertThat(buys(NOW)).isZero();
        assertThat(cash(NOW)).hasValue(0);
    }

    @Test
    void sells_are_retained_for_three_minutes_after_the_broker_had_them() {
        update(Sample.sell("s", 10, 70_000).filled(10, 700_000, 0).acknowledged(NOW), NOW);
        Instant retained = NOW.plus(Exposure.RETENTION);
        update(Sample.sell("t", 0, 70_000), retained);
        assertThat(sells(NOW)).isEqualTo(10);
        update(Sample.sell("t", 0, 70_000), retained.plusMillis(1));
        assertThat(sells(NOW)).isZero();
    }

    @Test
    void an_open_sell_that_was_forgotten_is_still_found_and_an_ended_one_takes_no_memory() {
        update(Sample.sell("open", 10, 70_000).acknowledged(NOW), NOW);
        update(Sample.sell("ended", 10, 70_000).filled(10, 700_000, 0).acknowledged(NOW), NOW);
        assertThat(exposure.retainedEntries()).isEqualTo(4);
        Instant later = NOW.plus(Exposure.RETENTION).plusMillis(1);
        exposure.rollTo(TradingDay.korean(DAY), later);
        assertThat(exposure.findOpen("open")).isPresent();
        assertThat(sells(NOW)).isZero();
        assertThat(exposure.retainedEntries())
                .as("the open order and its symbol")
                .isEqualTo(2);
        update(Sample.sell("open", 10, 70_000).acknowledged(NOW), later);
        assertThat(crossing(Side.BUY, 70_000)).hasValue(70_000);
    }

    @Test
    void a_new_day_forgets_fills_of_more_than_three_minutes_ago() {
        update(Sample.buy("b", 10, 70_000).filled(10, 700_000, 0), NOW);
        Instant retained = NOW.plusMillis(10).plus(Exposure.RETENTION);
        exposure.rollTo(TradingDay.korean(DAY), retained);
        assertThat(buys(NOW)).isEqualTo(10);
        assertThat(cash(NOW)).hasValue(700_000 + COMMISSION_OF_700_000);
        exposure.rollTo(TradingDay.korean(DAY), retained.plusMillis(1));
        assertThat(buys(NOW)).isZero();
        assertThat(cash(NOW)).hasValue(0);
        assertThat(exposure.retainedEntries()).isZero();
    }

    @Test
    void what_is_open_in_doubt_or_in_the_window_of_a_second_is_retained_by_a_new_day() {
        update(Sample.buy("b", 10, 70_000));
        update(Sample.unpriced("m", Side.SELL, 3).of(HYNIX));
        exposure.recordModified(SCOPE, NOW);
        exposure.rollTo(TradingDay.korean(DAY), NOW.plusMillis(999));
        assertThat(exposure.ordersInLastSecond(SCOPE, CountScope.ACCOUNT, NOW.plusMillis(999)))
                .isEqualTo(1);
        exposure.rollTo(TradingDay.korean(DAY.plusDays(1)), NOW.plusSeconds(86_400));
        assertThat(buys(NOW)).isEqualTo(10);
        assertThat(exposure.unreportedSells(NOW, "A1", HYNIX, Optional.empty())).isEqualTo(3);
        assertThat(exposure.findCrossingPrice("A1", HYNIX, Side.BUY, OptionalLong.of(1)))
                .hasValue(0);
        assertThat(exposure.retainedEntries())
                .as("two orders, two symbols, one sale in doubt, no window")
                .isEqualTo(5);
    }

    @Test
    void own_sells_at_a_price_are_retained_by_a_new_day() {
        update(Sample.sell("s", 10, 70_000).acknowledged(NOW));
        exposure.rollTo(TradingDay.korean(DAY.plusDays(1)), NOW.plusSeconds(86_400));
        assertThat(crossing(Side.BUY, 70_000)).hasValue(70_000);
    }

    @Test
    void a_finished_buy_takes_no_memory_and_a_finished_sell_only_while_an_answer_may_lack_it() {
        update(Sample.buy("b", 10, 70_000));
        update(Sample.buy("b", 0, 70_000));
        update(Sample.sell("s", 10, 70_000));
        update(Sample.sell("s", 0, 70_000));
        exposure.rollTo(TradingDay.korean(DAY), NOW);
        assertThat(exposure.retainedEntries()).isZero();
        exposure.recordAccepted(SCOPE, NOW);
        assertThat(exposure.retainedEntries())
                .as("a count and a window for the account, the strategy and the key")
                .isEqualTo(6);
    }

    // ---- counts of all days ----

    @Test
    void the_counts_of_each_day_name_whom_they_count() {
        exposure.recordAccepted(SCOPE, NOW);
        exposure.recordAccepted(SCOPE, NOW);
        assertThat(exposure.dailyCounts())
                .containsExactlyInAnyOrder(
                        new Exposure.DailyCount("A1", SCOPE.day(), CountScope.ACCOUNT, "", 2),
                        new Exposure.DailyCount("A1", SCOPE.day(), CountScope.STRATEGY, "swing", 2),
                        new Exposure.DailyCount("A1", SCOPE.day(), CountScope.KEY, "local", 2));
    }

    // ---- costs ----

    @Test
    void a_cost_includes_the_commission_and_is_ten_trillion_at_most() {
        Costs costs = Costs.usual();
        assertThat(Exposure.cost(costs, 10, 70_000)).isEqualTo(700_098);
        assertThat(Exposure.cost(costs, 0, 70_000)).isZero();
        assertThat(Exposure.cost(costs, 1, 10_000_000_000_000L)).isEqualTo(10_000_000_000_000L);
        assertThat(Exposure.cost(costs, 1, 9_999_000_000_000L)).isEqualTo(10_000_000_000_000L);
        assertThat(Exposure.cost(costs, 1, 9_000_000_000_000L)).isEqualTo(9_000_000_000_000L + 1_264_743_000L);
        assertThat(Exposure.cost(costs, Long.MAX_VALUE, 2)).isEqualTo(10_000_000_000_000L);
        assertThat(Exposure.openAmount(Sample.buy("b", Long.MAX_VALUE, 2).order()))
                .isEqualTo(10_000_000_000_000L);
    }

    @Test
    void cash_buys_as_many_shares_as_it_covers_with_the_commission() {
        Costs costs = Costs.usual();
        assertThat(Exposure.affordableQty(costs, 700_098, 70_000)).isEqualTo(10);
        assertThat(Exposure.affordableQty(costs, 700_097, 70_000)).isEqualTo(9);
        assertThat(Exposure.affordableQty(costs, 70_009, 70_000)).isEqualTo(1);
        assertThat(Exposure.affordableQty(costs, 70_008, 70_000)).isZero();
        assertThat(Exposure.affordableQty(costs, 0, 70_000)).isZero();
        assertThat(Exposure.affordableQty(costs, -700_098, 70_000)).isZero();
        assertThat(Exposure.affordableQty(new Costs(0), 700_000, 70_000)).isEqualTo(10);
        assertThat(Exposure.affordableQty(new Costs(0), 9_000_000_000_000L, 2_000_000))
                .isEqualTo(4_500_000);
        assertThat(Exposure.affordableQty(costs, 1_000_000_000L, 1)).isEqualTo(999_859_493);
    }
}
