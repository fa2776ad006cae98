package kr.kisgateway.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.backup.Restore;
import kr.kisgateway.gateway.file.FileLocks;
import kr.kisgateway.gateway.file.OwnerOnly;

/** The data folder of one gateway, locked so that two gateways never write the same files. */
final class DataFolder implements AutoCloseable {
    /** What a folder may contain before a gateway ran in it: the lock, and the log of commands. */
    static final Set<String> PRISTINE_FILES = Set.of("gateway.lock", "log");

    /** Far behind the bytes that SQLite locks, which begin at 1 GiB. */
    private static final long JOURNAL_LOCK_BYTE = 1L << 62;

    private static final int HOLDER_MAX = 64;
    private static final long RELEASE_POLL_MILLIS = 10;
    private static final Pattern PROCESS = Pattern.compile("[0-9]+");

    /** Kind of process that locks the folder. */
    enum User {
        GATEWAY("gateway"),
        JOURNAL_COMMAND("journal"),
        BACKUP_COMMAND("backup");

        private final String lockText;

        User(String lockText) {
            this.lockText = lockText;
        }
    }

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;
    private Optional<FileChannel> journal = Optional.empty();
    private Optional<FileLock> journalLock = Optional.empty();

    private DataFolder(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /** Whether a gateway ran in the folder, alone or with a database, or API keys were created for one. */
    static boolean isUsed(Path path) {
        return Files.exists(path.resolve("journal.db"))
                || Files.exists(path.resolve(AccessModule.FILE))
                || Files.exists(path.resolve(ClusterNode.ID));
    }

    /**
     * Creates and locks the folder.
     *
     * @throws StartException when it is not writable or locked; the message names the holder and the next step
     */
    static DataFolder open(Path path, User user) {
        create(path);
        try {
            var channel = lockFile(path);
            Optional<FileLock> lock = FileLocks.tryLock(channel);
            if (lock.isEmpty() || isJournalLocked(path)) {
                String holder = holder(channel);
                channel.close();
                throw new StartException(takenMessage(path, user, holder));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            (user.lockText + " " + ProcessHandle.current().pid()).getBytes(US_ASCII)),
                    0);
            return new DataFolder(path, channel, lock.get());
        } catch (IOException e) {
            throw new StartException("The data folder " + path + " cannot be written: " + e.getMessage());
        }
    }

    /**
     * Asks the gateway that uses the folder to stop, and waits until it has released it. Without one nothing happens.
     *
     * @param noted receives what is done, in a sentence
     * @throws StartException when a command uses the folder, or the gateway may not be stopped or does not release it in {@code timeout}
     */
    static void replaceGateway(Path path, Duration timeout, InstantSource clock, Consumer<String> noted)
            throws InterruptedException {
        create(path);
        Optional<Long> running = gateway(path);
        if (running.isEmpty()) {
            return;
        }
        long pid = running.get();
        noted.accept("Stopping the gateway that runs (process " + pid + ").");
        // Whether it has ended in between shows below.
        boolean stops = ProcessHandle.of(pid).map(ProcessHandle::destroy).orElse(true);
        if (!stops) {
            throw new StartException("The gateway of process " + pid
                    + " cannot be stopped: start this one as the same user, or stop that one first.");
        }
        // It releases the folder after all else. Java would see the end of its process some 300 ms later.
        Instant until = clock.instant().plus(timeout);
        while (gateway(path).isPresent()) {
            if (clock.instant().isAfter(until)) {
                throw new StartException("The gateway of process " + pid + " has not ended after " + timeout.toSeconds()
                        + " s; it is still stopping. Start again when it has ended.");
            }
            TimeUnit.MILLISECONDS.sleep(RELEASE_POLL_MILLIS);
        }
    }

    /** The process of the gateway that uses the folder. */
    private static Optional<Long> gateway(Path path) {
        try (var channel = lockFile(path)) {
            if (FileLocks.tryLock(channel).isPresent()) {
                return Optional.empty();
            }
            String holder = holder(channel);
            Matcher number = PROCESS.matcher(holder);
            if (!holder.startsWith(User.GATEWAY.lockText) || !number.find()) {
                throw new StartException(takenMessage(path, User.GATEWAY, holder));
            }
            return Optional.of(Long.valueOf(number.group()));
        } catch (IOException e) {
            throw new StartException("The data folder " + path + " cannot be written: " + e.getMessage());
        }
    }

    private static FileChannel lockFile(Path path) throws IOException {
        return FileChannel.open(
                path.resolve("gateway.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** Creates the folder without locking it. */
    static void create(Path path) {
        Path restoring = Restore.unfinished(path);
        if (Files.notExists(path) && Files.isDirectory(restoring)) {
            // An empty journal in its place would know no order, key or kill switch.
            throw new StartException("A restore of " + path + " has not ended: " + restoring
                    + " is there, and the folder is not. Restore the backup again (./kis backup restore FILE), or remove "
                    + restoring + " and give the folder that was set aside (" + path.getFileName()
                    + Restore.REPLACED + "…) its name back.");
        }
        try {
            OwnerOnly.createFolder(path); // it has orders and balances
        } catch (IOException e) {
            throw new StartException("The data folder " + path + " cannot be written: " + e.getMessage());
        }
    }

    /** Whether a running gateway uses the journal, whatever became of the lock file. */
    private static boolean isJournalLocked(Path path) throws IOException {
        Path journal = path.resolve(OrderModule.JOURNAL);
        if (!Files.isRegularFile(journal)) {
            return false;
        }
        try (var channel = FileChannel.open(journal, StandardOpenOption.WRITE)) {
            return FileLocks.tryLock(channel, JOURNAL_LOCK_BYTE).isEmpty();
        }
    }

    /**
     * Locks the journal as well, whenever it was opened: a removed lock file must not let a second gateway in.
     *
     * <p>Closing any channel of a file ends all locks of the process on it, SQLite's too. So this one stays open, and
     * {@link #close} is called after the journal was closed.
     */
    synchronized void lockJournal() {
        try {
            if (journal.isEmpty()) {
                journal = Optional.of(FileChannel.open(path.resolve(OrderModule.JOURNAL), StandardOpenOption.WRITE));
            }
            if (journalLock.isPresent()) {
                journalLock.get().release(); // the end of the journal that was open has ended it, unseen by Java
            }
            journalLock = FileLocks.tryLock(journal.get(), JOURNAL_LOCK_BYTE);
            if (journalLock.isEmpty()) {
                throw new StartException(takenMessage(path, User.GATEWAY, ""));
            }
        } catch (IOException e) {
            throw new StartException("The journal in " + path + " cannot be locked: " + e.getMessage());
        }
    }

    /** The holder's entry in the lock file; empty when it is unreadable, as where a lock prevents reading. */
    private static String holder(FileChannel channel) {
        var text = ByteBuffer.allocate(HOLDER_MAX);
        try {
            channel.read(text, 0);
        } catch (IOException e) {
            return "";
        }
        return new String(text.array(), 0, text.position(), US_ASCII);
    }

    private static String takenMessage(Path path, User user, String holder) {
        Optional<User> command = Arrays.stream(User.values())
                .filter(it -> it != User.GATEWAY && holder.startsWith(it.lockText))
                .findFirst();
        Matcher number = PROCESS.matcher(holder);
        String process = number.find() ? " (process " + number.group() + ")" : "";
        String uses = process + " uses the data folder " + path;
        if (user == User.GATEWAY) {
            return command.map(it -> "A ./kis " + it.lockText + " command" + uses + "; start again when it has ended.")
                    .orElse("Another gateway" + uses + "; stop it, or set another GATEWAY_DATA_DIR for this one.");
        }
        return command.map(it -> "Another ./kis " + it.lockText + " command" + uses + "; wait until it has ended.")
                .orElse("A gateway" + uses + "; stop it first (Ctrl-C where it runs), then repeat the command.");
    }

    Path file(String name) {
        return path.resolve(name);
    }

    @Override
    public synchronized void close() {
        try {
            if (journal.isPresent()) {
                journal.get().close();
            }
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
