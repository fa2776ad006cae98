package kr.kisgateway.gateway.backup;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.gateway.journal.JournalExtent;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a backup has, in its entry {@value #NAME}.
 *
 * @param version release that made it
 * @param environment sim, mock or live
 * @param createdAt when it was begun
 * @param journal how far its journal reaches; absent where the folder had none
 * @param files all of its files, in their order in the backup
 */
public record BackupManifest(
        String version,
        String environment,
        Instant createdAt,
        Optional<JournalExtent> journal,
        List<BackedUpFile> files) {
    static final String NAME = "manifest.json";

    /** The form of this release; a newer one is refused. */
    static final int FORM = 1;

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * A file of a backup.
     *
     * @param name path below the data folder, with {@code /}
     * @param sha256 hash of its content
     */
    public record BackedUpFile(String name, long bytes, byte[] sha256) {}

    public BackupManifest {
        files = List.copyOf(files);
    }

    /** Size of all files when restored. */
    public long bytes() {
        return files.stream().mapToLong(BackedUpFile::bytes).sum();
    }

    /** Whether it lacks the simulated account, because a simulator used it. */
    public boolean lacksSimulatedAccount() {
        return environment.equals("sim")
                && files.stream().noneMatch(file -> file.name().equals(BackupFiles.SIMULATOR));
    }

    byte[] toBytes() {
        var json = JSON.createObjectNode()
                .put("form", FORM)
                .put("version", version)
                .put("environment", environment)
                .put("created_at", createdAt.toString());
        journal.ifPresent(extent -> {
            var streams = json.putObject("journal")
                    .put("id", extent.journalId())
                    .put("fence", extent.fence())
                    .putObject("streams");
            new TreeMap<>(extent.streams()).forEach(streams::put);
        });
        var list = json.putArray("files");
        files.forEach(file -> list.addObject()
                .put("name", file.name())
                .put("bytes", file.bytes())
                .put("sha256", HexFormat.of().formatHex(file.sha256())));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }

    /** @throws BackupException when it is none, or of a newer release */
    static BackupManifest parse(byte[] bytes) {
        try {
            var json = JSON.readTree(bytes);
            if (json.required("form").asInt() > FORM) {
                throw new BackupException("the backup was made by a newer release ("
                        + json.required("version").asString() + "); use that release");
            }
            var files = new ArrayList<BackedUpFile>();
            json.required("files")
                    .forEach(file -> files.add(new BackedUpFile(
                            file.required("name").asString(),
                            file.required("bytes").asLong(),
                            HexFormat.of().parseHex(file.required("sha256").asString()))));
            var streams = new TreeMap<String, Long>();
            json.path("journal")
                    .path("streams")
                    .properties()
                    .forEach(it -> streams.put(it.getKey(), it.getValue().asLong()));
            return new BackupManifest(
                    json.required("version").asString(),
                    json.required("environment").asString(),
                    Instant.parse(json.required("created_at").asString()),
                    json.has("journal")
                            ? Optional.of(new JournalExtent(
                                    json.required("journal").required("id").asString(),
                                    json.required("journal").required("fence").asLong(),
                                    Map.copyOf(streams)))
                            : Optional.empty(),
                    files);
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw new BackupException("its manifest cannot be read", e);
        }
    }
}
