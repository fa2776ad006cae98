package kr.kisgateway.gateway.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import kr.kisgateway.gateway.file.AtomicFile;

record FileDocument(Path file) implements Document {
    @Override
    public Optional<byte[]> read() {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new DocumentException(file + " cannot be read: " + e, e);
        }
    }

    @Override
    public void replace(byte[] content) {
        try {
            AtomicFile.writeForOwner(file, content);
        } catch (IOException e) {
            throw new DocumentException(file + " cannot be written: " + e, e);
        }
    }

    @Override
    public String description() {
        return file.toString();
    }

    @Override
    public String remedy() {
        return "Correct the file, or move it away and create them again.";
    }
}
