package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class FormatTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1234567            | 1,234,567
            -1234.50           | -1,234.5
            0.05               | 0.05
            -0.5               | -0.5
            null               | ''
            true               | true
            "삼성"             | 삼성
            [100001, 100002]   | 100001, 100002
            {"a": 1000, "b": null, "c": []} | a 1,000
            """)
    void values_are_written_for_people(String json, String shown) {
        assertThat(Format.value(new JsonMapper().readTree(json))).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "0.3, 0.30 %, 0.30 %",
        "-12, -12.00 %, -12.00 %",
        "0, 0.00 %, 0.00 %",
        "0.0140527, 0.01 %, 0.0140527 %",
        "1234.5, '1,234.50 %', '1,234.50 %'"
    })
    void a_percentage_has_two_decimals_and_a_rate_all_that_it_has(BigDecimal number, String percent, String rate) {
        assertThat(Format.percent(number)).isEqualTo(percent);
        assertThat(Format.rate(number)).isEqualTo(rate);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T09:00:05+09:00, 09:00:05",
        "2026-11-19T23:59:59+09:00, 11-19 23:59",
        "2025-11-20T09:00:05+09:00, 2025-11-20",
        "2026-11-20T00:00:05Z, 09:00:05"
    })
    void a_list_has_the_date_only_of_other_days(OffsetDateTime time, String shown) {
        assertThat(Format.listTime(time, Instant.parse("2026-11-20T05:00:00Z"))).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T12:32:27.867617484Z, 2026-11-20 21:32:27",
        "2026-11-20T23:00:00Z, 2026-11-21 08:00:00",
        "2026-11-20T12:32:99.867617484Z, 2026-11-20T12:32:99.867617484Z",
        "a note that ends with a big Z, a note that ends with a big Z"
    })
    void instants_of_the_journal_are_read_in_seouls_time(String stored, String shown) {
        assertThat(Format.seoulTime(stored)).isEqualTo(shown);
    }
}
