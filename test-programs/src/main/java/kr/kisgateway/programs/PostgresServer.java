package kr.kisgateway.programs;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A PostgreSQL server of a test's own, with the settings of a real one: durable, and one that can be killed and started again.
 * Its program comes from a Maven package. A superuser of the machine may start it, too: it runs in a namespace of its own then.
 */
public final class PostgresServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final int START_TRIES = 3;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String WRONG_PASSWORD = "28P01";
    private static final AtomicLong DATABASES = new AtomicLong();

    /** Of this server's run, or received again by a replica. */
    private static final Set<String> LEFT_OUT = Set.of("pg_wal", "postmaster.pid", "postmaster.opts", "epg-lock");

    private final Path folder;
    private final int port;
    private EmbeddedPostgres running;

    private PostgresServer(Path folder, EmbeddedPostgres running) {
        this.folder = folder;
        this.running = running;
        this.port = running.getPort();
    }

    /** Starts a server with new, empty files, in the system's temporary folder; on another port when another program was faster. */
    public static PostgresServer start() {
        var failure = new ProgramException("PostgreSQL did not start");
        for (int i = 0; i < START_TRIES; i++) {
            try {
                return start(Files.createTempDirectory("postgres"));
            } catch (ProgramException e) {
                failure.addSuppressed(e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw failure;
    }

    /** The same in {@code folder}, which is empty and removed in the end. */
    public static PostgresServer start(Path folder) {
        return new PostgresServer(folder, start(folder, FreePort.find(), Map.of()));
    }

    /**
     * Starts a replica of this server, which receives its transactions through {@code port} without this server waiting for it, and has
     * all of before.
     */
    public PostgresServer replica(int port) {
        try (var connection = connect("postgres");
                var statement = connection.createStatement()) {
            Path copy = Files.createTempDirectory("postgres");
            statement.execute("SELECT pg_backup_start('replica', true)");
            Files.walkFileTree(folder, new FolderCopy(folder, copy, LEFT_OUT));
            try (var label = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                label.next();
                Files.writeString(copy.resolve("backup_label"), label.getString(1));
            }
            Files.createFile(copy.resolve("standby.signal"));
            Files.writeString(
                    copy.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=postgres'\n");
            return start(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new ProgramException("PostgreSQL was not copied: " + e.getMessage(), e);
        }
    }

    /** Files of a folder and those below it, without the contents of some folders, and without some files. */
    private static final class FolderCopy extends SimpleFileVisitor<Path> {
        private final Path from;
        private final Path to;
        private final Set<String> without;

        FolderCopy(Path from, Path to, Set<String> without) {
            this.from = from;
            this.to = to;
            this.without = without;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            Path copy = to.resolve(from.relativize(directory).toString());
            Files.createDirectories(copy);
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Path below = from.relativize(file);
            if (!without.contains(below.getName(0).toString())) {
                try {
                    Files.copy(file, to.resolve(below.toString()));
                } catch (NoSuchFileException _) {
                    // the server has removed it; what it did is in the log
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }
    }

    /** Lets this replica take writes. */
    public void promote() {
        execute("postgres", "SELECT pg_promote()");
    }

    /** @param settings further ones, or others than those of a server that is durable */
    private static EmbeddedPostgres start(Path folder, int port, Map<String, String> settings) {
        var builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(START_LIMIT)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "100");
        settings.forEach(builder::setServerConfig);
        try {
            return builder.start();
        } catch (IOException | IllegalStateException e) {
            throw new ProgramException("PostgreSQL did not start on port " + port + ": " + e.getMessage(), e);
        }
    }

    /** The address of a new, empty database. */
    public String newDatabase() {
        String name = "test" + DATABASES.incrementAndGet();
        execute("postgres", "CREATE DATABASE " + name);
        return url(name);
    }

    /** The address of a database. */
    public String url(String database) {
        return "postgresql://postgres:postgres@127.0.0.1:" + port + "/" + database;
    }

    public int port() {
        return port;
    }

    /** Executes a statement as the server's superuser. */
    public void execute(String database, String sql) {
        try (var connection = connect(database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new ProgramException("PostgreSQL refused " + sql + ": " + e.getMessage(), e);
        }
    }

    /**
     * Creates a role that may connect with {@code password} alone: the server lets each other one in with any.
     *
     * @param name lower-case letters
     */
    public void createRole(String name, String password) {
        execute("postgres", "CREATE ROLE " + name + " LOGIN PASSWORD '" + password + "'");
        Path rules = folder.resolve("pg_hba.conf");
        try {
            // The first rule that fits a connection is used.
            Files.writeString(rules, "host all " + name + " all scram-sha-256\n" + Files.readString(rules));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        execute("postgres", "SELECT pg_reload_conf()");
        long begun = System.nanoTime();
        while (isLetIn(name, password + "-wrong")) { // the server reads its rules a moment later
            if (System.nanoTime() - begun > START_LIMIT.toNanos()) {
                throw new ProgramException("PostgreSQL does not check the password of " + name);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private boolean isLetIn(String role, String password) {
        try (var connection =
                DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", role, password)) {
            return connection.isValid(0);
        } catch (SQLException e) {
            if (WRONG_PASSWORD.equals(e.getSQLState())) {
                return false;
            }
            throw new ProgramException("PostgreSQL refused " + role + ": " + e.getMessage(), e);
        }
    }

    /** A connection as the server's superuser. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", "postgres");
    }

    /** Ends all its processes at once, as a power failure does. */
    public void kill() {
        try {
            long pid = Long.parseLong(Files.readAllLines(folder.resolve("postmaster.pid"))
                    .getFirst()
                    .strip());
            ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
            List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
            all.addFirst(postmaster);
            all.forEach(ProcessHandle::destroyForcibly);
            for (ProcessHandle process : all) {
                process.onExit().get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
            running.close(); // releases its lock of the folder; there is no server to stop
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new ProgramException("PostgreSQL was not killed: " + e, e);
        }
    }

    /** Starts it again after {@link #kill}, on the same port with the same files. */
    public void restart() {
        restart(Map.of());
    }

    /** The same with settings that differ from those of {@link #start()}, until the next restart. */
    public void restart(Map<String, String> settings) {
        running = start(folder, port, settings);
    }

    @Override
    public void close() {
        try {
            running.close();
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
