package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UntrustedTextTest {
    @Test
    void a_text_of_kis_is_truncated_to_500_characters_without_control_characters() {
        assertThat(UntrustedText.sanitize("정상처리 되었습니다.")).isEqualTo("정상처리 되었습니다.");
        assertThat(UntrustedText.sanitize("a\nb\r\tc\u0000\u001b[31m\u0085\u2028\u2029\u202e\u007f"))
                .isEqualTo("a b  c  [31m     ");
        assertThat(UntrustedText.sanitize("가".repeat(10_000))).hasSize(500);
        assertThat(UntrustedText.sanitize("a".repeat(499) + "\uD83D\uDE00")).isEqualTo("a".repeat(499));
        assertThat(UntrustedText.sanitize("\uD83D\uDE00 \uD83D!")).isEqualTo("\uD83D\uDE00  !");
    }

    @Test
    void an_escaped_text_shows_its_control_characters_and_the_truncated_length() {
        assertThat(UntrustedText.escape("plain 글", 100)).isEqualTo("plain 글");
        assertThat(UntrustedText.escape("a\n\u0085\u2029\u009b", 100)).isEqualTo("a\\n\\u0085\\u2029\\u009b");
        assertThat(UntrustedText.escape("abcdef", 4)).isEqualTo("abcd…(+2)");
    }
}
