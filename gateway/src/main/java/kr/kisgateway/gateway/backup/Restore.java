package kr.kisgateway.gateway.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.gateway.file.OwnerOnly;
import kr.kisgateway.gateway.journal.DatabaseCopy;
import kr.kisgateway.gateway.secret.SecretException;
import kr.kisgateway.gateway.secret.SecretFile;

/** Restores a backup: into a folder beside the target, which takes its name when all of it is on disk. */
public final class Restore {
    /** What the name of a folder that was set aside has behind that of its folder, before the time. */
    public static final String REPLACED = ".replaced.";

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final BackupReader backup;
    private final InstantSource clock;

    public Restore(BackupReader backup, InstantSource clock) {
        this.backup = backup;
        this.clock = clock;
    }

    /** Files of a backup in a folder that {@link #close} deletes. */
    public record Extracted(Path folder) implements AutoCloseable {
        @Override
        public void close() {
            try {
                Backup.delete(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Extracts the journal and the audit of {@code backup} beside its {@code file}, to be verified. */
    public static Extracted extractRecords(BackupReader backup, Path file, Backup.Progress progress) {
        try {
            var extracted = new Extracted(
                    Files.createTempDirectory(file.toAbsolutePath().getParent(), "." + file.getFileName() + ".verify"));
            try {
                backup.extract(
                        extracted.folder(), name -> name.startsWith("journal.") || name.startsWith("audit"), progress);
                return extracted;
            } catch (BackupException e) {
                extracted.close();
                throw e;
            }
        } catch (IOException e) {
            throw new BackupException(
                    "No folder can be created beside " + file + " to verify it in: " + e.getMessage() + ".", e);
        }
    }

    /**
     * What was restored.
     *
     * @param setAside where the former folder is now, if there was one
     * @param secrets where the stored secrets of the backup are now, unless the same were there already
     */
    public record Restored(Optional<Path> setAside, Optional<Path> secrets) {}

    /** Restores into {@code folder}, which does not exist or has nothing that matters. */
    public Restored into(Path folder, Backup.Progress progress) {
        Path restored = extract(folder, progress);
        Optional<Path> secrets = placeSecrets(restored, folder);
        move(restored, folder);
        return new Restored(Optional.empty(), secrets);
    }

    /** Restores in the place of {@code folder}, which the caller has locked. */
    public Restored replacing(Path folder, Backup.Progress progress) {
        Path restored = extract(folder, progress);
        Optional<Path> secrets = placeSecrets(restored, folder);
        Path aside = folder.resolveSibling(folder.getFileName() + REPLACED + STAMP.format(clock.instant()));
        move(folder, aside);
        move(restored, folder);
        return new Restored(Optional.of(aside), secrets);
    }

    /** Where the folder is put together before it takes its place: afterwards only if a restore has not ended. */
    public static Path unfinished(Path folder) {
        return folder.resolveSibling("." + folder.getFileName() + ".restoring");
    }

    /**
     * The highest number of an owner in the folder and in those that were set aside: a restore may have ended before it put another in
     * their place.
     */
    private static long highestFence(Path folder) throws IOException {
        try (Stream<Path> siblings = Files.list(folder.toAbsolutePath().getParent())) {
            return siblings.filter(it -> it.getFileName().equals(folder.getFileName())
                            || it.getFileName().toString().startsWith(folder.getFileName() + REPLACED))
                    .mapToLong(it -> DatabaseCopy.recordedFence(it.resolve(BackupFiles.JOURNAL)))
                    .max()
                    .orElse(0);
        }
    }

    /** Moves the stored secrets of the backup to their place beside {@code folder}, or next to others that are there. */
    private Optional<Path> placeSecrets(Path restored, Path folder) {
        Path extracted = restored.resolve(BackupFiles.SECRETS);
        if (Files.notExists(extracted)) {
            return Optional.empty();
        }
        Path secrets = BackupFiles.secretsOf(folder);
        try {
            Path other = secrets.resolveSibling(BackupFiles.SECRETS + ".restored." + STAMP.format(clock.instant()));
            Optional<Path> placed = SecretFile.restore(extracted, secrets, other);
            Files.delete(extracted);
            return placed;
        } catch (IOException | SecretException e) {
            throw new BackupException(
                    "The stored secrets cannot be restored as " + secrets + ": " + e.getMessage() + ".", e);
        }
    }

    private Path extract(Path folder, Backup.Progress progress) {
        Path restored = unfinished(folder);
        try {
            Backup.delete(restored);
            Files.createDirectories(restored.toAbsolutePath().getParent());
            Files.createDirectory(restored, OwnerOnly.folder(restored));
            backup.extract(restored, _ -> true, progress);
            Path journal = restored.resolve(BackupFiles.JOURNAL);
            if (Files.exists(journal)) {
                DatabaseCopy.raiseFence(journal, highestFence(folder));
            }
            AtomicFile.syncFolder(restored.resolve(BackupFiles.JOURNAL));
            return restored;
        } catch (IOException e) {
            throw new BackupException(
                    "The backup cannot be restored beside " + folder + ": " + e.getMessage() + ".", e);
        }
    }

    private static void move(Path from, Path to) {
        try {
            if (Files.isDirectory(to)) {
                Backup.delete(to); // at most a lock and a log
            }
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.syncFolder(to);
        } catch (IOException e) {
            throw new BackupException(from + " cannot be renamed to " + to + ": " + e.getMessage() + ".", e);
        }
    }
}
