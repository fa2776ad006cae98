package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoticeDecryptorTest {
    @Test
    void notices_decrypt_one_after_another_also_after_one_that_does_not() {
        var decryptor = new NoticeDecryptor(Golden.KEY);
        for (String notice : new String[] {"first", "두 번째", "x".repeat(1_000)}) {
            assertThat(decryptor.decrypt(Golden.KEY.encrypt(notice))).contains(notice);
            assertThat(decryptor.decrypt("AAAA")).as("half a block").isEmpty();
            assertThat(decryptor.decrypt("A".repeat(64))).as("another key's").isEmpty();
            assertThat(decryptor.decrypt(Golden.KEY.encrypt(notice))).contains(notice);
        }
        assertThat(decryptor.isOf(Golden.KEY)).isTrue();
        assertThat(decryptor.isOf(new NoticeKey("x".repeat(32), "y".repeat(16))))
                .isFalse();
    }
}
