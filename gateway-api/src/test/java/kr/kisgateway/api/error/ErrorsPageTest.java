package kr.kisgateway.api.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import kr.kisgateway.api.error.ErrorCode.Remedy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code docs/ERRORS.md} is the table of error codes. {@code ./kis openapi} writes it: this test, with the property {@code
 * kis.openapi.write}.
 */
final class ErrorsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "ERRORS.md");
    private static final String HEAD = """
            # Error codes

            Every refusal has the form of `ApiError` ([API.md](API.md#apierror)): a code of this table,
            a message about the one case, and whether the same request may succeed later. *Who acts*: the caller changes the request or what
            it is about, an operator acts at the gateway, or only time helps. The commands are those of [CLI.md](CLI.md), which prints the
            same sentences. Written by `./kis openapi` from `ErrorCode` of gateway-api. 모든 거부 응답의 오류 코드와 조치 방법입니다.

            | code | status | who acts | retryable | cause | remedy |
            |---|---|---|---|---|---|
            """;

    @Test
    void the_page_of_errors_is_the_table_of_codes() throws IOException {
        var expected = HEAD
                + Arrays.stream(ErrorCode.values()).map(ErrorsPageTest::row).collect(Collectors.joining());
        if (Boolean.getBoolean("kis.openapi.write")) {
            Files.writeString(PAGE, expected);
            return;
        }
        assertThat(Files.readString(PAGE))
                .as("docs/ERRORS.md differs from ErrorCode: ./kis openapi")
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void each_code_has_its_cause_and_its_remedy_in_english_and_korean(ErrorCode code) {
        assertThat(code.cause()).matches("[A-Z].*[.]").doesNotContainPattern("[가-힣]");
        assertThat(code.koreanCause()).endsWith(".").containsPattern("[가-힣]");
        assertThat(code.remedy().english()).endsWith(".");
        assertThat(code.remedy().korean()).endsWith(".").containsPattern("[가-힣]");
        assertThat(code.status()).isBetween(400, 599);
        assertThat(ErrorCode.of(code.name())).contains(code);
    }

    @Test
    void what_only_time_helps_against_can_be_retried_and_an_unknown_code_falls_back_to_that() {
        assertThat(ErrorCode.values())
                .filteredOn(code -> code.actor() == ErrorCode.Actor.NONE)
                .isNotEmpty()
                .allMatch(ErrorCode::retryable);
        assertThat(ErrorCode.of("LATER")).isEmpty();
        assertThat(Remedy.ofUnknownCode(true)).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT.remedy());
        assertThat(Remedy.ofUnknownCode(false)).isEqualTo(ErrorCode.INVALID_FIELD.remedy());
    }

    private static String row(ErrorCode code) {
        String actor = switch (code.actor()) {
            case CALLER -> "the caller<br>호출자";
            case OPERATOR -> "an operator<br>운영자";
            case NONE -> "wait<br>대기";
        };
        return "| `" + code + "` | " + code.status() + " | " + actor + " | " + (code.retryable() ? "yes" : "no") + " | "
                + code.cause() + "<br>" + code.koreanCause() + " | "
                + plain(code.remedy().english(), "the key that the message names") + "<br>"
                + plain(code.remedy().korean(), "메시지에 적힌 키를") + " |\n";
    }

    /** A remedy without a request to fill it in from. */
    private static String plain(String remedy, String setting) {
        String text =
                remedy.replace("{order}", "ID").replace("{setting}", setting).replaceAll("[{](key|wait|delay)}", "");
        return Character.isLowerCase(text.charAt(0)) ? Character.toUpperCase(text.charAt(0)) + text.substring(1) : text;
    }
}
