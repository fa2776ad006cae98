package kr.kisgateway.gateway.kis.rest;

import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.portfolio.BrokerBuyingPower;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.PortfolioSource;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.BalanceAnswer;

/** The client's account from inquire-balance (주식잔고조회) and inquire-psbl-order (매수가능조회). */
public final class KisPortfolio implements PortfolioSource {
    private final KisClient kis;
    private final Accounts<AccountNumber> accounts;
    private final InstantSource clock;

    public KisPortfolio(KisClient kis, Accounts<AccountNumber> accounts, InstantSource clock) {
        this.kis = kis;
        this.accounts = accounts;
        this.clock = clock;
    }

    @Override
    public boolean hasAccount(String accountId) {
        return accounts.find(accountId).isPresent();
    }

    @Override
    public Result<Holdings> fetch(String accountId, Instant deadline) {
        var requestedAt = clock.instant();
        return KisRefusals.result(
                kis.inquireBalance(Lane.ACCOUNT, deadline),
                answer -> holdings(answer, requestedAt),
                failure -> KisRefusals.refusal(
                        ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE,
                        "KIS returned no holdings of the account; retry.",
                        failure));
    }

    @Override
    public Result<BrokerBuyingPower> fetchBuyingPower(
            String accountId, MarketSymbol listed, OptionalLong price, String tenant, Instant deadline) {
        if (!(listed instanceof Symbol symbol)) {
            return Result.refused(Refusal.of(ErrorCode.UNSUPPORTED_BY_SOURCE, listed + " is not a Korean instrument"));
        }
        var requestedAt = clock.instant();
        var options =
                CallOptions.standard().withLane(Lane.ACCOUNT).withTenant(tenant).withDeadline(requestedAt, deadline);
        return KisRefusals.result(
                price.isPresent()
                        ? kis.domestic().buyingPower(symbol, price.getAsLong(), options)
                        : kis.domestic().buyingPower(symbol, options),
                answer -> new BrokerBuyingPower(
                        answer.cash(),
                        answer.unitPrice(),
                        answer.amount(),
                        answer.qty(),
                        answer.maxAmount(),
                        answer.maxQty(),
                        requestedAt),
                failure -> KisRefusals.refusal(
                        ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE,
                        "KIS returned no buying power of the account; retry.",
                        failure));
    }

    private static Holdings holdings(BalanceAnswer answer, Instant requestedAt) {
        var cash = answer.cash();
        return new Holdings(
                Market.KOREA,
                new Holdings.Cash(
                        cash.depositD2(), cash.deposit(), cash.depositD1(), cash.totalValue(), cash.changeToday()),
                answer.holdings().stream()
                        .map(holding -> new Holdings.Position(
                                holding.symbol(),
                                holding.name(),
                                holding.qty(),
                                holding.sellableQty(),
                                holding.avgPrice(),
                                holding.cost(),
                                holding.price(),
                                holding.value(),
                                holding.pnl()))
                        .toList(),
                requestedAt);
    }
}
