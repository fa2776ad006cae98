package kr.kisgateway.gateway.portfolio;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.quote.MapSharedCache;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("G-16")
class PortfolioTest {
    private static final Symbol SAMSUNG = new Symbol("005930");

    private final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");
    private final AtomicInteger calls = new AtomicInteger();
    private final Deque<Runnable> background = new ArrayDeque<>();
    private volatile boolean down;
    private volatile Runnable duringCall = () -> {};
    private final AtomicInteger powerCalls = new AtomicInteger();
    private final PortfolioSource source = new PortfolioSource() {
        @Override
        public boolean hasAccount(String accountId) {
            return accountId.equals("A1");
        }

        @Override
        public Result<BrokerBuyingPower> fetchBuyingPower(
                String accountId,
                MarketSymbol symbol,
                Optional<CreditType> credit,
                OptionalLong price,
                String tenant,
                Instant deadline) {
            powerCalls.incrementAndGet();
            return down
                    ? Result.refused(Refusal.of(ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE, "down"))
                    : Result.success(new BrokerBuyingPower(100, 10, 100, 9, 100, 9, clock.instant()));
        }

        @Override
        public Result<Holdings> fetch(String accountId, Instant deadline) {
            calls.incrementAndGet();
            var requestedAt = clock.instant();
            duringCall.run();
            return down
                    ? Result.refused(Refusal.of(ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE, "down"))
                    : Result.success(new Holdings(
                            Market.KOREA,
                            new Holdings.Cash(1, 2, 3, 4, OptionalLong.of(-5)),
                            List.of(new Holdings.Position(SAMSUNG, "삼성전자", 10, 7, BigDecimal.TEN, 1, 1, 1, 0)),
                            requestedAt));
        }
    };
    private final Portfolio portfolio = new Portfolio(Optional.of(source), clock, background::add);

    @Test
    @Requirement(value = "A-07", clause = "l1")
    @Requirement(value = "A-07", clause = "fill")
    void one_request_serves_a_second_and_a_fill_invalidates_its_answer() {
        portfolio.currentHoldings("A1");
        portfolio.currentHoldings("A1");
        assertThat(calls).hasValue(1);

        portfolio.invalidate();
        portfolio.currentHoldings("A1");
        assertThat(calls).hasValue(2);

        clock.advance(Duration.ofMillis(1000));
        portfolio.currentHoldings("A1");
        assertThat(calls).hasValue(3);
    }

    @Test
    @Requirement(value = "A-07", clause = "fill")
    void an_answer_in_flight_during_a_fill_is_not_cached() {
        duringCall = portfolio::invalidate;
        portfolio.currentHoldings("A1");
        duringCall = () -> {};
        portfolio.currentHoldings("A1");

        assertThat(calls).hasValue(2);
    }

    @Test
    @Requirement(value = "A-07", clause = "fill")
    void an_answer_of_another_gateway_serves_until_either_one_learns_of_a_fill() {
        var sharedCache = new MapSharedCache<String, Holdings>(Duration.ofSeconds(30));
        var thisGateway = portfolioWith(sharedCache);
        var otherGateway = portfolioWith(sharedCache);
        otherGateway.currentHoldings("A1");
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofSeconds(20));
        thisGateway.currentHoldings("A1");
        assertThat(calls).as("twenty seconds old").hasValue(1);
        assertThat(thisGateway.holdingsForOrder("A1").holdings()).isInstanceOf(Observation.Current.class);
        assertThat(calls)
                .as("an order is evaluated with this gateway's own answer")
                .hasValue(2);

        thisGateway.invalidate();
        thisGateway.currentHoldings("A1");
        assertThat(calls).as("invalidated here, not yet shared").hasValue(3);
        otherGateway.currentHoldings("A1");
        assertThat(calls).as("an answer requested after the fill serves both").hasValue(3);
        otherGateway.invalidate();
        background.forEach(Runnable::run);
        thisGateway.currentHoldings("A1");
        assertThat(calls)
                .as("invalidated there, though this gateway's own answer is younger than a second")
                .hasValue(4);
        clock.advance(Duration.ofSeconds(30));
        thisGateway.currentHoldings("A1");
        assertThat(calls).as("too old").hasValue(5);
    }

    private Portfolio portfolioWith(MapSharedCache<String, Holdings> sharedCache) {
        return new Portfolio(Optional.of(source), sharedCache, List.of("A1"), clock, background::add);
    }

    @Test
    void while_kis_fails_the_last_answer_is_returned_with_its_age_and_after_ten_minutes_it_is_unknown() {
        var fetchedAt = clock.instant();
        portfolio.currentHoldings("A1");
        down = true;
        clock.advance(Duration.ofMinutes(9));
        var stale = portfolio.currentHoldings("A1");
        assertThat(stale.holdings())
                .isInstanceOfSatisfying(
                        Observation.Stale.class,
                        observation -> assertThat(observation.requestedAt()).isEqualTo(fetchedAt));
        assertThat(stale.refusal().orElseThrow().code()).isEqualTo(ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE);
        clock.advance(Duration.ofMinutes(1));
        assertThat(portfolio.currentHoldings("A1").holdings()).isInstanceOf(Observation.Unknown.class);
    }

    @Test
    void buying_power_is_requested_for_each_call_and_its_failure_pauses_nothing() {
        var samsung = Symbol.of("005930");
        for (int i = 0; i < 2; i++) {
            assertThat(portfolio
                            .buyingPower("A1", samsung, OptionalLong.empty(), "key")
                            .toOptional()
                            .map(BrokerBuyingPower::qty))
                    .contains(9L);
        }
        assertThat(powerCalls).hasValue(2);
        down = true;
        assertThat(portfolio.buyingPower("A1", samsung, OptionalLong.empty(), "key"))
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(refused.refusal().code())
                                .isEqualTo(ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE));
        down = false;
        assertThat(portfolio.currentHoldings("A1").holdings()).isInstanceOf(Observation.Current.class);
        assertThat(portfolio.buyingPower("B7", samsung, OptionalLong.empty(), "key"))
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.ACCOUNT_NOT_FOUND));
    }

    @Test
    void without_any_answer_the_account_is_unknown_and_never_empty() {
        down = true;
        assertThat(portfolio.currentHoldings("A1").holdings()).isInstanceOf(Observation.Unknown.class);
        assertThat(portfolio.holdingsForOrder("A1").holdings()).isInstanceOf(Observation.Unknown.class);
    }

    @Test
    void after_a_failure_no_request_is_sent_for_a_second() {
        down = true;
        portfolio.currentHoldings("A1");
        portfolio.currentHoldings("A1");
        portfolio.holdingsForOrder("A1");
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofSeconds(1));
        down = false;
        assertThat(portfolio.currentHoldings("A1").holdings()).isInstanceOf(Observation.Current.class);
    }

    @Test
    @Requirement("A-07")
    void a_thousand_orders_a_second_with_fills_between_them_cost_one_request_in_five_seconds() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(portfolio.holdingsForOrder("A1").holdings()).isInstanceOf(Observation.Current.class);
            portfolio.invalidate();
            clock.advance(Duration.ofMillis(1));
            while (!background.isEmpty()) {
                background.remove().run();
            }
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    @Requirement("A-07")
    void an_answer_too_old_for_orders_is_refreshed_while_they_wait() {
        portfolio.holdingsForOrder("A1");
        clock.advance(Portfolio.ORDER_AGE_MAX);
        assertThat(portfolio.holdingsForOrder("A1").holdings())
                .isInstanceOfSatisfying(
                        Observation.Current.class,
                        observation -> assertThat(observation.requestedAt()).isEqualTo(clock.instant()));
        clock.advance(Portfolio.ORDER_REFRESH_AGE);
        portfolio.holdingsForOrder("A1");
        portfolio.holdingsForOrder("A1");
        assertThat(background).hasSize(1);
        down = true;
        clock.advance(Portfolio.ORDER_AGE_MAX);
        assertThat(portfolio.holdingsForOrder("A1").holdings()).isInstanceOf(Observation.Stale.class);
    }

    @Test
    void figures_of_a_symbol_are_those_of_kis_and_an_unnamed_symbol_has_no_position() {
        var holdings = portfolio.currentHoldings("A1").holdings();
        assertThat(AccountFigures.of(holdings, SAMSUNG, Optional.empty()))
                .isEqualTo(
                        new Observation.Current<>(new AccountFigures(1, 10, 7, OptionalLong.of(-5)), clock.instant()));
        assertThat(AccountFigures.of(holdings, new Symbol("000660"), Optional.empty()))
                .isEqualTo(
                        new Observation.Current<>(new AccountFigures(1, 0, 0, OptionalLong.of(-5)), clock.instant()));
        assertThat(AccountFigures.of(new Observation.Unknown<>("why"), SAMSUNG, Optional.empty()))
                .isEqualTo(new Observation.Unknown<>("why"));
    }

    @Requirement(value = "G-16", clause = "provider")
    @Test
    void unknown_accounts_and_a_missing_source_have_their_codes() {
        assertThat(code(portfolio.currentHoldings("B9"))).isEqualTo(ErrorCode.ACCOUNT_NOT_FOUND);
        var none = new Portfolio(Optional.empty(), clock, background::add);
        assertThat(code(none.currentHoldings("A1"))).isEqualTo(ErrorCode.PORTFOLIO_PROVIDER_NOT_CONFIGURED);
        assertThat(code(none.holdingsForOrder("A1"))).isEqualTo(ErrorCode.PORTFOLIO_PROVIDER_NOT_CONFIGURED);
    }

    private static ErrorCode code(HoldingsView view) {
        assertThat(view.holdings()).isInstanceOf(Observation.Unknown.class);
        return view.refusal().orElseThrow().code();
    }

    @Test
    void an_answer_from_before_the_clock_was_set_back_serves_no_caller() {
        portfolio.currentHoldings("A1");
        clock.advance(Duration.ofHours(-1));

        assertThat(portfolio.holdingsForOrder("A1").holdings())
                .isInstanceOfSatisfying(
                        Observation.Current.class,
                        observation -> assertThat(observation.requestedAt()).isEqualTo(clock.instant()));
        portfolio.currentHoldings("A1");
        assertThat(calls).hasValue(2);
    }
}
