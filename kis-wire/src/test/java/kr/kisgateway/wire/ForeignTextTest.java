package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForeignTextTest {
    @Test
    void a_text_of_kis_is_cut_to_500_characters_and_freed_of_control_characters() {
        assertThat(ForeignText.upstream("정상처리 되었습니다.")).isEqualTo("정상처리 되었습니다.");
        assertThat(ForeignText.upstream("a\nb\r\tc\u0000\u001b[31m\u0085\u2028\u2029\u202e\u007f"))
                .isEqualTo("a b  c  [31m     ");
        assertThat(ForeignText.upstream("가".repeat(10_000))).hasSize(500);
        assertThat(ForeignText.upstream("a".repeat(499) + "\uD83D\uDE00")).isEqualTo("a".repeat(499));
        assertThat(ForeignText.upstream("\uD83D\uDE00 \uD83D!")).isEqualTo("\uD83D\uDE00  !");
    }

    @Test
    void an_escaped_text_shows_what_it_was_and_how_much_is_missing() {
        assertThat(ForeignText.escaped("plain 글", 100)).isEqualTo("plain 글");
        assertThat(ForeignText.escaped("a\n\u0085\u2029\u009b", 100)).isEqualTo("a\\n\\u0085\\u2029\\u009b");
        assertThat(ForeignText.escaped("abcdef", 4)).isEqualTo("abcd…(+2)");
    }
}
