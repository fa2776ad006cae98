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
import kr.kisgateway.gateway.history.WholeFile;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.market.Symbol;

/** The recordings in a file, which is there whole or as it was. */
public final class RecordingStore {
    private final Path file;

    public RecordingStore(Path file) {
        this.file = file;
    }

    /**
     * @param writtenMs until when ticks were written, epoch milliseconds
     * @param trouble why a file that is there was put aside; empty when all is well
     */
    record Kept(List<Recording> recordings, long writtenMs, Optional<String> trouble) {
        Kept {
            recordings = List.copyOf(recordings);
        }
    }

    Kept read() {
        if (!Files.exists(file)) {
            return new Kept(List.of(), 0, Optional.empty());
        }
        try {
            var body = RequestBody.parse(Files.readAllBytes(file));
            var found = new ArrayList<Recording>();
            if (body.has("recordings")) {
                for (RequestBody one : body.objects("recordings", TickRecorder.RECORDINGS_MAX)) {
                    found.add(new Recording(
                            one.text("id"),
                            one.texts("symbols", TickRecorder.SERIES_MAX).stream()
                                    .map(Symbol::of)
                                    .toList(),
                            one.texts("channels", TickKind.values().length).stream()
                                    .map(word -> TickKind.of(word).orElseThrow())
                                    .toList(),
                            one.text("by"),
                            Instant.ofEpochMilli(one.whole("started_ms")),
                            one.optionalText("stopped")));
                }
            }
            return new Kept(found, body.whole("written_ms"), Optional.empty());
        } catch (IOException | RuntimeException e) {
            return putAside(String.valueOf(e.getMessage()));
        }
    }

    /** Nobody shall be kept from trading by a list of what was recorded. */
    private Kept putAside(String cause) {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            return new Kept(
                    List.of(),
                    0,
                    Optional.of(file.getFileName() + " cannot be read (" + cause + ") and is now " + aside));
        } catch (IOException e) {
            return new Kept(List.of(), 0, Optional.of(file + " can neither be read (" + cause + ") nor put aside"));
        }
    }

    void write(List<Recording> recordings, long writtenMs) {
        var json = new JsonBuffer(1_024).beginObject().field("written_ms", writtenMs);
        if (!recordings.isEmpty()) {
            // A list that is there has an entry.
            json.name("recordings").beginArray();
            recordings.forEach(recording -> write(json, recording));
            json.endArray();
        }
        json.endObject();
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(part, json.toString(), StandardCharsets.UTF_8);
            WholeFile.put(part, file);
        } catch (IOException e) {
            throw new TickStoreException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void write(JsonBuffer json, Recording recording) {
        json.beginObject().field("id", recording.id()).name("symbols").beginArray();
        recording.symbols().forEach(symbol -> json.value(symbol.code()));
        json.endArray().name("channels").beginArray();
        recording.kinds().forEach(kind -> json.value(kind.word()));
        json.endArray()
                .field("by", recording.by())
                .field("started_ms", recording.startedAt().toEpochMilli());
        // A text of a request may have 256 characters.
        recording.stopped().ifPresent(why -> json.field("stopped", why.substring(0, Math.min(200, why.length()))));
        json.endObject();
    }
}
