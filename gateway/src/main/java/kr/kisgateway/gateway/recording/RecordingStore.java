package kr.kisgateway.gateway.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.history.AtomicFile;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.market.Symbol;

/** The recordings in a file, which is replaced atomically. */
public final class RecordingStore {
    private final Path file;

    public RecordingStore(Path file) {
        this.file = file;
    }

    /**
     * @param writtenMs until when ticks were written, epoch milliseconds
     * @param problem why the file was quarantined; empty when it was readable or absent
     */
    record StoredRecordings(List<Recording> recordings, long writtenMs, Optional<String> problem) {
        StoredRecordings {
            recordings = List.copyOf(recordings);
        }
    }

    StoredRecordings read() {
        if (!Files.exists(file)) {
            return new StoredRecordings(List.of(), 0, Optional.empty());
        }
        try {
            var body = RequestBody.parse(Files.readAllBytes(file));
            var found = new ArrayList<Recording>();
            if (body.has("recordings")) {
                for (RequestBody entry : body.objects("recordings", TickRecorder.RECORDINGS_MAX)) {
                    found.add(new Recording(
                            entry.text("id"),
                            entry.texts("symbols", TickRecorder.SERIES_MAX).stream()
                                    .map(Symbol::of)
                                    .toList(),
                            entry.texts("channels", TickKind.values().length).stream()
                                    .map(name -> TickKind.of(name).orElseThrow())
                                    .toList(),
                            entry.text("by"),
                            Instant.ofEpochMilli(entry.wholeNumber("started_ms")),
                            entry.optionalText("stopped")));
                }
            }
            return new StoredRecordings(found, body.wholeNumber("written_ms"), Optional.empty());
        } catch (IOException | RuntimeException e) {
            return quarantine(String.valueOf(e.getMessage()));
        }
    }

    /** An unreadable list of recordings must not stop trading. */
    private StoredRecordings quarantine(String cause) {
        Path quarantined = file.resolveSibling(file.getFileName() + ".damaged");
        try {
            Files.move(file, quarantined, StandardCopyOption.REPLACE_EXISTING);
            return new StoredRecordings(
                    List.of(),
                    0,
                    Optional.of(file.getFileName() + " cannot be read (" + cause + ") and is now " + quarantined));
        } catch (IOException e) {
            return new StoredRecordings(
                    List.of(), 0, Optional.of(file + " can neither be read (" + cause + ") nor renamed"));
        }
    }

    void write(List<Recording> recordings, long writtenMs) {
        var json = new JsonBuffer(1_024).beginObject().field("written_ms", writtenMs);
        if (!recordings.isEmpty()) {
            // An array exists only with an entry.
            json.name("recordings").beginArray();
            recordings.forEach(recording -> write(json, recording));
            json.endArray();
        }
        json.endObject();
        Path temporary = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(temporary, json.toString(), StandardCharsets.UTF_8);
            AtomicFile.replace(temporary, file);
        } catch (IOException e) {
            throw new TickStoreException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void write(JsonBuffer json, Recording recording) {
        json.beginObject().field("id", recording.id()).name("symbols").beginArray();
        recording.symbols().forEach(symbol -> json.value(symbol.code()));
        json.endArray().name("channels").beginArray();
        recording.kinds().forEach(kind -> json.value(kind.wireName()));
        json.endArray()
                .field("by", recording.startedBy())
                .field("started_ms", recording.startedAt().toEpochMilli());
        // A text of a request may have 256 characters.
        recording
                .stopReason()
                .ifPresent(reason -> json.field("stopped", reason.substring(0, Math.min(200, reason.length()))));
        json.endObject();
    }
}
