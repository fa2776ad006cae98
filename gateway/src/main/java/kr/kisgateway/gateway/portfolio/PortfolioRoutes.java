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
 * {@code /v1/balances} and {@code /v1/positions}. While KIS fails the last answer is told as {@code STALE} with its age,
 * also in the header {@code X-Data-State}, since an empty list has no other place for it; without one the call is refused.
 */
public final class PortfolioRoutes {
    private final Portfolio portfolio;
    private final InstantSource clock;

    public PortfolioRoutes(Portfolio portfolio, InstantSource clock) {
        this.portfolio = portfolio;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/balances", List.of("account_id"), this::balances);
        table.get(Role.TRADE, "/v1/positions", List.of("account_id"), this::positions);
    }

    private record Told(Holdings holdings, String state, long ageMillis) {}

    private void balances(Call call) {
        var account = call.requiredQuery("account_id");
        var told = told(call, account);
        var cash = told.holdings().cash();
        var json = new JsonBuffer(320)
                .beginArray()
                .beginObject()
                .field("account_id", account)
                .field("currency", "KRW")
                .field("cash_available", cash.available())
                .field("deposit", cash.deposit())
                .field("deposit_next_day", cash.nextDay())
                .field("total_value", cash.total())
                .field("change_today", cash.changeToday());
        call.answer(age(json, told).endObject().endArray());
    }

    private void positions(Call call) {
        var account = call.requiredQuery("account_id");
        var told = told(call, account);
        var positions = told.holdings().positions().stream()
                .filter(position -> call.caller().maySee(position.symbol().code()))
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
            age(json, told).endObject();
        }
        call.answer(json.endArray());
    }

    private static JsonBuffer age(JsonBuffer json, Told told) {
        return json.field("as_of_ms", told.holdings().askedAt().toEpochMilli())
                .field("state", told.state())
                .field("age_ms", told.ageMillis());
    }

    private Told told(Call call, String account) {
        call.caller().requireAccount(account);
        var view = portfolio.ask(account);
        var told = switch (view.holdings()) {
            case Seen.Known<Holdings>(Holdings holdings, Instant askedAt) -> new Told(holdings, "KNOWN", age(askedAt));
            case Seen.Stale<Holdings>(Holdings holdings, Instant askedAt, String _) ->
                new Told(holdings, "STALE", age(askedAt));
            case Seen.Unknown<Holdings> _ ->
                throw new RefusedException(view.refusal().orElseThrow());
        };
        call.answerHeader("X-Data-State", told.state());
        return told;
    }

    private long age(Instant askedAt) {
        return Math.max(0, Duration.between(askedAt, clock.instant()).toMillis());
    }
}
