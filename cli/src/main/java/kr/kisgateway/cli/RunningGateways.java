package kr.kisgateway.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The gateways that run on a data folder; each publishes its address in the file {@code api.address}. */
record RunningGateways(Path folder) {
    private static final List<String> ENVIRONMENTS = List.of("sim", "mock", "live");
    private static final String FILE = "api.address";
    /** An address and the number of a process. */
    private static final int LENGTH_MAX = 300;

    /** The folder of {@code GATEWAY_DATA_DIR}, else {@code ./data}. */
    static RunningGateways of(CommandEnvironment process) {
        return new RunningGateways(process.workingFolder()
                .resolve(process.variable("GATEWAY_DATA_DIR").orElse("data")));
    }

    /**
     * Addresses of those of this user that run, on this machine only: a file that another user wrote must not take a key elsewhere.
     *
     * @param environment the only one that counts, as {@code sim}
     */
    List<URI> addresses(Optional<String> environment) {
        return ENVIRONMENTS.stream()
                .filter(name -> environment.isEmpty() || environment.get().equals(name))
                .flatMap(name -> address(folder.resolve(name).resolve(FILE)).stream())
                .toList();
    }

    private static Optional<URI> address(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LENGTH_MAX || !isOwn(file)) {
                return Optional.empty();
            }
            var parts = Files.readString(file).strip().split(" ");
            if (parts.length != 2
                    || ProcessHandle.of(Long.parseLong(parts[1]))
                            .filter(ProcessHandle::isAlive)
                            .filter(process -> process.info().user().equals(user()))
                            .isEmpty()) {
                return Optional.empty();
            }
            var url = URI.create(parts[0]);
            return url.getHost() != null && url.getUserInfo() == null && Kis.isLoopback(url.getHost())
                    ? Optional.of(url)
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException unreadable) {
            // A file in the making, of another user or of another program: as if there were none.
            return Optional.empty();
        }
    }

    /** Whether only this user can have put the file there. */
    private static boolean isOwn(Path file) throws IOException {
        var folder = Files.readAttributes(file.resolveSibling("."), PosixFileAttributes.class);
        var written = Files.readAttributes(file, PosixFileAttributes.class);
        return Stream.of(folder, written)
                        .allMatch(it -> user().equals(Optional.of(it.owner().getName())))
                && !folder.permissions().contains(PosixFilePermission.GROUP_WRITE)
                && !folder.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                && !written.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    }

    /** The user of this process; empty where the system does not name it, and then no file counts. */
    private static Optional<String> user() {
        return ProcessHandle.current().info().user();
    }
}
