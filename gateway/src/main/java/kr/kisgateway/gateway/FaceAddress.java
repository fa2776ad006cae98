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
 * The address at which a running gateway speaks KIS's protocol, in a file of its data folder: {@code keys create} prints it, and
 * the port may come from the gateway's command line or be a free one.
 *
 * @param file of the address and the process that has it
 */
record FaceAddress(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.face");
    private static final String FILE = "face.address";

    static FaceAddress in(Path folder) {
        return new FaceAddress(folder.resolve(FILE));
    }

    /** Publishes the address of this process until {@link #withdraw}; without a file, commands use that of the settings. */
    void publish(URI url) {
        Path temporary = file.resolveSibling(FILE + ".new");
        try {
            Files.writeString(temporary, url + " " + ProcessHandle.current().pid() + "\n");
            AtomicFile.replace(temporary, file);
        } catch (IOException e) {
            LOG.warn("face_address_not_written cause=\"{}\"", e.getMessage());
        }
    }

    void withdraw() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("face_address_not_deleted cause=\"{}\"", e.getMessage());
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
