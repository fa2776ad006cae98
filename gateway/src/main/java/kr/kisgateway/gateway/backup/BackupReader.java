package kr.kisgateway.gateway.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import kr.kisgateway.gateway.backup.BackupManifest.BackedUpFile;
import kr.kisgateway.gateway.chain.HashChain;

/** Reads a backup: its manifest, whether every file is as it was backed up, and the files themselves. */
public final class BackupReader implements AutoCloseable {
    private static final long MANIFEST_MAX = 64L << 20;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final ZipFile zip;
    private final BackupManifest manifest;

    /** @throws BackupException when it is no backup */
    public BackupReader(Path file) {
        this.file = file;
        if (!Files.isRegularFile(file)) {
            throw new BackupException("There is no backup " + file + ".");
        }
        try {
            this.zip = new ZipFile(file.toFile());
        } catch (IOException e) {
            throw new BackupException(file + " is no complete backup: " + e.getMessage() + ".", e);
        }
        try {
            this.manifest = readManifest();
        } catch (IOException | BackupException e) {
            closeQuietly();
            throw new BackupException(file + " is no backup: " + e.getMessage() + ".", e);
        }
    }

    private BackupManifest readManifest() throws IOException {
        var entry = zip.getEntry(BackupManifest.NAME);
        if (entry == null || entry.getSize() > MANIFEST_MAX) {
            throw new BackupException("it has no manifest");
        }
        try (var in = zip.getInputStream(entry)) {
            return BackupManifest.parse(in.readNBytes((int) MANIFEST_MAX));
        }
    }

    public BackupManifest manifest() {
        return manifest;
    }

    /** Compares the files with the manifest: what differs, a sentence each. */
    public List<String> findings(Backup.Progress progress) {
        var findings = new ArrayList<String>();
        var known = new HashSet<>(Set.of(BackupManifest.NAME));
        long done = 0;
        for (var backedUp : manifest.files()) {
            progress.at(backedUp.name(), done, manifest.bytes());
            done += backedUp.bytes();
            if (!known.add(backedUp.name())) {
                findings.add(backedUp.name() + " is twice in the manifest");
            }
            if (!isBelow(backedUp.name())) {
                findings.add(backedUp.name() + " is no name below a data folder");
                continue;
            }
            compare(backedUp, findings);
        }
        zip.stream()
                .map(ZipEntry::getName)
                .filter(Predicate.not(known::contains))
                .forEach(name -> findings.add(name + " is not in the manifest"));
        return findings;
    }

    private void compare(BackedUpFile backedUp, List<String> findings) {
        var entry = zip.getEntry(backedUp.name());
        if (entry == null) {
            findings.add(backedUp.name() + " is missing");
            return;
        }
        try (var in = zip.getInputStream(entry)) {
            copy(in, OutputStream.nullOutputStream(), backedUp);
        } catch (ZipException e) {
            findings.add(backedUp.name() + " is damaged: " + e.getMessage());
        } catch (IOException e) {
            findings.add(e.getMessage());
        }
    }

    /**
     * Writes the files that {@code wanted} names below {@code folder}, flushed.
     *
     * @throws BackupException when a file is not as it was backed up, or cannot be written
     */
    public void extract(Path folder, Predicate<String> wanted, Backup.Progress progress) {
        long done = 0;
        try {
            for (var backedUp : manifest.files()) {
                progress.at(backedUp.name(), done, manifest.bytes());
                done += backedUp.bytes();
                if (!wanted.test(backedUp.name())) {
                    continue;
                }
                var entry = zip.getEntry(backedUp.name());
                if (entry == null || !isBelow(backedUp.name())) {
                    throw new BackupException(file + " lacks " + backedUp.name() + ", or has it under no usable name.");
                }
                Path target = folder.resolve(backedUp.name());
                Files.createDirectories(target.getParent());
                try (var in = zip.getInputStream(entry);
                        var out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
                    copy(in, out, backedUp);
                }
                try (var channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        } catch (IOException e) {
            throw new BackupException(file + " cannot be restored: " + e.getMessage() + ".", e);
        }
    }

    /** Copies at most as many bytes as the manifest names: an entry that grows when it is read must not fill the disk. */
    private static void copy(InputStream in, OutputStream out, BackedUpFile backedUp) throws IOException {
        var digest = HashChain.sha256();
        var buffer = new byte[BUFFER_BYTES];
        long bytes = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            bytes += read;
            if (bytes > backedUp.bytes()) {
                throw new IOException(backedUp.name() + " is larger than it was backed up");
            }
            digest.update(buffer, 0, read);
            out.write(buffer, 0, read);
        }
        if (bytes != backedUp.bytes() || !Arrays.equals(digest.digest(), backedUp.sha256())) {
            throw new IOException(backedUp.name() + " is not as it was backed up");
        }
    }

    /** Whether a name leads to a place below the folder that it is resolved against. */
    private static boolean isBelow(String name) {
        try {
            Path path = Path.of(name);
            return !name.isEmpty()
                    && !path.isAbsolute()
                    && !name.contains("\\")
                    && path.normalize()
                            .toString()
                            .replace(java.io.File.separatorChar, '/')
                            .equals(name)
                    && !path.startsWith("..");
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private void closeQuietly() {
        try {
            zip.close();
        } catch (IOException _) {
            // the reason why it is closed is reported
        }
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new BackupException(file + " cannot be closed: " + e.getMessage() + ".", e);
        }
    }
}
