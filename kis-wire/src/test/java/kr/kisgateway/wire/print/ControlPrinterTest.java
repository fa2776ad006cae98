package kr.kisgateway.wire.print;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import kr.kisgateway.wire.Golden;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.Test;

class ControlPrinterTest {
    private static final RealtimeKey KEY = new RealtimeKey("H0STCNT0", "005930");

    @Test
    void a_registration_is_printed_as_in_the_protocol_notes() {
        assertThat(SubscribeMessage.print("0f6e3a52-1111-4222-8333-aaaaaaaaaaaa", "P", true, KEY))
                .isEqualTo(Golden.text("subscribe.json"));
    }

    @Test
    void a_release_differs_in_its_type_only() {
        assertThat(SubscribeMessage.print("0f6e3a52-1111-4222-8333-aaaaaaaaaaaa", "P", false, KEY))
                .isEqualTo(Golden.text("subscribe.json").replace("\"tr_type\":\"1\"", "\"tr_type\":\"2\""));
    }

    @Test
    void every_answer_is_printed_as_in_the_protocol_notes() {
        assertThat(ControlPrinter.subscribed(KEY, Golden.KEY)).isEqualTo(Golden.text("ack.json"));
        assertThat(ControlPrinter.released(KEY)).isEqualTo(Golden.text("ack-released.json"));
        assertThat(ControlPrinter.refused(KEY, "OPSP0008", "MAX SUBSCRIBE OVER"))
                .isEqualTo(Golden.text("ack-full.json"));
        assertThat(ControlPrinter.sessionError("OPSP8996", "ALREADY IN USE appkey"))
                .isEqualTo(Golden.text("ack-session-error.json"));
    }

    @Test
    void the_keep_alive_has_the_time_in_seoul() {
        assertThat(ControlPrinter.pingPong(LocalDateTime.of(2026, 11, 20, 9, 30)))
                .isEqualTo(Golden.text("pingpong.json"));
    }

    @Test
    void quotes_and_control_characters_cannot_break_out_of_a_value() {
        assertThat(ControlPrinter.refused(new RealtimeKey("A\"B", "\\\n"), "X", "y"))
                .contains("\"tr_id\":\"A\\\"B\"", "\"tr_key\":\"\\\\\\u000a\"");
    }
}
