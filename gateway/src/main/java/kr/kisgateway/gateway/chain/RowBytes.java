package kr.kisgateway.gateway.chain;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes of a row, from which its hash is computed: each text with its length before it, so that no two rows are alike. */
public final class RowBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

    public RowBytes text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public RowBytes bytes(byte[] value) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
        bytes.writeBytes(value);
        return this;
    }

    public RowBytes number(long value) {
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }
}
