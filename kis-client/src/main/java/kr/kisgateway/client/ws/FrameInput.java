package kr.kisgateway.client.ws;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads frames (RFC 6455 §5) of a server one by one from one thread. Text is assembled from its fragments and decoded
 * into characters that are reused for the next message.
 *
 * <p>Nothing grows beyond {@link #MESSAGE_BYTES_MAX}: a longer message ends the socket with code 1009.
 */
final class FrameInput {
    static final int MESSAGE_BYTES_MAX = 1 << 20;
    private static final int BUFFER_BYTES = 16_384;
    private static final int CONTROL_BYTES_MAX = 125;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    /** In the byte before the last of a header: the length follows in 2 or 8 bytes. */
    private static final int LENGTH_IN_2 = 126;

    private static final int LENGTH_IN_8 = 127;

    /** A received frame. */
    sealed interface Frame {
        /** A complete message. Its characters are valid until the next call. */
        record Text(CharBuffer text) implements Frame {}

        record Ping(byte[] payload) implements Frame {}

        /** @param code 1005 when the frame named none */
        record Close(int code) implements Frame {}

        /** An ignored frame: a pong, a binary message, a fragment. */
        record Other() implements Frame {}
    }

    private static final Frame OTHER = new Frame.Other();

    private final InputStream in;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private byte[] message = new byte[BUFFER_BYTES];
    private int length;
    /** The message being assembled: {@link #TEXT}, {@link #BINARY}, or 0 for nothing. */
    private int kind;

    private char[] characters = new char[BUFFER_BYTES];

    FrameInput(InputStream in) {
        this.in = in;
    }

    /**
     * Waits for the next frame.
     *
     * @throws BadSocketException when it breaks the rules, or the connection ended within or before it (code 1006)
     */
    Frame next() throws IOException {
        int first = octet();
        int second = octet();
        boolean last = (first & 0x80) != 0;
        int opcode = first & 0x0F;
        if ((first & 0x70) != 0 || (second & 0x80) != 0) {
            throw new BadSocketException(TextSocket.PROTOCOL_ERROR, "a frame with bits that were not agreed upon");
        }
        long size = switch (second) {
            case LENGTH_IN_2 -> number(2);
            case LENGTH_IN_8 -> number(8);
            default -> second;
        };
        return switch (opcode) {
            case 0, TEXT, BINARY -> data(opcode, last, size);
            case CLOSE, PING, PONG -> control(opcode, last, size);
            default -> throw new BadSocketException(TextSocket.PROTOCOL_ERROR, "a frame of kind " + opcode);
        };
    }

    private Frame data(int opcode, boolean last, long size) throws IOException {
        if ((opcode == 0) == (kind == 0)) {
            throw new BadSocketException(TextSocket.PROTOCOL_ERROR, "a fragment out of its turn");
        }
        if (opcode != 0) {
            kind = opcode;
            length = 0;
        }
        if (size < 0 || size > MESSAGE_BYTES_MAX - length) {
            throw new BadSocketException(TextSocket.TOO_BIG, "a message longer than " + MESSAGE_BYTES_MAX + " bytes");
        }
        message = roomFor(message, length + (int) size);
        fill(message, length, (int) size);
        length += (int) size;
        if (!last) {
            return OTHER;
        }
        boolean text = kind == TEXT;
        kind = 0;
        return text ? new Frame.Text(decoded()) : OTHER;
    }

    private Frame control(int opcode, boolean last, long size) throws IOException {
        if (!last || size < 0 || size > CONTROL_BYTES_MAX) {
            throw new BadSocketException(TextSocket.PROTOCOL_ERROR, "a control frame in pieces or too long");
        }
        var payload = new byte[(int) size];
        fill(payload, 0, payload.length);
        return switch (opcode) {
            case PING -> new Frame.Ping(payload);
            case CLOSE ->
                new Frame.Close(payload.length < 2 ? TextSocket.NO_CODE : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF);
            default -> OTHER;
        };
    }

    /** KIS's data are ASCII, which needs no decoder. */
    private CharBuffer decoded() throws BadSocketException {
        if (characters.length < length) {
            characters = new char[message.length];
        }
        int ascii = 0;
        while (ascii < length && message[ascii] >= 0) {
            characters[ascii] = (char) message[ascii];
            ascii++;
        }
        if (ascii == length) {
            return CharBuffer.wrap(characters, 0, length);
        }
        try {
            return utf8.reset().decode(ByteBuffer.wrap(message, 0, length));
        } catch (CharacterCodingException _) {
            throw new BadSocketException(TextSocket.NOT_UTF8, "a text that is not UTF-8");
        }
    }

    private static byte[] roomFor(byte[] bytes, int size) {
        if (bytes.length >= size) {
            return bytes;
        }
        var larger = new byte[Math.min(MESSAGE_BYTES_MAX, Math.max(size, 2 * bytes.length))];
        System.arraycopy(bytes, 0, larger, 0, bytes.length);
        return larger;
    }

    private long number(int octets) throws IOException {
        long value = 0;
        for (int i = 0; i < octets; i++) {
            value = value << 8 | octet();
        }
        return value;
    }

    private int octet() throws IOException {
        if (from == to) {
            refill();
        }
        return buffer[from++] & 0xFF;
    }

    private void fill(byte[] target, int at, int count) throws IOException {
        int done = 0;
        while (done < count) {
            if (from == to) {
                refill();
            }
            int part = Math.min(count - done, to - from);
            System.arraycopy(buffer, from, target, at + done, part);
            from += part;
            done += part;
        }
    }

    private void refill() throws IOException {
        int read = in.read(buffer);
        if (read < 0) {
            throw new BadSocketException(TextSocket.ABNORMAL, "the connection ended");
        }
        from = 0;
        to = read;
    }
}
