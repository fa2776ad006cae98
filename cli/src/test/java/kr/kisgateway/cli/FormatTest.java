package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
        "2026-11-20T12:32:27.867617484Z, 2026-11-20 21:32:27",
        "2026-11-20T23:00:00Z, 2026-11-21 08:00:00",
        "2026-11-20T12:32:99.867617484Z, 2026-11-20T12:32:99.867617484Z",
        "a note that ends with a big Z, a note that ends with a big Z"
    })
    void instants_of_the_journal_are_read_in_seouls_time(String stored, String shown) {
        assertThat(Format.seoulTime(stored)).isEqualTo(shown);
    }
}
