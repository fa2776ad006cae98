package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void a_text_of_nothing_but_control_characters_is_blank() {
        assertThat(UntrustedText.sanitize("\n")).isEqualTo(" ");
        assertThat(UntrustedText.sanitize("\u001b\u202e")).isEqualTo("  ");
    }

    @Test
    void a_text_that_needs_no_change_is_not_copied() {
        String text = "정상처리 되었습니다.";
        assertThat(UntrustedText.sanitize(text)).isSameAs(text);
        assertThat(UntrustedText.escape(text, 100)).isSameAs(text);
        assertThat(UntrustedText.escape(text, text.length())).isSameAs(text);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x0000, 0x001f, 0x007f, 0x0080, 0x009f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xd800,
                0xdbff, 0xdc00, 0xdfff
            })
    void what_controls_a_terminal_or_turns_the_text_is_unprintable(int character) {
        char c = (char) character;
        assertThat(UntrustedText.isUnprintable("a" + c + "b", 1)).isTrue();
        assertThat(UntrustedText.isUnprintable(String.valueOf(c), 0)).isTrue();
        assertThat(UntrustedText.isUnprintable("a" + c, 1)).isTrue();
        assertThat(UntrustedText.escape(c + "b", 100)).isEqualTo("\\u%04xb".formatted((int) c));
    }

    @ParameterizedTest
    @ValueSource(ints = {' ', '~', 0x00a0, 0x2027, 0x202f, 0x2065, 0x206a, 0xd7ff, 0xe000, 0xfefe, 0xff00, '가'})
    void their_neighbours_are_printable(int character) {
        char c = (char) character;
        assertThat(UntrustedText.isUnprintable("a" + c + "b", 1)).isFalse();
    }

    @Test
    void both_halves_of_a_character_are_printable_together() {
        String face = "\ud83d\ude00";
        assertThat(UntrustedText.isUnprintable(face, 0)).isFalse();
        assertThat(UntrustedText.isUnprintable(face, 1)).isFalse();
        assertThat(UntrustedText.isUnprintable("\ude00\ud83d", 0)).isTrue();
        assertThat(UntrustedText.isUnprintable("\ude00\ud83d", 1)).isTrue();
    }

    @Test
    void a_text_of_exactly_the_greatest_length_is_complete() {
        assertThat(UntrustedText.escape("ab\ud83d", 3)).isEqualTo("ab\\ud83d");
        assertThat(UntrustedText.escape("ab\ud83d\ude00", 3)).isEqualTo("ab…(+2)");
        assertThat(UntrustedText.escape("abcd", 4)).isEqualTo("abcd");
    }
}
