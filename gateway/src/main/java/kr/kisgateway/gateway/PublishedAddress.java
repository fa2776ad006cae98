package kr.kisgateway.gateway;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import kr.kisgateway.gateway.file.AtomicFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An address at which a running gateway answers, in a file of its data folder, because the port may come from the gateway's command
 * line or be a free one: {@code keys create} prints that of the KIS-compatible port, and the commands call that of the API.
 *
 * @param file of the address and the process that has it
 */
record PublishedAddress(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");

    static PublishedAddress ofFace(Path folder) {
        return new PublishedAddress(folder.resolve("face.address"));
    }

    static PublishedAddress ofApi(Path folder) {
        return new PublishedAddress(folder.resolve("api.address"));
    }

    /** Publishes the address of this process until {@link #withdraw}; without a file, commands use that of the settings. */
    void publish(URI url) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(temporary, url + " " + ProcessHandle.current().pid() + "\n");
            AtomicFile.replace(temporary, file);
        } catch (IOException e) {
            LOG.warn("address_not_written file={} cause=\"{}\"", file.getFileName(), e.getMessage());
        }
    }

    void withdraw() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("address_not_deleted file={} cause=\"{}\"", file.getFileName(), e.getMessage());
        }
    }

    /** The address of the running gateway; empty when none runs or its port is off. */
    Optional<URI> running() {
        try {
            var parts = Files.readString(file).strip().split(" ");
            return parts.length == 2
                            && ProcessHandle.of(Long.parseLong(parts[1]))
                                    .filter(ProcessHandle::isAlive)
                                    .isPresent()
                    ? Optional.of(URI.create(parts[0]))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
