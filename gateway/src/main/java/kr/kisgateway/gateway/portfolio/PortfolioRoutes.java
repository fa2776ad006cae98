package kr.kisgateway.gateway.portfolio;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.portfolio.Balance;
import kr.kisgateway.api.portfolio.Position;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;

/**
 * {@code /v1/balances} and {@code /v1/positions}. While KIS fails the last answer is returned as {@code STALE} with its age,
 * also in the header {@code X-Data-State}, since an empty list has no other place for it; without one the call is refused.
 */
public final class PortfolioRoutes {
    private final Portfolio portfolio;
    private final AvailableCash availableCash;
    private final InstantSource clock;

    public PortfolioRoutes(Portfolio portfolio, AvailableCash availableCash, InstantSource clock) {
        this.availableCash = availableCash;
        this.portfolio = portfolio;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/balances", List.of("account_id"), this::balances);
        table.get(Role.TRADE, "/v1/positions", List.of("account_id"), this::positions);
    }

    private record HoldingsResult(Holdings holdings, String state, long ageMillis) {}

    private void balances(Call call) {
        var account = call.requiredQuery("account_id");
        var result = loadHoldings(call, account);
        var cash = result.holdings().cash();
        call.answer(List.of(new Balance(
                account,
                "KRW",
                availableCash.of(account, result.holdings()),
                cash.deposit(),
                cash.nextDay(),
                cash.inTwoDays(),
                cash.total(),
                cash.changeToday(),
                result.holdings().requestedAt().toEpochMilli(),
                result.state(),
                result.ageMillis())));
    }

    private void positions(Call call) {
        var account = call.requiredQuery("account_id");
        var result = loadHoldings(call, account);
        call.answer(result.holdings().positions().stream()
                .filter(position ->
                        call.caller().mayReadSymbol(position.symbol().code()))
                .map(position -> answer(position, account, result))
                .toList());
    }

    private static Position answer(Holdings.Position position, String account, HoldingsResult result) {
        return new Position(
                account,
                position.symbol().code(),
                position.name(),
                position.qty(),
                position.sellableQty(),
                position.avgPrice(),
                position.cost(),
                position.price(),
                position.value(),
                position.pnl(),
                "KRW",
                result.holdings().requestedAt().toEpochMilli(),
                result.state(),
                result.ageMillis());
    }

    private HoldingsResult loadHoldings(Call call, String account) {
        call.caller().requireAccount(account);
        var view = portfolio.currentHoldings(account);
        var result = switch (view.holdings()) {
            case Observation.Current<Holdings>(Holdings holdings, Instant requestedAt) ->
                new HoldingsResult(holdings, "KNOWN", age(requestedAt));
            case Observation.Stale<Holdings>(Holdings holdings, Instant requestedAt, String _) ->
                new HoldingsResult(holdings, "STALE", age(requestedAt));
            case Observation.Unknown<Holdings> _ ->
                throw new RefusedException(view.refusal().orElseThrow());
        };
        call.answerHeader("X-Data-State", result.state());
        return result;
    }

    private long age(Instant requestedAt) {
        return Math.max(0, Duration.between(requestedAt, clock.instant()).toMillis());
    }
}
