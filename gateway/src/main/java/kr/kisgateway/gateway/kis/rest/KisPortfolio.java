package kr.kisgateway.gateway.kis.rest;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.portfolio.BrokerBuyingPower;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.PaidRight;
import kr.kisgateway.gateway.portfolio.PortfolioSource;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.CreditCodes;
import kr.kisgateway.wire.parse.BalanceAnswer;
import kr.kisgateway.wire.parse.BuyingPowerAnswer;

/** The client's account from inquire-balance (주식잔고조회), inquire-psbl-order (매수가능조회) and inquire-credit-psamount (신용매수가능조회). */
public final class KisPortfolio implements PortfolioSource {
    private final Accounts<KisAccount> accounts;
    private final InstantSource clock;

    public KisPortfolio(Accounts<KisAccount> accounts, InstantSource clock) {
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
                client(accountId).inquireBalance(Lane.ACCOUNT, deadline),
                answer -> holdings(answer, requestedAt),
                failure -> KisRefusals.refusal(
                        ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE,
                        "KIS returned no holdings of the account; retry.",
                        failure));
    }

    @Override
    public Result<BrokerBuyingPower> fetchBuyingPower(
            String accountId,
            MarketSymbol listed,
            Optional<CreditType> credit,
            OptionalLong price,
            String tenant,
            Instant deadline) {
        if (!(listed instanceof Symbol symbol)) {
            return Result.refused(Refusal.of(ErrorCode.UNSUPPORTED_BY_SOURCE, listed + " is not a Korean instrument"));
        }
        var requestedAt = clock.instant();
        var options =
                CallOptions.standard().withLane(Lane.ACCOUNT).withTenant(tenant).withDeadline(requestedAt, deadline);
        return KisRefusals.result(
                buyingPower(client(accountId), symbol, credit, price, options),
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

    @Override
    public Result<List<PaidRight>> fetchPaidRights(
            String accountId, LocalDate from, LocalDate to, String tenant, Instant deadline) {
        var options = CallOptions.standard()
                .withLane(Lane.ACCOUNT)
                .withTenant(tenant)
                .withDeadline(clock.instant(), deadline);
        return KisRefusals.result(
                client(accountId).domestic().paidRights(from, to, options),
                rows -> rows.stream()
                        .map(row -> new PaidRight(
                                row.code(),
                                row.name(),
                                row.recordDate(),
                                row.qty(),
                                row.amount(),
                                row.tax(),
                                row.payDay(),
                                row.type()))
                        .toList(),
                failure -> failure.kind() == KisFailure.Kind.UNSUPPORTED
                        ? KisRefusals.marketData(failure)
                        : KisRefusals.refusal(
                                ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE,
                                "KIS returned no dividends of the account; retry.",
                                failure));
    }

    private static KisReply<BuyingPowerAnswer> buyingPower(
            KisClient kis, Symbol symbol, Optional<CreditType> credit, OptionalLong price, CallOptions options) {
        if (credit.isPresent()) {
            return kis.domestic().creditBuyingPower(symbol, credit.get(), price, options);
        }
        return price.isPresent()
                ? kis.domestic().buyingPower(symbol, price.getAsLong(), options)
                : kis.domestic().buyingPower(symbol, options);
    }

    private static Set<CreditType> repaidBy(String tradeName) {
        if (CreditCodes.isStockBorrowing(tradeName)) {
            return Set.of();
        }
        if (CreditCodes.isKsfc(tradeName)) {
            return Set.of(CreditType.KSFC_LOAN_REPAY);
        }
        return tradeName.contains("자기")
                ? Set.of(CreditType.SELF_LOAN_REPAY)
                : Set.of(CreditType.SELF_LOAN_REPAY, CreditType.KSFC_LOAN_REPAY);
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
                                holding.pnl(),
                                holding.loanDate()
                                        .map(date -> new Holdings.Loan(
                                                date, holding.loan(), repaidBy(holding.tradeName())))))
                        .toList(),
                requestedAt);
    }

    private KisClient client(String accountId) {
        return accounts.find(accountId)
                .orElseThrow(() -> new IllegalArgumentException("no account " + accountId))
                .client();
    }
}
