package kr.kisgateway.gateway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;

/** The recordings in a file, which is replaced atomically. */
public final class RecordingStore {
    private final Path file;
    private final Markets markets;

    /** @param markets of the symbols */
    public RecordingStore(Path file, Markets markets) {
        this.file = file;
        this.markets = markets;
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
                                    .map(code -> markets.parse(code).orElseThrow())
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
        var content = new Content(
                writtenMs,
                Optional.of(recordings.stream().map(RecordingStore::entry).toList())
                        .filter(entries -> !entries.isEmpty()));
        Path temporary = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(temporary, ApiJson.bytes(content));
            AtomicFile.replace(temporary, file);
        } catch (IOException e) {
            throw new TickStoreException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** @param recordings left out where there is none: an array exists only with an entry */
    private record Content(long writtenMs, @OmittedWhenEmpty Optional<List<Entry>> recordings) {}

    private record Entry(
            String id,
            List<String> symbols,
            List<String> channels,
            String by,
            long startedMs,
            @OmittedWhenEmpty Optional<String> stopped) {}

    private static Entry entry(Recording recording) {
        return new Entry(
                recording.id(),
                recording.symbols().stream().map(MarketSymbol::code).toList(),
                recording.kinds().stream().map(TickKind::wireName).toList(),
                recording.startedBy(),
                recording.startedAt().toEpochMilli(),
                // A text of a request may have 256 characters.
                recording.stopReason().map(reason -> reason.substring(0, Math.min(200, reason.length()))));
    }
}
