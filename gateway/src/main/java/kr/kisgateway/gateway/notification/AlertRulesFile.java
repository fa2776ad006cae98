package kr.kisgateway.gateway.notification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.client.Secret;

/** {@code alerts.yaml}, read when it or the file of the stored secrets has changed. */
public final class AlertRulesFile {
    private static final long BYTES_MAX = 256 * 1024L;

    private final Path file;
    private final Path secretsFile;
    private final Function<String, Optional<Secret>> secrets;
    private List<String> state = List.of();

    /** What a reading found. */
    public sealed interface Reading {
        /** The files are as they were. */
        record Unchanged() implements Reading {}

        /** Rules; such that send nothing when there is no file. */
        record Read(AlertRules rules) implements Reading {}

        /** The file has mistakes. */
        record Refused(String problems) implements Reading {}
    }

    /**
     * @param secretsFile its changes may change what the rules refer to
     * @param secrets the stored secret of a name
     */
    public AlertRulesFile(Path file, Path secretsFile, Function<String, Optional<Secret>> secrets) {
        this.file = file;
        this.secretsFile = secretsFile;
        this.secrets = secrets;
    }

    /** Reads the file when it has changed since the last call. */
    public Reading read() {
        try {
            var now = List.of(state(file), state(secretsFile));
            if (now.equals(state)) {
                return new Reading.Unchanged();
            }
            state = now;
            if (!Files.exists(file)) {
                return new Reading.Read(AlertRules.none());
            }
            if (Files.size(file) > BYTES_MAX) {
                return refused(List.of("it is larger than 256 KB"));
            }
            var reading = AlertRulesReader.read(
                    Files.readAllBytes(file), file.toAbsolutePath().resolveSibling(""), secrets);
            return reading.rules().<Reading>map(Reading.Read::new).orElseGet(() -> refused(reading.problems()));
        } catch (IOException e) {
            return refused(List.of("it cannot be read (" + e.getClass().getSimpleName() + ")"));
        }
    }

    private Reading refused(List<String> problems) {
        return new Reading.Refused(file + " is not used: " + String.join("; ", problems) + ".");
    }

    private static String state(Path path) throws IOException {
        if (!Files.exists(path)) {
            return "";
        }
        FileTime changed = Files.getLastModifiedTime(path);
        return changed + " " + Files.size(path);
    }
}
