package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class DoubtTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CONNECTION | sent, and no answer came: SocketException | The connection to KIS broke after it was sent
            TIMEOUT    | sent, and no answer came: SocketTimeoutException | KIS did not answer in time after it was sent
            CRASH      | the gateway ended while the request was on its way | The gateway ended while it was on its way
            HTTP_500   | Internal Server Error | KIS gave an answer that says neither that it took it nor that it refused it
            """)
    void why_nobody_knows_is_told_in_a_sentence_with_the_technical_cause_after_it(
            String code, String message, String sentence) {
        var order = new JsonMapper().readTree("{\"status\":\"UNKNOWN\"}");
        var events = new JsonMapper()
                .readTree("[{\"type\":\"SendStarted\",\"at\":\"2026-11-20T21:34:20+09:00\",\"data\":{\"request\":1}},"
                        + "{\"type\":\"SendInDoubt\",\"data\":{\"request\":1,\"code\":\"" + code + "\",\"message\":\""
                        + message + "\"}}]");

        var why = Doubt.of(order, events).getFirst().why();

        assertThat(why).startsWith(sentence).endsWith("(" + code + ": " + message + ")");
    }
}
