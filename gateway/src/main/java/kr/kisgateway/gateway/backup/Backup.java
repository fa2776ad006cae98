package kr.kisgateway.gateway.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import kr.kisgateway.gateway.backup.BackupManifest.BackedUpFile;
import kr.kisgateway.gateway.chain.HashChain;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.gateway.file.OwnerOnly;
import kr.kisgateway.gateway.journal.DatabaseCopy;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalExtent;

/**
 * Makes a backup of a data folder, and of the stored secrets beside it, whether a gateway runs or not. Each database is copied as it is at one instant; the journal last,
 * so that nothing in the backup refers to an event that it lacks. The file appears complete under its name or not at all.
 */
public final class Backup {
    /** What names of backups begin with. */
    public static final String PREFIX = "kis-backup-";

    static final String SUFFIX = ".zip";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Free space that is left beside the copies. */
    private static final long SPARE_BYTES = 16L << 20;

    /** Receives the progress. */
    @FunctionalInterface
    public interface Progress {
        /**
         * @param file the one that is copied now
         * @param done bytes of the files before it
         * @param total bytes of all files
         */
        void at(String file, long done, long total);
    }

    /**
     * A finished backup.
     *
     * @param file the backup
     */
    public record Made(Path file, BackupManifest manifest) {}

    private final Path folder;
    private final String environment;
    private final String version;
    private final InstantSource clock;

    /**
     * @param folder data folder of {@code environment}
     * @param version of this release
     */
    public Backup(Path folder, String environment, String version, InstantSource clock) {
        this.folder = folder;
        this.environment = environment;
        this.version = version;
        this.clock = clock;
    }

    /** When the backup of this name was begun. */
    static java.time.Instant timeOf(String name, String prefix) {
        return java.time.Instant.from(STAMP.parse(name.substring(prefix.length(), name.length() - SUFFIX.length())));
    }

    /**
     * Makes the backup {@code kis-backup-ENVIRONMENT-TIME.zip} in the folder {@code into}.
     *
     * @param withHistory whether past bars and ticks are copied, too
     * @throws BackupException when it cannot be made; nothing is left of it then
     */
    public Made make(Path into, boolean withHistory, Progress progress) {
        var begun = clock.instant();
        Path file = into.resolve(PREFIX + environment + "-" + STAMP.format(begun) + SUFFIX);
        Path part = into.resolve("." + file.getFileName() + ".part");
        Path copies = into.resolve("." + file.getFileName() + ".copies");
        try {
            Files.createDirectories(into);
            if (into.toRealPath().startsWith(folder.toRealPath())) {
                throw new BackupException(
                        into + " is in the data folder: name a folder outside, best on another disk.");
            }
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            var names = BackupFiles.of(folder, withHistory);
            requireSpace(into, names);
            createPrivate(copies);
            try {
                var manifest = write(part, copies, names, begun, progress);
                AtomicFile.replace(part, file);
                return new Made(file, manifest);
            } finally {
                Files.deleteIfExists(part);
                delete(copies);
            }
        } catch (IOException | JournalException e) {
            throw new BackupException(
                    "The backup " + file + " cannot be made: " + e.getMessage() + ". Nothing is left of it.", e);
        }
    }

    private void requireSpace(Path into, List<String> names) throws IOException {
        long largest = 0;
        long all = 0;
        for (String name : names) {
            long bytes = sizeOf(folder.resolve(name));
            largest = Math.max(largest, bytes);
            all += bytes;
        }
        long free = Files.getFileStore(into).getUsableSpace();
        if (free < all + largest + SPARE_BYTES) {
            throw new BackupException(into + " has " + free + " bytes of free space, and the backup may need "
                    + (all + largest + SPARE_BYTES) + ". Free some space, or name another folder.");
        }
    }

    private static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException _) {
            return 0; // removed meanwhile
        }
    }

    private BackupManifest write(Path part, Path copies, List<String> names, java.time.Instant begun, Progress progress)
            throws IOException {
        long total = 0;
        for (String name : names) {
            total += sizeOf(folder.resolve(name));
        }
        var files = new ArrayList<BackedUpFile>();
        var extent = Optional.<JournalExtent>empty();
        long done = 0;
        try (OutputStream out = newPrivateFile(part);
                var zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.BEST_SPEED);
            for (String name : names) {
                progress.at(name, done, total);
                Path from = folder.resolve(name);
                done += sizeOf(from);
                if (!DatabaseCopy.isDatabase(from)) {
                    add(zip, name, from).ifPresent(files::add);
                    continue;
                }
                Path copy = copies.resolve(from.getFileName().toString());
                if (name.equals(BackupFiles.JOURNAL)) {
                    extent = Optional.of(DatabaseCopy.copyJournal(from, copy));
                    Path position = copies.resolve("journal.position");
                    add(zip, "journal.position", position).ifPresent(files::add);
                } else if (!copied(name, from, copy)) {
                    continue;
                }
                add(zip, name, copy).ifPresent(files::add);
                Files.delete(copy);
            }
            add(zip, BackupFiles.SECRETS, BackupFiles.secretsOf(folder)).ifPresent(files::add);
            var manifest = new BackupManifest(version, environment, begun, extent, files);
            zip.putNextEntry(new ZipEntry(BackupManifest.NAME));
            zip.write(manifest.toBytes());
            zip.closeEntry();
            return manifest;
        }
    }

    /** Whether there is a copy: a running simulator's account is left out, which the manifest shows by its absence. */
    private static boolean copied(String name, Path from, Path copy) {
        try {
            DatabaseCopy.copy(from, copy);
            return true;
        } catch (JournalException e) {
            if (name.equals(BackupFiles.SIMULATOR) && DatabaseCopy.isInUse(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Adds a file; empty when it was removed meanwhile, as a sealed month or a token may be. */
    private static Optional<BackedUpFile> add(ZipOutputStream zip, String name, Path from) throws IOException {
        var digest = HashChain.sha256();
        InputStream opened;
        try {
            opened = Files.newInputStream(from);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
        try (var in = new DigestInputStream(opened, digest)) {
            zip.putNextEntry(new ZipEntry(name));
            long bytes = in.transferTo(zip);
            zip.closeEntry();
            return Optional.of(new BackedUpFile(name, bytes, digest.digest()));
        }
    }

    private static OutputStream newPrivateFile(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, OwnerOnly.file(file));
        return Files.newOutputStream(file);
    }

    private static void createPrivate(Path folder) throws IOException {
        delete(folder);
        Files.createDirectory(folder, OwnerOnly.folder(folder));
    }

    /** Deletes a folder with its content; one that does not exist is deleted already. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
