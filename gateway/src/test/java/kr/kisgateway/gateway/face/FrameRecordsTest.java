package kr.kisgateway.gateway.face;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameRecordsTest {
    @Test
    void records_are_split_at_their_width_and_keep_empty_columns() {
        var read = FrameRecords.read("0|H0STCNT0|002|005930^1^^^000660^2^x^");

        assertThat(read.trId()).isEqualTo("H0STCNT0");
        assertThat(read.records()).extracting(FrameRecords.Record::text).containsExactly("005930^1^^", "000660^2^x^");
        assertThat(read.records()).extracting(FrameRecords.Record::key).containsExactly("005930", "000660");
        assertThat(read.records()).extracting(FrameRecords.Record::width).containsExactly(4, 4);
        assertThat(read.records().get(1).first(1)).isEqualTo("000660");
        assertThat(read.records().get(1).first(3)).isEqualTo("000660^2^x");
        assertThat(read.records().get(1).first(9)).isEqualTo("000660^2^x^");
    }

    @ParameterizedTest
    @CsvSource({
        "0|H0STCNT0|002|a^b^c, H0STCNT0",
        "0|H0STCNT0|000|a^b, H0STCNT0",
        "0|H0STCNT0|00x|a^b, H0STCNT0",
        "0|H0STCNT0|0001|a^b, H0STCNT0",
        "0|H0STCNT0|a^b, H0STCNT0",
        "0|H0STCNT0, ''",
        "1|H0STCNI0|001|a^b, ''",
        "{}, ''"
    })
    void a_frame_of_another_form_has_no_records(String frame, String trId) {
        assertThat(FrameRecords.read(frame).trId()).isEqualTo(trId);
        assertThat(FrameRecords.read(frame).records()).isEmpty();
    }
}
