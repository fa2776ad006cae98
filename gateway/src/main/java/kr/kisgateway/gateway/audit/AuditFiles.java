package kr.kisgateway.gateway.audit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import kr.kisgateway.gateway.chain.HashChain;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.gateway.file.OwnerOnly;

/** The audit's files in a data folder: the store, the newest signature, and the sealed months in {@code audit/}. */
final class AuditFiles {
    private static final String HEAD = "audit.head";
    private static final int HEAD_BYTES_MAX = 16 * 1024;
    /** No row is longer as a line. */
    private static final int LINE_MAX = 16 * 1024;

    private final Path folder;

    AuditFiles(Path folder) {
        this.folder = folder;
    }

    Path store() {
        return folder.resolve(AuditStore.NAME);
    }

    /** The newest signature, beside the store, so that rows missing at the store's end are noticed. */
    Path headFile() {
        return folder.resolve(HEAD);
    }

    Path archive(AuditSeal seal) {
        return folder.resolve("audit").resolve(seal.fileName());
    }

    private Path sealOf(AuditSeal seal) {
        return folder.resolve("audit").resolve(seal.sealName());
    }

    /** The newest signature; empty where there is none, or an unreadable file. */
    Optional<AuditCheckpoint> head() {
        return small(headFile()).flatMap(AuditJson::checkpoint);
    }

    /** The seal beside a sealed file; empty where there is none, or an unreadable file. */
    Optional<AuditSeal> sealBeside(AuditSeal seal) {
        return small(sealOf(seal)).flatMap(AuditJson::seal);
    }

    private static Optional<byte[]> small(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) <= HEAD_BYTES_MAX
                    ? Optional.of(Files.readAllBytes(file))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A sealed file that is being written. */
    final class Part implements AutoCloseable {
        private final Path part;
        private final BufferedWriter lines;

        private Part() throws IOException {
            var archives = Files.createDirectories(folder.resolve("audit"));
            this.part = archives.resolve("audit.new");
            Files.deleteIfExists(part);
            Files.createFile(part, OwnerOnly.file(part));
            this.lines = new BufferedWriter(
                    new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(part)), StandardCharsets.UTF_8));
        }

        void add(AuditRow row) throws IOException {
            lines.write(AuditJson.line(row));
            lines.write('\n');
        }

        /** Completes the file and returns its SHA-256. */
        byte[] complete() throws IOException {
            lines.close();
            return sha256(part);
        }

        /** Gives the file its name, and its seal a file beside it. */
        void publish(AuditSeal seal) throws IOException {
            AtomicFile.replace(part, archive(seal));
            AtomicFile.writeForOwner(sealOf(seal), AuditJson.bytes(seal));
        }

        @Override
        public void close() throws IOException {
            lines.close();
            Files.deleteIfExists(part);
        }
    }

    Part newPart() throws IOException {
        return new Part();
    }

    /** Removes a sealed file and its seal. */
    void remove(AuditSeal seal) throws IOException {
        Files.deleteIfExists(archive(seal));
        Files.deleteIfExists(sealOf(seal));
        if (Files.isDirectory(folder.resolve("audit"))) {
            AtomicFile.syncFolder(archive(seal));
        }
    }

    static byte[] sha256(Path file) throws IOException {
        var digest = HashChain.sha256();
        try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return digest.digest();
    }

    /**
     * Passes the rows of a sealed file to {@code reader}, oldest first.
     *
     * @throws IOException when the file is not complete, or has a line that is no row
     */
    void read(AuditSeal seal, Consumer<AuditRow> reader) throws IOException {
        try (var lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(archive(seal))), StandardCharsets.UTF_8))) {
            for (var line = line(lines); line.isPresent(); line = line(lines)) {
                reader.accept(AuditJson.row(line.get()).orElseThrow(() -> new IOException("a line is no row")));
            }
        }
    }

    private static Optional<String> line(BufferedReader in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return line.isEmpty() ? Optional.empty() : Optional.of(line.toString());
            }
            if (line.length() == LINE_MAX) {
                throw new IOException("a line is too long");
            }
            line.append((char) c);
        }
        return Optional.of(line.toString());
    }
}
