package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The fields of {@code /v1/risk/check} and of quote lists that the old system's clients read, on a whole gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class ContractRefusalsTest {
    private GatewayFixture gateway;

    @BeforeAll
    void start(@TempDir Path folder) {
        gateway = GatewayFixture.start(folder, "--simulator-clock=open-fixed");
        gateway.awaitReady();
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private JsonNode check(String body) {
        var answer = gateway.send("POST", "/v1/risk/check", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        gateway.contract().check("POST", "/v1/risk/check", answer);
        return gateway.tree(answer);
    }

    /** An order body of {@code fields}, with defaults for the required fields that they omit. */
    private static String order(String fields) {
        String defaults = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1}";
        for (var field : fields.split(";", -1)) {
            String name = field.substring(0, field.indexOf(':'));
            defaults = defaults.contains(name)
                    ? defaults.replaceFirst(name + ":[^,}]*", field)
                    : defaults.replace("}", "," + field + "}");
        }
        return defaults;
    }

    @ParameterizedTest
    @Requirement("G-15")
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            "qty":0                                     | INVALID_QTY
            "qty":1.5                                   | INVALID_QTY
            "qty":"ten"                                 | INVALID_QTY
            "price":-1                                  | INVALID_PRICE
            "price":70000.5                             | INVALID_PRICE
            "side":"HOLD"                               | INVALID_SIDE
            "order_type":"ICEBERG"                      | INVALID_ORDER_TYPE
            "order_type":"LIMIT"                        | PRICE_REQUIRED_FOR_LIMIT
            "order_type":"MARKET";"price":70000         | PRICE_NOT_ALLOWED_FOR_MARKET
            "symbol":"59"                               | INVALID_SYMBOL
            "symbol":"ZZZZZZ"                           | SYMBOL_NOT_FOUND
            "account_id":"B1"                           | ACCOUNT_NOT_FOUND
            "account_id":5                              | INVALID_FIELD
            "dispatch_by":"yesterday"                   | INVALID_FIELD
            "dispatch_by":"2001-01-01T00:00:00+09:00"   | INVALID_FIELD
            "qty":99999999                              | MAX_QTY_EXCEEDED
            "price":1000                                | PRICE_OUT_OF_LIMITS
            """)
    void a_check_returns_the_refusal_that_placing_the_order_gets(String fields, String code) {
        var verdict = check(order(fields));
        assertThat(verdict.path("ok").asBoolean(true)).isFalse();
        assertThat(verdict.path("reason").asString("")).isEqualTo(code);
        assertThat(verdict.path("message").asString("")).isNotBlank();

        var placed = gateway.send("POST", "/v1/orders", order(fields), "Idempotency-Key", "check-" + fields.hashCode());
        assertThat(placed.statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(gateway.tree(placed).path("code").asString("")).isEqualTo(code);
        assertThat(gateway.tree(placed).path("message")).isEqualTo(verdict.path("message"));
    }

    @Test
    @Requirement("G-15")
    void a_check_of_a_valid_order_is_ok() {
        assertThat(check(order("\"qty\":2")).toString()).startsWith("{\"ok\":true,\"reason\":null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{", "7", "{\"account_id\":\"A1\"}", "{\"quantity\":5}"})
    void only_a_body_that_is_not_an_order_object_is_an_error(String body) {
        assertThat(gateway.send("POST", "/v1/risk/check", body).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "005930,000660",
                ",005930,,000660,",
                "%20005930%20,%09000660,%20,005930",
                "005930,005930,000660,000660,005930"
            })
    void blank_empty_and_repeated_list_entries_are_dropped(String symbols) {
        var answer = gateway.get("/v1/quotes?symbols=" + symbols);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(gateway.tree(answer)
                        .valueStream()
                        .map(quote -> quote.path("symbol").asString("")))
                .containsExactly("005930", "000660");
    }

    @Test
    void a_list_is_counted_after_dropping_repetitions() {
        String many = String.join(",", Collections.nCopies(150, "005930"));
        assertThat(gateway.tree(gateway.get("/v1/quotes?symbols=" + many))).hasSize(1);
        String different = IntStream.range(0, 101).mapToObj("%06d"::formatted).collect(Collectors.joining(","));
        assertThat(gateway.get("/v1/quotes?symbols=" + different).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?symbols=", "?symbols=,", "?symbols=%20,%20,"})
    void a_list_without_any_symbol_is_refused(String query) {
        assertThat(gateway.get("/v1/quotes" + query).statusCode()).isEqualTo(400);
    }

    @Test
    void a_us_stock_in_an_order_has_prices_of_its_own_and_no_korean_venue() {
        String apple = order("\"symbol\":\"AAPL.NASD\"").replace("}", ",\"venue\":\"KRX\"}");
        assertThat(check(apple).path("reason").asString("")).isEqualTo("INVALID_ORDER_TYPE");
        var placed = gateway.send("POST", "/v1/orders", apple, "Idempotency-Key", "us");
        assertThat(placed.statusCode()).isEqualTo(400);
        gateway.contract().check("POST", "/v1/orders", placed);
        assertThat(gateway.tree(placed).path("message").asString("")).contains("AAPL.NASD is not traded on KRX");
        assertThat(gateway.get("/v1/orders?symbol=AAPL.NASD").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/quotes/5930",
                "GET /v1/orderbooks/5930",
                "GET /v1/bars/5930?period=D",
                "GET /v1/instruments/5930",
                "GET /v1/investors/5930",
                "GET /v1/etf/5930/nav",
                "GET /v1/orders?symbol=5930",
                "POST /v1/orders",
                "POST /v1/orders/cancel-all"
            })
    void a_code_without_its_zeros_or_its_exchange_is_answered_with_the_intended_one(String call) {
        // For an order a US stock is no suggestion: it would be refused.
        var meantByWritten =
                call.contains("/v1/orders") ? Map.of("5930", "005930") : Map.of("5930", "005930", "AAPL", "AAPL.NASD");
        meantByWritten.forEach((written, meant) -> {
            String[] parts = call.replace("5930", written).split(" ");
            String body = switch (parts[1]) {
                case "/v1/orders" -> order("\"symbol\":\"" + written + "\"");
                case "/v1/orders/cancel-all" -> "{\"symbol\":\"" + written + "\"}";
                default -> "";
            };
            var answer = gateway.send(
                    parts[0], parts[1], body, "Idempotency-Key", "suggest-" + written + parts[1].hashCode());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(gateway.tree(answer).path("code").asString(""))
                    .as(answer.body())
                    .isEqualTo("INVALID_SYMBOL");
            assertThat(gateway.tree(answer).at("/details/suggestion").asString(""))
                    .as(answer.body())
                    .isEqualTo(meant);
            assertThat(gateway.tree(answer).path("message").asString("")).contains("Did you mean " + meant + "?");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET  | /v1/orders?status=FILED               | FILLED
            GET  | /v1/orders?status=opne                | open
            GET  | /v1/rankings/volum                    | volume
            GET  | /v1/rankings/market_cap               | market-cap
            GET  | /v1/bars/005930?period=1M             | 1m
            GET  | /v1/instruments?market=KOSPY          | KOSPI
            POST | /v1/risk/check {"side":"SLEL"}        | SELL
            POST | /v1/risk/check {"order_type":"LMT"}   | LIMIT
            POST | /v1/keys {"name":"a","role":"trad"}   | trade
            POST | /v1/cache/warm {"data_types":["chrt"]} | chart
            POST | /v1/history/recordings {"symbols":["005930"],"channels":["trade"]} | trades
            POST | /v1/history/backfill {"symbols":["005930"],"period":"D","source":"krxx"} | krx
            """)
    void a_misspelt_word_of_a_closed_list_is_answered_with_the_intended_one(String method, String call, String meant) {
        int body = call.indexOf(" {");
        boolean check = call.startsWith("/v1/risk/check");
        var fields = body < 0 ? "" : call.substring(body + 1);
        var answer = body < 0
                ? gateway.send(method, call, "")
                : gateway.operate(
                        method,
                        call.substring(0, body),
                        check ? order(fields.substring(1, fields.length() - 1)) : fields);

        assertThat(answer.body()).contains("did you mean \\\"" + meant + "\\\"?");
        assertThat(answer.body()).doesNotContain("?.");
        if (!check && !call.startsWith("/v1/keys")) {
            assertThat(gateway.tree(answer).at("/details/suggestion").asString(""))
                    .isEqualTo(meant);
        }
    }

    @Test
    void a_word_that_resembles_none_gets_no_suggestion() {
        var answer = gateway.send("GET", "/v1/rankings/zebra", "");
        assertThat(answer.body()).contains("must be one of volume, turnover").doesNotContain("suggestion", "mean");
    }

    @Test
    void a_us_ticker_in_an_order_is_answered_with_its_exchange() {
        var answer = gateway.send("POST", "/v1/risk/check", order("\"symbol\":\"AAPL\""));
        assertThat(answer.body()).contains("INVALID_SYMBOL", "Did you mean AAPL.NASD?");
        assertThat(gateway.send("GET", "/v1/orders?symbol=AAPL", "").body()).contains("Did you mean AAPL.NASD?");
    }

    @Test
    void a_misspelt_parameter_and_a_long_field_name_are_answered_with_the_intended_name() {
        var parameter = gateway.get("/v1/orders?statuss=open");
        assertThat(parameter.statusCode()).isEqualTo(400);
        assertThat(gateway.tree(parameter).at("/details/suggestion").asString(""))
                .isEqualTo("status");
        assertThat(gateway.tree(parameter).path("message").asString("")).contains("did you mean \"status\"?");

        var field = gateway.send("POST", "/v1/orders", order("\"quantity\":1"), "Idempotency-Key", "long-name");
        assertThat(field.statusCode()).isEqualTo(400);
        assertThat(gateway.tree(field).at("/details/suggestion").asString("")).isEqualTo("qty");
        assertThat(gateway.tree(field).path("message").asString("")).contains("did you mean \"qty\"?");
    }

    @Test
    void a_message_that_begins_with_a_field_retains_the_fields_name() {
        var refused = gateway.send(
                "POST", "/v1/orders", order("\"order_type\":\"STOP\""), "Idempotency-Key", "names-a-field");
        assertThat(gateway.tree(refused).path("message").asString("")).startsWith("order_type is ");
    }

    @Test
    void a_batch_names_the_intended_code_on_the_line_of_the_wrong_one() {
        var answer = gateway.send("POST", "/v1/quotes/batch", "{\"symbols\":[\"5930\",\"000660\"]}");
        assertThat(answer.body()).contains("Did you mean 005930?");
    }

    @Test
    void the_contract_names_the_called_address_as_its_server() {
        var base = gateway.gateway().baseUri();
        assertThat(gateway.json("/openapi.json").at("/servers/0/url").asString(""))
                .isEqualTo(base.toString());
        var other = URI.create("http://localhost:" + base.getPort() + "/openapi.json");
        assertThat(gateway.tree(gateway.send("GET", other.toString(), ""))
                        .at("/servers/0/url")
                        .asString(""))
                .isEqualTo("http://localhost:" + base.getPort());
    }
}
