package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import kr.kisgateway.api.error.ApiError.BrokerError;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.error.Refusal;
import org.junit.jupiter.api.Test;

class ErrorAnswerTest {
    @Test
    void a_refusal_has_one_text_regardless_of_the_order_in_which_its_details_were_added() {
        var refusal = Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "order_type is unknown")
                .with("used", 3L)
                .with("limit", new BigDecimal("1E+3"))
                .with("orders", List.of(Map.of("code", "X", "at", 1)))
                .with("day", java.time.LocalDate.of(2026, 11, 20))
                .with("on", true)
                .retryAfter(Duration.ofMillis(1_500))
                .withBrokerError(new BrokerError("1", "EGW00201", "초당 거래건수를 초과하였습니다."));

        assertThat(ApiJson.text(ErrorAnswer.of(refusal, "t1")))
                .isEqualTo("{\"code\":\"UPSTREAM_TIMEOUT\",\"message\":\"order_type is unknown.\",\"retryable\":"
                        + ErrorCode.UPSTREAM_TIMEOUT.retryable()
                        + ",\"retry_after_ms\":1500,\"trace_id\":\"t1\",\"details\":{\"day\":\"2026-11-20\",\"limit\":1000,"
                        + "\"on\":true,\"orders\":[{\"at\":1,\"code\":\"X\"}],\"used\":3},\"kis\":{\"rt_cd\":\"1\","
                        + "\"msg_cd\":\"EGW00201\",\"msg1\":\"초당 거래건수를 초과하였습니다.\"},"
                        + "\"detail\":\"UPSTREAM_TIMEOUT\"}");
    }

    @Test
    void a_refusal_without_facts_has_no_details() {
        assertThat(ApiJson.text(ErrorAnswer.of(Refusal.of(ErrorCode.NOT_FOUND, "There is no such path."), "t2")))
                .isEqualTo("{\"code\":\"NOT_FOUND\",\"message\":\"There is no such path.\",\"retryable\":false,"
                        + "\"retry_after_ms\":null,\"trace_id\":\"t2\",\"detail\":\"NOT_FOUND\"}");
    }
}
