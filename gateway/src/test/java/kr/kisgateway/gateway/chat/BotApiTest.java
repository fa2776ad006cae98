package kr.kisgateway.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BotApiTest {
    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "-9223372036854775808", "1e300", "\"x\"", "null"})
    void a_message_with_a_date_that_is_none_is_received_like_the_others(String date) {
        assertThat(read(date)).isInstanceOfSatisfying(BotApi.Updates.Received.class, received -> {
            assertThat(received.updates())
                    .singleElement()
                    .satisfies(it -> assertThat(it.text()).isEqualTo("/status"));
            assertThat(received.last()).isEqualTo(7);
        });
    }

    @Test
    void a_message_has_its_date() {
        assertThat(read("1795136400"))
                .isInstanceOfSatisfying(
                        BotApi.Updates.Received.class,
                        received -> assertThat(received.updates().getFirst().sentAt())
                                .isEqualTo(Instant.ofEpochSecond(1_795_136_400)));
    }

    private static BotApi.Updates read(String date) {
        return BotApi.read(("{\"ok\":true,\"result\":[{\"update_id\":7,\"message\":{\"date\":" + date
                        + ",\"text\":\"/status\",\"chat\":{\"id\":1},\"from\":{\"id\":2}}}]}")
                .getBytes(StandardCharsets.UTF_8));
    }
}
