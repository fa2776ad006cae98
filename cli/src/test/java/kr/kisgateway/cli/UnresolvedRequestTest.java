package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.order.Order;
import kr.kisgateway.api.order.OrderEvent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;

class UnresolvedRequestTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CONNECTION | sent, and no answer came: SocketException | The connection to KIS broke after it was sent
            TIMEOUT    | sent, and no answer came: SocketTimeoutException | KIS did not answer in time after it was sent
            CRASH      | the gateway ended while the request was on its way | The gateway ended while it was on its way
            HTTP_500   | Internal Server Error | KIS's answer neither confirms nor refuses it
            """)
    void the_reason_of_a_doubt_is_a_sentence_followed_by_the_technical_cause(
            String code, String message, String sentence) {
        var order = ApiJson.read("{\"status\":\"UNKNOWN\"}", Order.class);
        var events = ApiJson.read(
                "[{\"type\":\"SendStarted\",\"at\":\"2026-11-20T21:34:20+09:00\",\"data\":{\"request\":1}},"
                        + "{\"type\":\"SendInDoubt\",\"data\":{\"request\":1,\"code\":\"" + code + "\",\"message\":\""
                        + message + "\"}}]",
                new TypeReference<List<OrderEvent>>() {});

        var why = UnresolvedRequest.of(order, events).getFirst().reason();

        assertThat(why).startsWith(sentence).endsWith("(" + code + ": " + message + ")");
    }
}
