package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kr.kisgateway.wire.Golden;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.Test;

class SubscribeRequestTest {
    private static final String APPROVAL = "0f6e3a52-1111-4222-8333-aaaaaaaaaaaa";
    private static final RealtimeKey KEY = new RealtimeKey("H0STCNT0", "005930");

    @Test
    void type_1_registers_and_type_2_releases() {
        String text = Golden.text("subscribe.json");

        assertThat(SubscribeRequest.parse(text)).isEqualTo(new SubscribeRequest.Register(APPROVAL, "P", KEY));
        assertThat(SubscribeRequest.parse(text.replace("\"tr_type\":\"1\"", "\"tr_type\":\"2\"")))
                .isEqualTo(new SubscribeRequest.Release(APPROVAL, "P", KEY));
    }

    @Test
    void type_0_is_a_wrong_type() {
        assertThat(SubscribeRequest.parse(
                        Golden.text("subscribe.json").replace("\"tr_type\":\"1\"", "\"tr_type\":\"0\"")))
                .isEqualTo(new SubscribeRequest.WrongType("0", KEY));
    }

    @Test
    void the_part_that_is_missing_is_named() {
        String text = Golden.text("subscribe.json");

        for (String part : List.of("header", "body", "input")) {
            assertThat(SubscribeRequest.parse(text.replace("\"" + part + "\"", "\"x\"")))
                    .isEqualTo(new SubscribeRequest.Unreadable(part));
        }
        assertThat(SubscribeRequest.parse(text.replace("approval_key", "approval")))
                .isEqualTo(new SubscribeRequest.Unreadable("approval_key"));
        assertThat(SubscribeRequest.parse(text.replace("tr_key", "key")))
                .isEqualTo(new SubscribeRequest.Unreadable("tr_key"));
        assertThat(SubscribeRequest.parse("hello")).isEqualTo(new SubscribeRequest.Unreadable("no JSON object"));
    }

    @Test
    void a_keep_alive_of_the_client_is_a_pingpong() {
        assertThat(SubscribeRequest.parse(Golden.text("pingpong.json"))).isInstanceOf(SubscribeRequest.PingPong.class);
    }

    @Test
    void the_approval_key_is_not_printed() {
        String text = Golden.text("subscribe.json");

        assertThat(SubscribeRequest.parse(text).toString())
                .doesNotContain("0f6e3a52")
                .isEqualTo("Register[" + KEY + "]");
        assertThat(SubscribeRequest.parse(text.replace("\"tr_type\":\"1\"", "\"tr_type\":\"2\"")))
                .hasToString("Release[" + KEY + "]");
    }
}
