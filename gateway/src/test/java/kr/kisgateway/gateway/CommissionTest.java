package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code ORDER_COMMISSION}: what the account pays, in everything that the gateway computes of an order. */
class CommissionTest {
    private static final String SAMSUNG = "005930";

    @TempDir
    Path folder;

    @Test
    void the_commission_of_the_account_counts_in_previews_cash_buying_power_and_profit() {
        try (var gateway = GatewayFixture.start(folder, Map.of("ORDER_COMMISSION", "KRX:0.1,NXT:0.05,US:0.5"))) {
            gateway.awaitReady();
            gateway.json("/v1/quotes/" + SAMSUNG);
            long low = gateway.json("/v1/instruments/" + SAMSUNG)
                    .path("lower_limit")
                    .asLong();
            long amount = 10 * low;

            var onKrx = figures(gateway, SAMSUNG, 10, ",\"price\":" + low);
            assertThat(onKrx.at("/cost/commission").asLong()).isEqualTo(amount / 1_000);
            assertThat(onKrx.at("/cost/commission_rate_pct").decimalValue()).isEqualByComparingTo("0.1");
            assertThat(onKrx.at("/cash/reserved").asLong()).isEqualTo(amount + amount / 1_000);
            var onNxt = figures(gateway, SAMSUNG, 10, ",\"venue\":\"NXT\",\"price\":" + low);
            assertThat(onNxt.at("/cost/commission").asLong()).isEqualTo(amount / 2_000);
            assertThat(onNxt.at("/cash/reserved").asLong())
                    .as("what is reserved covers the dearest venue")
                    .isEqualTo(amount + amount / 1_000);
            var us = figures(gateway, "AAPL.NASD", 2, ",\"price\":50");
            assertThat(us.at("/cost/commission").decimalValue()).isEqualByComparingTo("0.5");

            var power = gateway.json("/v1/buying-power?account_id=A1&symbol=" + SAMSUNG + "&price=" + low);
            long bought = power.at("/gateway/qty").asLong() * low;
            assertThat(bought).isPositive();
            assertThat(power.at("/gateway/fee").asLong()).isEqualTo(bought / 1_000);

            long expected = commissionOf(gateway, "BUY") + commissionOf(gateway, "SELL");
            var profit = gateway.json("/v1/pnl?account_id=A1");
            assertThat(profit.at("/totals/0/commission").asLong())
                    .as(profit.toString())
                    .isEqualTo(expected);
        }
    }

    private static JsonNode figures(GatewayFixture gateway, String symbol, long qty, String more) {
        var answer = gateway.send(
                "POST",
                "/v1/orders/preview",
                "{\"account_id\":\"A1\",\"symbol\":\"" + symbol + "\",\"side\":\"BUY\",\"qty\":" + qty + more + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer).path("figures");
    }

    /** A thousandth of each fill of a market order of three shares. */
    private static long commissionOf(GatewayFixture gateway, String side) {
        var answer = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"" + side + "\",\"qty\":3}",
                "Idempotency-Key",
                "commission-" + side);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String id = gateway.tree(answer).path("order_id").asString();
        Await.until(
                side + " is filled",
                () -> gateway.json("/v1/orders/" + id)
                        .path("status")
                        .asString("")
                        .equals("FILLED"));
        return gateway.json("/v1/orders/" + id)
                .path("fills")
                .valueStream()
                .mapToLong(
                        fill -> fill.path("qty").asLong() * fill.path("price").asLong() / 1_000)
                .sum();
    }
}
