package kr.kisgateway.gateway.chain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a row, from which its hash is computed: each text with its length before it, so that no two rows are alike. */
public final class RowBytes {
    private ByteBuffer bytes = ByteBuffer.allocate(512);

    public RowBytes text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public RowBytes bytes(byte[] value) {
        makeRoom(Integer.BYTES + value.length);
        bytes.putInt(value.length).put(value);
        return this;
    }

    public RowBytes number(long value) {
        makeRoom(Long.BYTES);
        bytes.putLong(value);
        return this;
    }

    private void makeRoom(int more) {
        if (bytes.remaining() < more) {
            bytes = ByteBuffer.allocate(Math.max(2 * bytes.capacity(), Math.addExact(bytes.position(), more)))
                    .put(bytes.flip());
        }
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
