package kr.kisgateway.gateway.portfolio;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.JsonBuffer;

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
        var json = new JsonBuffer(320)
                .beginArray()
                .beginObject()
                .field("account_id", account)
                .field("currency", "KRW")
                .field("cash_available", availableCash.of(account, result.holdings()))
                .field("deposit", cash.deposit())
                .field("deposit_next_day", cash.nextDay())
                .field("deposit_in_two_days", cash.inTwoDays())
                .field("total_value", cash.total())
                .field("change_today", cash.changeToday());
        call.answer(age(json, result).endObject().endArray());
    }

    private void positions(Call call) {
        var account = call.requiredQuery("account_id");
        var result = loadHoldings(call, account);
        var positions = result.holdings().positions().stream()
                .filter(position ->
                        call.caller().mayReadSymbol(position.symbol().code()))
                .toList();
        var json = new JsonBuffer(64 + 320 * positions.size()).beginArray();
        for (var position : positions) {
            json.beginObject()
                    .field("account_id", account)
                    .field("symbol", position.symbol().code())
                    .field("name", position.name())
                    .field("qty", position.qty())
                    .field("sellable_qty", position.sellableQty())
                    .field("avg_price", position.avgPrice())
                    .field("cost", position.cost())
                    .field("price", position.price())
                    .field("value", position.value())
                    .field("pnl", position.pnl())
                    .field("currency", "KRW");
            age(json, result).endObject();
        }
        call.answer(json.endArray());
    }

    private static JsonBuffer age(JsonBuffer json, HoldingsResult result) {
        return json.field("as_of_ms", result.holdings().requestedAt().toEpochMilli())
                .field("state", result.state())
                .field("age_ms", result.ageMillis());
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
