package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.Golden;
import kr.kisgateway.wire.parse.ControlMessage.Ack;
import kr.kisgateway.wire.parse.ControlMessage.PingPong;
import kr.kisgateway.wire.parse.ControlMessage.Unreadable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlMessageTest {
    @Test
    @Requirement("I-03")
    void a_success_brings_the_key_of_its_notices() {
        ControlMessage message = ControlMessage.parse(Golden.text("ack.json"));

        assertThat(message)
                .isEqualTo(
                        new Ack("H0STCNT0", "005930", "0", "OPSP0000", "SUBSCRIBE SUCCESS", Optional.of(Golden.KEY)));
        assertThat(((Ack) message).isSuccess()).isTrue();
    }

    @Test
    @Requirement(value = "I-03", clause = "control")
    void a_body_with_msg1_is_a_control_message_and_rt_cd_0_its_only_success() {
        assertThat(ControlMessage.parse(Golden.text("ack-released.json")))
                .isEqualTo(new Ack("H0STCNT0", "005930", "0", "OPSP0001", "UNSUBSCRIBE SUCCESS", Optional.empty()));
        assertThat(ControlMessage.parse(Golden.text("ack-full.json")))
                .isEqualTo(new Ack("H0STCNT0", "005930", "1", "OPSP0008", "MAX SUBSCRIBE OVER", Optional.empty()))
                .satisfies(message -> assertThat(((Ack) message).isSuccess()).isFalse());
    }

    @Test
    @Requirement("I-03")
    void an_error_of_the_session_is_read_without_a_tr() {
        assertThat(ControlMessage.parse(Golden.text("ack-session-error.json")))
                .isEqualTo(new Ack("(null)", "", "9", "OPSP8996", "ALREADY IN USE appkey", Optional.empty()));
    }

    @Test
    @Requirement(value = "I-03", clause = "order")
    void rt_cd_counts_before_tr_id() {
        String text =
                "{\"header\":{\"tr_id\":\"PINGPONG\"},\"body\":{\"rt_cd\":\"9\",\"msg_cd\":\"OPSP9999\",\"msg1\":\"x\"}}";

        assertThat(ControlMessage.parse(text)).isInstanceOf(Ack.class);
    }

    @Test
    void a_keep_alive_retains_its_text_for_the_echo() {
        assertThat(ControlMessage.parse(Golden.text("pingpong.json")))
                .isEqualTo(new PingPong(Golden.text("pingpong.json")));
        assertThat(ControlMessage.parse("{\"header\": {\"tr_id\":\"PINGPONG\"} } "))
                .isEqualTo(new PingPong("{\"header\": {\"tr_id\":\"PINGPONG\"} } "));
    }

    @Test
    void a_key_of_the_wrong_length_is_left_out_and_the_answer_stands() {
        String text = Golden.text("ack.json").replace("0123456789abcdef", "0123");

        assertThat(((Ack) ControlMessage.parse(text)).key()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "\"x\"",
                "null",
                "{}",
                "{\"header\":1,\"body\":2}",
                "{\"body\":{\"rt_cd\":{}}}",
                "{}{}"
            })
    void anything_else_is_unreadable(String text) {
        assertThat(ControlMessage.parse(text)).isEqualTo(new Unreadable(text));
    }

    @Test
    void json_without_end_of_depth_is_unreadable() {
        assertThat(ControlMessage.parse("{\"a\":".repeat(100_000))).isInstanceOf(Unreadable.class);
    }

    @Test
    void control_messages_and_data_frames_differ_in_their_first_character() {
        assertThat(ControlMessage.isControlMessage(Golden.text("ack.json"))).isTrue();
        assertThat(ControlMessage.isControlMessage(Golden.text("trade-47.txt"))).isFalse();
        assertThat(ControlMessage.isControlMessage("")).isFalse();
    }
}
