package kr.kisgateway.gateway.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A text frame: a single message as it is, several as an array. */
final class JsonFrame implements Frame {
    private byte[] bytes = new byte[IDLE_BYTES];
    private int length;
    private int count;

    @Override
    public void reserve(int expected) {
        // One comma per message is added: messages are short, and the buffer grows when they do not fit.
        var needed = length + expected + expected / 32;
        if (bytes.length < needed) {
            bytes = Arrays.copyOf(bytes, needed);
        }
    }

    @Override
    public void shrink() {
        if (bytes.length > IDLE_BYTES) {
            bytes = new byte[IDLE_BYTES];
        }
    }

    @Override
    public void add(byte[] message) {
        var needed = length + message.length + 2;
        if (bytes.length < needed) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
        }
        bytes[length] = (byte) (length == 0 ? '[' : ',');
        System.arraycopy(message, 0, bytes, length + 1, message.length);
        length += message.length + 1;
        count++;
    }

    /** Returns the joined text and clears the frame. */
    String text() {
        String text;
        if (count == 1) {
            text = new String(bytes, 1, length - 1, StandardCharsets.UTF_8);
        } else {
            bytes[length++] = ']';
            text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        }
        length = 0;
        count = 0;
        return text;
    }
}
