package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import kr.kisgateway.wire.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtherFrameTest {
    @Test
    void any_other_tr_is_read_by_the_columns_of_the_catalog() {
        Heard heard = Heard.from(Golden.text("halt-h0stmko0.txt"));

        assertThat(heard.frames).singleElement().satisfies(frame -> {
            assertThat(frame.trId()).isEqualTo("H0STMKO0");
            assertThat(frame.records()).hasSize(1);
            assertThat(frame.value(0, "MKOP_CLS_CODE")).contains("174");
            assertThat(frame.value(0, "trht_yn")).contains("Y");
            assertThat(frame.value(0, "no_such_column")).isEmpty();
        });
    }

    @Test
    void a_new_column_of_another_tr_has_a_value_but_no_name() {
        Heard heard = Heard.from(Golden.text("halt-h0stmko0.txt") + "^new");

        assertThat(heard.frames).singleElement().satisfies(frame -> {
            assertThat(frame.columns()).hasSize(11);
            assertThat(frame.records().getFirst()).hasSize(12).endsWith("new");
        });
    }

    @Test
    void a_tr_the_catalog_does_not_know_is_cut_by_its_count() {
        Heard heard = Heard.from("0|H0XXYYY0|002|a^b^c^d");

        assertThat(heard.frames).singleElement().satisfies(frame -> {
            assertThat(frame.columns()).isEmpty();
            assertThat(frame.records()).containsExactly(java.util.List.of("a", "b"), java.util.List.of("c", "d"));
        });
    }

    @Test
    void an_encrypted_frame_of_another_tr_is_opened_too() {
        Heard heard = Heard.from("1|H0GSCNI0|001|" + Golden.KEY.encrypt("USER^1234567801^0000000001"));

        assertThat(heard.frames)
                .singleElement()
                .satisfies(frame ->
                        assertThat(frame.records().getFirst()).containsExactly("USER", "1234567801", "0000000001"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0|",
                "0|H0STCNT0",
                "0|H0STCNT0|",
                "0|H0STCNT0|001",
                "0|H0STCNT0||x",
                "0||001|x",
                "2|H0STCNT0|001|x",
                "0|H0STCNT0|000|x",
                "0|H0STCNT0|-01|x",
                "0|H0STCNT0|0001|x",
                "00|H0STCNT0|001|x",
                "{\"header\":{}}",
                "<html>502 Bad Gateway</html>"
            })
    void what_has_no_header_of_a_data_frame_is_bad(String text) {
        Heard heard = Heard.from(text);

        assertThat(heard.good()).isZero();
        assertThat(heard.bad)
                .singleElement()
                .satisfies(bad -> assertThat(bad.reason()).isEqualTo(BadFrame.Reason.HEADER));
    }

    @Test
    void a_payload_of_nothing_is_bad() {
        assertThat(Heard.from("0|H0STCNT0|001|", "0|H0STASP0|001|").bad).hasSize(2);
    }

    @Test
    void a_huge_frame_is_read_without_keeping_its_room() {
        String junk = "0|H0STCNT0|001|" + "9".repeat(3_000_000);
        Heard heard = Heard.from(junk, Golden.text("trade-47.txt"));

        assertThat(heard.bad)
                .singleElement()
                .satisfies(bad -> assertThat(bad.sample()).hasSize(120));
        assertThat(heard.trades).hasSize(1);
    }

    @Test
    void no_key_is_asked_for_a_plain_frame() {
        Heard heard = new Heard();
        FrameParser parser = new FrameParser(heard, trId -> {
            throw new AssertionError("asked for a key of " + trId);
        });
        parser.parse(Golden.text("trade-47.txt"));

        assertThat(heard.trades).hasSize(1);
        assertThat(heard.bad).isEmpty();
    }
}
