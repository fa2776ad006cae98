package kr.kisgateway.gateway.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RowBytesTest {
    /** Written a second time by the JDK's stream, so that no hash of a row changes with the buffer. */
    @Test
    void a_row_is_its_numbers_and_its_texts_after_their_lengths_whatever_their_sizes() throws IOException {
        for (int size : new int[] {0, 1, 483, 484, 485, 511, 512, 513, 1_500, 100_000}) {
            String text = "가".repeat(size / 3) + "a".repeat(size % 3);
            var row = new RowBytes();
            var expected = new ByteArrayOutputStream();
            var out = new DataOutputStream(expected);
            for (int i = 0; i < 3; i++) {
                row.text(text).number(Long.MIN_VALUE + size).bytes(new byte[] {1, 2, 3});
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                out.writeInt(bytes.length);
                out.write(bytes);
                out.writeLong(Long.MIN_VALUE + size);
                out.writeInt(3);
                out.write(new byte[] {1, 2, 3});
            }
            assertThat(row.toBytes()).as("size %d", size).isEqualTo(expected.toByteArray());
        }
    }
}
