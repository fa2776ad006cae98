package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CsvTest {
    @Property
    void any_fields_survive_a_round_trip(@ForAll("rows") List<String> fields) {
        var line = fields.stream()
                .map(field ->
                        field.contains(",") || field.contains("\"") ? '"' + field.replace("\"", "\"\"") + '"' : field)
                .collect(Collectors.joining(","));
        assertThat(Csv.split(line)).isEqualTo(fields);
    }

    @Provide
    Arbitrary<List<String>> rows() {
        return Arbitraries.strings()
                .withChars("a,\" 가")
                .ofMaxLength(6)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }

    @Test
    void a_line_with_broken_quotes_is_refused() {
        assertThatThrownBy(() -> Csv.split("a,\"b")).hasMessageContaining("not closed");
        assertThatThrownBy(() -> Csv.split("\"a\"b,c")).hasMessageContaining("after a closing quote");
    }

    @Test
    void a_bad_row_is_named_by_file_and_line() {
        assertThatThrownBy(() -> Csv.read("krx-etfs.csv", "code,name", _ -> {}))
                .hasMessageContaining("krx-etfs.csv should begin with code,name");
        assertThatThrownBy(() -> Csv.read("krx-base-info.csv", "code,name_en,par_value", _ -> {
                    throw new NumberFormatException("no number");
                }))
                .hasMessage("krx-base-info.csv line 2: no number");
    }
}
