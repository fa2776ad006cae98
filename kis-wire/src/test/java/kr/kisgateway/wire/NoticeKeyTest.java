package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;

class NoticeKeyTest {
    private static final String CIPHER =
            Golden.text("notice-26-fill-encrypted.txt").substring("1|H0STCNI0|001|".length());

    @Test
    void the_vector_of_the_protocol_notes_decrypts_to_their_fill_notice() {
        assertThat(Golden.KEY.decrypt(CIPHER)).contains(Golden.text("notice-26-fill.txt"));
    }

    @Test
    void the_fill_notice_encrypts_to_the_vector_of_the_protocol_notes() {
        assertThat(Golden.KEY.encrypt(Golden.text("notice-26-fill.txt"))).isEqualTo(CIPHER);
    }

    @Test
    void a_text_of_another_key_decrypts_to_empty() {
        assertThat(Golden.KEY.decrypt("not base64!")).isEmpty();
        assertThat(Golden.KEY.decrypt("AAAA")).isEmpty();
        assertThat(Golden.KEY.decrypt("")).isEmpty();
        assertThat(new NoticeKey("x".repeat(32), "y".repeat(16)).decrypt(CIPHER))
                .isEmpty();
    }

    @Test
    void a_key_of_the_wrong_form_is_no_key() {
        assertThat(NoticeKey.of("short", "0123456789abcdef")).isEmpty();
        assertThat(NoticeKey.of("가".repeat(32), "0123456789abcdef")).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new NoticeKey("short", "iv"));
    }

    @Test
    void a_key_is_not_printed() {
        assertThat(Golden.KEY.toString()).doesNotContain("abcdef", "012345").isEqualTo("NoticeKey[***]");
    }

    @Test
    void a_key_has_only_visible_ascii_characters() {
        String iv = "0123456789abcdef";
        assertThat(NoticeKey.of("!".repeat(31) + "~", iv)).isPresent();
        assertThat(NoticeKey.of("a".repeat(31) + " ", iv)).isEmpty();
        assertThat(NoticeKey.of("a".repeat(31) + "\u007f", iv)).isEmpty();
        assertThat(NoticeKey.of("a".repeat(32), iv.replace('0', ' '))).isEmpty();
    }

    @Test
    void a_new_key_has_lower_case_letters_and_differs_from_the_one_before() {
        var random = new Random(1);
        NoticeKey first = NoticeKey.random(random);
        NoticeKey second = NoticeKey.random(random);

        assertThat(first.key()).matches("[a-z]{32}");
        assertThat(first.iv()).matches("[a-z]{16}");
        assertThat(second).isNotEqualTo(first);
        assertThat(second.decrypt(second.encrypt("체결"))).contains("체결");
    }
}
