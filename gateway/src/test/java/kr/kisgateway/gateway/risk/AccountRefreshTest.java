package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.SAMSUNG;
import static kr.kisgateway.gateway.risk.RiskSample.sell;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.portfolio.BrokerBuyingPower;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.gateway.portfolio.PortfolioSource;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("G-15")
class AccountRefreshTest {
    private final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger evaluations = new AtomicInteger();
    private final RiskRules rules = new RiskRules((_, _) -> Optional.empty());
    private final Exposure exposure = new Exposure(Commissions.usual());
    private volatile long shares = 10;
    private volatile boolean down;
    private final Portfolio portfolio = new Portfolio(
            Optional.of(new PortfolioSource() {
                @Override
                public boolean hasAccount(String accountId) {
                    return true;
                }

                @Override
                public Result<BrokerBuyingPower> fetchBuyingPower(
                        String accountId,
                        MarketSymbol symbol,
                        Optional<CreditType> credit,
                        OptionalLong price,
                        String tenant,
                        Instant deadline) {
                    throw new IllegalStateException("no buying power here");
                }

                @Override
                public Result<Holdings> fetch(String accountId, Instant deadline) {
                    calls.incrementAndGet();
                    if (down) {
                        return Result.refused(Refusal.of(ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE, "down"));
                    }
                    return Result.success(new Holdings(
                            Market.KOREA,
                            new Holdings.Cash(0, 0, 0, 0, OptionalLong.empty()),
                            List.of(new Holdings.Position(SAMSUNG, "삼성전자", shares, shares, BigDecimal.TEN, 1, 1, 1, 0)),
                            clock.instant()));
                }
            }),
            clock,
            Runnable::run);
    private final AccountRefresh accountRefresh = new AccountRefresh(new PerMarket<>(Map.of(Market.KOREA, portfolio)));

    private Optional<ErrorCode> sellNow(long qty) {
        return accountRefresh.evaluate(
                "A1",
                SAMSUNG,
                Optional.empty(),
                account -> {
                    evaluations.incrementAndGet();
                    return rules.check(
                                    sell(qty, 70_000)
                                            .withTime(clock.instant())
                                            .withAccount(account)
                                            .facts(),
                                    exposure,
                                    RiskPolicy.of(RiskLimits.none()))
                            .map(Refusal::code);
                },
                code -> code);
    }

    @Test
    void a_sell_covered_by_the_cached_answer_makes_no_request() {
        assertThat(sellNow(10)).isEmpty();
        portfolio.invalidate();
        clock.advance(Duration.ofSeconds(3));
        assertThat(sellNow(10)).isEmpty();
        assertThat(calls).hasValue(1);
    }

    @Test
    void newly_bought_shares_can_be_sold_because_a_refusal_triggers_a_refresh() {
        assertThat(sellNow(10)).isEmpty();
        shares = 30;
        clock.advance(Duration.ofSeconds(2));
        portfolio.invalidate();
        evaluations.set(0);
        assertThat(sellNow(30)).isEmpty();
        assertThat(evaluations).hasValue(2);
        assertThat(calls).hasValue(2);
    }

    @Test
    void a_refusal_by_an_answer_of_this_second_is_final() {
        assertThat(sellNow(11)).contains(ErrorCode.INSUFFICIENT_POSITION_QTY);
        assertThat(evaluations).hasValue(1);
        assertThat(calls).hasValue(1);
    }

    @Test
    void while_kis_fails_an_order_is_refused_without_evaluation() {
        down = true;
        assertThat(sellNow(1)).contains(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
        assertThat(sellNow(1)).contains(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
        assertThat(calls).hasValue(1);
    }
}
