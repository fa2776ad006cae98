package kr.kisgateway.client.master;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The encoding of the master files (MS949, the larger relative of EUC-KR). */
final class Cp949 {
    static final Charset CHARSET = Charset.forName("x-windows-949");

    private Cp949() {}

    /**
     * The characters of some bytes, or empty when they are invalid. A lone first byte at the very end is dropped: a name
     * that fills its field is cut there by the broker, even within a character.
     */
    static Optional<String> decode(byte[] bytes, int from, int to) {
        if (isAscii(bytes, from, to)) {
            return Optional.of(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
        }
        CharsetDecoder decoder = CHARSET.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer out = CharBuffer.allocate(to - from);
        try {
            // Not the end of input: then a lone first byte stays in the buffer instead of being an error.
            var result = decoder.decode(in, out, false);
            if (result.isError()) {
                result.throwException();
            }
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
        return Optional.of(out.flip().toString());
    }

    private static boolean isAscii(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }
}
