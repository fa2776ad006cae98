package kr.kisgateway.client.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class DotEnvTest {
    @Test
    @Requirement(value = "P-14", clause = "dot-env")
    void names_and_values_are_read_with_and_without_quotes_comments_and_export() {
        DotEnv.Parsed parsed = DotEnv.parse("""
                # KIS
                KIS_ENV=mock

                export KIS_APP_KEY = "PS key # no comment"   # a comment
                KIS_APP_SECRET='a"b=c+/=='
                KIS_HTS_ID=me   # not part of it
                KIS_CANO=123#45
                EMPTY=
                ONLY_A_COMMENT= # nothing
                KIS_ENV=live
                """);
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.values())
                .isEqualTo(Map.of(
                        "KIS_ENV", "live",
                        "KIS_APP_KEY", "PS key # no comment",
                        "KIS_APP_SECRET", "a\"b=c+/==",
                        "KIS_HTS_ID", "me",
                        "KIS_CANO", "123#45",
                        "EMPTY", "",
                        "ONLY_A_COMMENT", ""));
    }

    @Test
    @Requirement("P-14")
    void a_byte_order_mark_and_the_line_ends_of_windows_are_no_part_of_it() {
        DotEnv.Parsed parsed = DotEnv.parse("\uFEFFKIS_ENV=sim\r\nKIS_HTS_ID=\"me\"\r\n");
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.values()).isEqualTo(Map.of("KIS_ENV", "sim", "KIS_HTS_ID", "me"));
    }

    @Test
    @Requirement("P-14")
    void a_bad_line_is_named_by_its_number_and_never_shown() {
        DotEnv.Parsed parsed = DotEnv.parse("A=1\nsecret\n=secret\nB='secret\nC=\"secret\" secret\n1D=secret\nE=2\n");
        assertThat(parsed.values()).isEqualTo(Map.of("A", "1", "E", "2"));
        assertThat(parsed.problems())
                .containsExactly(
                        ".env line 2 is not NAME=value.",
                        ".env line 3 is not NAME=value.",
                        ".env line 4 has a quote that is not closed, or text behind the closing one.",
                        ".env line 5 has a quote that is not closed, or text behind the closing one.",
                        ".env line 6 is not NAME=value.");
    }

    @Property(tries = 500)
    void whatever_stands_between_single_quotes_is_the_value(
            @ForAll @StringLength(max = 40) @CharRange(from = ' ', to = '&') @CharRange(from = '(', to = '~')
                    String value) {
        assertThat(DotEnv.parse("A='" + value + "'").values()).isEqualTo(Map.of("A", value));
    }

    @Property(tries = 1_000)
    void any_text_is_read_or_complained_about(@ForAll String text) {
        DotEnv.Parsed parsed = DotEnv.parse(text);
        assertThat(parsed.values().size() + parsed.problems().size())
                .isLessThanOrEqualTo((int) text.lines().count());
    }
}
