package kr.kisgateway.gateway.parent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.order.OrderRequestFuzzer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanParserTest {
    private final PlanParser parser = new PlanParser(OrderRequestFuzzer.parser());

    /** 11:00 in Korea is in New York's evening of the date before, and in the trading day of this date. */
    @ParameterizedTest
    @CsvSource({
        "005930, 2026-12-01T02:00:00Z, 2026-12-01T15:00:00Z",
        "AAPL.NASD, 2026-12-01T02:00:00Z, 2026-12-01T22:00:00Z",
        "AAPL.NASD, 2026-12-01T21:59:59Z, 2026-12-01T22:00:00Z",
        "AAPL.NASD, 2026-12-01T22:00:00Z, 2026-12-02T22:00:00Z",
        "AAPL.NASD, 2026-07-01T02:00:00Z, 2026-07-01T22:00:00Z"
    })
    void without_a_time_a_plan_ends_with_the_trading_day_of_its_market(String symbol, Instant now, Instant until) {
        String body = "{\"kind\":\"TRAILING_STOP\",\"order\":{\"account_id\":\"A1\",\"symbol\":\"" + symbol
                + "\",\"side\":\"SELL\",\"qty\":1,\"price\":100},\"trail\":{\"percent\":5}}";
        var requested =
                parser.read(Caller.local(Role.ADMIN), RequestBody.parse(body.getBytes(StandardCharsets.UTF_8)), now);
        assertThat(requested)
                .isInstanceOfSatisfying(
                        PlanParser.Planned.class,
                        planned -> assertThat(planned.plan().until()).isEqualTo(until));
    }
}
