package kr.kisgateway.acceptance;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.programs.LocalProgram;

/** A disk that can be filled and emptied while a gateway runs on it. */
sealed interface SmallDisk extends AutoCloseable {
    /** Leaves no free space. */
    void fill(LocalProgram gateway);

    void makeRoom(LocalProgram gateway);

    @Override
    void close();

    /**
     * A memory disk with the gateway's data on it and a file of ballast.
     *
     * @param folder the mount point
     */
    record Mounted(Path folder) implements SmallDisk {
        private static final int MEGABYTES = 32;

        /** Whether this user may mount. */
        static boolean allowed(Path folder) {
            if (!mount(folder)) return false;
            new Mounted(folder).close();
            return true;
        }

        static Mounted at(Path folder) {
            if (!mount(folder)) throw new AssertionError("nothing was mounted on " + folder);
            return new Mounted(folder);
        }

        private static boolean mount(Path folder) {
            return done("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", folder.toString());
        }

        /** Leaves {@code bytes} free. */
        void leave(long bytes) {
            try (var out = Files.newOutputStream(ballast(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                var block = new byte[4_096];
                while (Files.getFileStore(folder).getUsableSpace() > bytes) out.write(block);
            } catch (FileSystemException e) {
                throw new AssertionError(e);
            } catch (IOException full) {
                // the gateway took the last block
            }
        }

        /** Takes the space that is free now, once: space released later stays free. */
        void fillOnce() {
            try (var out = Files.newOutputStream(ballast(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                for (var left = Files.getFileStore(folder).getUsableSpace(); left > 0; left -= 4_096) {
                    out.write(new byte[4_096]);
                }
            } catch (FileSystemException e) {
                throw new AssertionError(e);
            } catch (IOException full) {
                // the gateway took the last block
            }
        }

        @Override
        public void fill(LocalProgram gateway) {
            leave(0);
        }

        @Override
        public void makeRoom(LocalProgram gateway) {
            try {
                Files.deleteIfExists(ballast());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private Path ballast() {
            return folder.resolve("ballast");
        }

        @Override
        public void close() {
            done("umount", "-l", folder.toString());
        }
    }

    /** No disk, but the limit of a process on the size of its files ({@code ulimit -f}), changed while it runs. */
    record Limited() implements SmallDisk {
        private static final int A_PAGE = 4_096;

        static boolean allowed() {
            return done("prlimit", "--version");
        }

        @Override
        public void fill(LocalProgram gateway) {
            limit(gateway, A_PAGE + ":unlimited");
        }

        @Override
        public void makeRoom(LocalProgram gateway) {
            if (gateway.alive()) limit(gateway, "unlimited"); // else the limit has ended with the process
        }

        private static void limit(LocalProgram gateway, String bytes) {
            if (!done("prlimit", "--pid", Long.toString(gateway.pid()), "--fsize=" + bytes)) {
                throw new AssertionError("prlimit failed");
            }
        }

        @Override
        public void close() {
            // the limit ends with its process
        }
    }

    private static boolean done(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // the command does not exist here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(Arrays.toString(command), e);
        }
    }
}
