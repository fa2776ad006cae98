package kr.kisgateway.simulator.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of a recording, in the order in which they happened.
 *
 * @param events times never go back
 */
public record Recording(List<Event> events) {
    /** The size limit: a recording is played from memory. */
    private static final long MAX_BYTES = 512L * 1024 * 1024;

    public Recording {
        events = List.copyOf(events);
    }

    /**
     * Reads a file. A last line that was cut off, because its writer was killed, is left out.
     *
     * @throws IllegalArgumentException in a sentence when there is no such file, it is too large, or it is no recording
     */
    public static Recording read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "the recording " + file + " is larger than " + MAX_BYTES / 1024 / 1024 + " MB");
            }
            try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                return read(file, in);
            }
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no recording " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the recording " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Recording read(Path file, BufferedReader in) throws IOException {
        List<Event> events = new ArrayList<>();
        int number = 1;
        try {
            String header = in.readLine();
            RecordingLines.checkHeader(header == null ? "" : header);
            for (String line = in.readLine(); line != null; ) {
                number++;
                String next = in.readLine();
                if (next == null && !line.endsWith("}")) {
                    break;
                }
                events.add(RecordingLines.read(line));
                line = next;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the recording " + file + ", line " + number + ": " + e.getMessage(), e);
        }
        return new Recording(events);
    }
}
