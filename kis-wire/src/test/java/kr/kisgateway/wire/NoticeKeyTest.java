package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
        assertThat(Golden.KEY.toString()).doesNotContain("abcdef", "012345");
    }
}
