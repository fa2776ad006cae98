package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIMULATOR_CLOCK with a speed: gateway and simulator have one time, which runs faster. */
@Tag("slow")
class FastClockTest {
    private static final String LIMIT_BUY = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1,"
            + "\"order_type\":\"LIMIT\",\"price\":230000}";

    @TempDir
    Path folder;

    @Test
    void the_market_opens_a_second_later_and_an_order_of_that_morning_fills() {
        try (var gateway = start("x60@2026-11-20T08:58")) {
            awaitSession(gateway, "REGULAR");
            Await.until("the order fills", () -> {
                gateway.send("POST", "/v1/orders", LIMIT_BUY, "Idempotency-Key", "fast");
                var orders = gateway.json("/v1/orders").path("orders");
                return orders.path(0).path("status").asString("").equals("FILLED")
                        && orders.path(0).path("created_at").asString("").startsWith("2026-11-20T09");
            });
            assertThat(gateway.json("/v1/session/status")
                            .path("app_keys")
                            .path(0)
                            .path("token_expires_at")
                            .asString(""))
                    .startsWith("2026-11-21T0");
            assertThat(gateway.alert("clock_stepped")).isEmpty();
        }
    }

    @Test
    void a_day_ends_and_its_orders_with_it() {
        try (var gateway = start("x60@2026-11-19T19:33")) {
            Await.until("an order of the evening rests", () -> {
                gateway.send(
                        "POST",
                        "/v1/orders",
                        LIMIT_BUY
                                .replace("230000", "170000")
                                .replace("}", ",\"venue\":\"NXT\",\"session\":\"NXT_AFTER\"}"),
                        "Idempotency-Key",
                        "evening");
                return gateway.json("/v1/orders").path("orders").size() == 1;
            });
            Await.until(
                    "it has ended",
                    () -> gateway.json("/v1/orders")
                            .path("orders")
                            .path(0)
                            .path("status")
                            .asString("")
                            .equals("EXPIRED"));
        }
    }

    private GatewayFixture start(String clock) {
        return GatewayFixture.startByItsClock(
                folder,
                Map.of(
                        "KIS_ENV", "sim",
                        "SIMULATOR_CLOCK", clock,
                        "ORDER_DISPATCH_BY_LIMIT", "10m",
                        "KIS_API_QUEUE_TIMEOUT", "10m"));
    }

    private static void awaitSession(GatewayFixture gateway, String session) {
        Await.until(
                "the market's session is " + session,
                () -> gateway.json("/v1/market/status")
                        .path("markets")
                        .path(0)
                        .path("session")
                        .asString("")
                        .equals(session));
    }
}
