package kr.kisgateway.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the lines of a stream in UTF-8; of a line that is too long nothing is retained. */
final class BoundedLines implements AutoCloseable {
    private final InputStream in;
    private final int bytesMax;

    /** @param bytesMax of a line, without its end */
    BoundedLines(InputStream in, int bytesMax) {
        this.in = new BufferedInputStream(in);
        this.bytesMax = bytesMax;
    }

    /** One line. */
    sealed interface Line {
        record Text(String text) implements Line {}

        record TooLong() implements Line {}
    }

    /** The next line; empty at the end of the stream. */
    Optional<Line> next() throws IOException {
        var bytes = new ByteArrayOutputStream();
        boolean isTooLong = false;
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            isTooLong = isTooLong || bytes.size() == bytesMax;
            if (!isTooLong) {
                bytes.write(next);
            }
        }
        return Optional.of(isTooLong ? new Line.TooLong() : new Line.Text(text(bytes)));
    }

    /** A line may end with a carriage return, too. */
    private static String text(ByteArrayOutputStream bytes) {
        var text = bytes.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
