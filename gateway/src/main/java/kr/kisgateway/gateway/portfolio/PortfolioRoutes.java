package kr.kisgateway.gateway.portfolio;

import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.portfolio.PortfolioSource.Answer;

/** {@code /v1/balances} and {@code /v1/positions}. */
public final class PortfolioRoutes {
    private final Portfolio portfolio;

    public PortfolioRoutes(Portfolio portfolio) {
        this.portfolio = portfolio;
    }

    public void register(RouteTable table) {
        table.get("/v1/balances", this::balances);
        table.get("/v1/positions", this::positions);
    }

    private void balances(Call call) {
        var account = call.requiredQuery("account_id");
        var holdings = holdings(account);
        var cash = holdings.cash();
        call.answer(new JsonBuffer(256)
                .beginArray()
                .beginObject()
                .field("account_id", account)
                .field("currency", "KRW")
                .field("cash_available", cash.available())
                .field("deposit", cash.deposit())
                .field("deposit_next_day", cash.nextDay())
                .field("total_value", cash.total())
                .field("as_of_ms", holdings.askedAt().toEpochMilli())
                .endObject()
                .endArray());
    }

    private void positions(Call call) {
        var account = call.requiredQuery("account_id");
        var holdings = holdings(account);
        var json = new JsonBuffer(64 + 256 * holdings.positions().size()).beginArray();
        for (var position : holdings.positions()) {
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
                    .field("currency", "KRW")
                    .endObject();
        }
        call.answer(json.endArray());
    }

    private Holdings holdings(String account) {
        return switch (portfolio.holdings(account)) {
            case Answer.Got(Holdings holdings) -> holdings;
            case Answer.Failed(var refusal) -> throw new RefusedException(refusal);
        };
    }
}
