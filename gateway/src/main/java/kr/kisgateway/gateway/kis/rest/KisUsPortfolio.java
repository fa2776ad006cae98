package kr.kisgateway.gateway.kis.rest;

import java.math.RoundingMode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.gateway.portfolio.BrokerBuyingPower;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.PortfolioSource;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.parse.OverseasBuyingPower;
import kr.kisgateway.wire.parse.OverseasPresentBalance;

/**
 * The dollars and US stocks of the client's account, from inquire-present-balance (해외주식 체결기준현재잔고) and inquire-psamount
 * (해외주식 매수가능금액조회). That today's trades are not yet in KIS's deposit is assumed; fractions of a share, which no order
 * can sell, are left out.
 */
public final class KisUsPortfolio implements PortfolioSource {
    private final Accounts<KisAccount> accounts;
    private final InstantSource clock;

    public KisUsPortfolio(Accounts<KisAccount> accounts, InstantSource clock) {
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
                client(accountId).overseas().presentBalance(options(requestedAt, deadline)),
                answer -> holdings(answer, requestedAt),
                failure -> KisRefusals.refusal(
                        ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE,
                        "KIS returned no US holdings of the account; retry. An account without the service for overseas stocks"
                                + " (해외주식) has none.",
                        failure));
    }

    @Override
    public Result<BrokerBuyingPower> fetchBuyingPower(
            String accountId,
            MarketSymbol symbol,
            Optional<CreditType> credit,
            OptionalLong price,
            String tenant,
            Instant deadline) {
        if (credit.isPresent()) {
            return Result.refused(Refusal.of(ErrorCode.INVALID_CREDIT, "US stocks are not bought on credit"));
        }
        if (!(symbol instanceof UsSymbol us) || price.isEmpty()) {
            return Result.refused(
                    Refusal.of(ErrorCode.PRICE_REQUIRED_FOR_LIMIT, "a purchase of US stocks needs a price"));
        }
        var requestedAt = clock.instant();
        return KisRefusals.result(
                client(accountId)
                        .overseas()
                        .buyingPower(
                                KisTr.toOverseasSymbol(us),
                                Dollars.ofUnits(price.getAsLong()),
                                options(requestedAt, deadline).withTenant(tenant)),
                answer -> buyingPower(answer, price.getAsLong(), requestedAt),
                failure -> KisRefusals.refusal(
                        ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE,
                        "KIS returned no buying power in dollars; retry.",
                        failure));
    }

    private static CallOptions options(Instant now, Instant deadline) {
        return CallOptions.standard().withLane(Lane.ACCOUNT).withDeadline(now, deadline);
    }

    private static BrokerBuyingPower buyingPower(OverseasBuyingPower answer, long price, Instant requestedAt) {
        return new BrokerBuyingPower(
                Dollars.unitsRoundedDown(answer.amount()),
                price,
                Dollars.unitsRoundedDown(answer.total()),
                answer.qty(),
                Dollars.unitsRoundedDown(answer.total()),
                Math.max(answer.qty(), answer.qtyAfterExchange()),
                requestedAt);
    }

    private static Holdings holdings(OverseasPresentBalance answer, Instant requestedAt) {
        long deposit = 0;
        long settled = 0;
        for (var cash : answer.cash()) {
            if (cash.currency().equals(Currency.USD.name())) {
                deposit += Dollars.unitsRoundedDown(cash.deposit());
                settled += Dollars.unitsRoundedDown(
                        cash.deposit().add(cash.soldToday()).subtract(cash.boughtToday()));
            }
        }
        var positions = answer.positions().stream()
                .flatMap(position ->
                        position
                                .symbol()
                                .flatMap(KisTr::toUsSymbol)
                                .flatMap(symbol -> position(symbol, position))
                                .stream())
                .toList();
        long total = settled;
        for (var position : positions) {
            total += position.value();
        }
        return new Holdings(
                Market.US,
                new Holdings.Cash(settled, deposit, settled, total, OptionalLong.empty()),
                positions,
                requestedAt);
    }

    private static Optional<Holdings.Position> position(UsSymbol symbol, OverseasPresentBalance.Position position) {
        long qty = position.qty().setScale(0, RoundingMode.DOWN).longValueExact();
        return qty == 0
                ? Optional.empty()
                : Optional.of(new Holdings.Position(
                        symbol,
                        position.name(),
                        qty,
                        position.sellableQty().setScale(0, RoundingMode.DOWN).longValueExact(),
                        position.avgPrice().stripTrailingZeros(),
                        Dollars.roundedUnits(position.cost()),
                        Dollars.roundedUnits(position.price()),
                        Dollars.roundedUnits(position.value()),
                        Dollars.roundedUnits(position.pnl())));
    }

    private KisClient client(String accountId) {
        return accounts.find(accountId)
                .orElseThrow(() -> new IllegalArgumentException("no account " + accountId))
                .client();
    }
}
