package kr.kisgateway.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.programs.ProgramException;

/**
 * Folders and processes of one run. Both are removed at its end, also after Ctrl-C.
 *
 * <p>The folder is where the gateway's data would be (on the project's disk) and not in the system's temporary folder:
 * that is often memory, where a durable commit costs nothing.
 */
public final class BenchEnvironment implements AutoCloseable {
    static final String LOG_PROPERTY = "logback.configurationFile";
    static final String LOG_CONFIGURATION = "kr/kisgateway/bench/logback.xml";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Path home;
    private final Path folder;
    private final Optional<Path> memoryFolder;
    private final Options options;
    private final PrintStream progress;
    private final Set<LocalProgram> programs = ConcurrentHashMap.newKeySet();
    private final Set<Process> processes = ConcurrentHashMap.newKeySet();
    private final ReentrantLock cleanupLock = new ReentrantLock();
    private final Thread cleanupHook = Thread.ofPlatform().name("bench-cleanup").unstarted(this::clean);

    private BenchEnvironment(
            Path home, Path folder, Optional<Path> memoryFolder, Options options, PrintStream progress) {
        this.home = home;
        this.folder = folder;
        this.memoryFolder = memoryFolder;
        this.options = options;
        this.progress = progress;
    }

    static BenchEnvironment open(Options options, PrintStream progress) throws IOException {
        var home = projectHome();
        var state = home.resolve(".kis");
        var folder = Files.isDirectory(state)
                ? Files.createTempDirectory(state, "bench-work-")
                : Files.createTempDirectory("kis-bench-");
        var memory = Path.of("/dev/shm");
        var memoryFolder = Files.isWritable(memory)
                ? Optional.of(Files.createTempDirectory(memory, "kis-bench-"))
                : Optional.<Path>empty();
        var environment = new BenchEnvironment(home, folder, memoryFolder, options, progress);
        Runtime.getRuntime().addShutdownHook(environment.cleanupHook);
        return environment;
    }

    /** Seconds per round: from the command line, else {@code defaultValue}. */
    public int seconds(int defaultValue) {
        return options.seconds().orElse(normalOrQuick(defaultValue, 1));
    }

    /** Number of rounds: from the command line, else {@code defaultValue}. */
    public int rounds(int defaultValue) {
        return options.rounds().orElse(normalOrQuick(defaultValue, 1));
    }

    /** The first figure, or the second for a smoke test. */
    public int normalOrQuick(int normal, int quick) {
        return options.quick() ? quick : normal;
    }

    /** Whether this is a smoke test. */
    boolean isQuick() {
        return options.quick();
    }

    /** Whether a part of the bench is to be run. */
    public boolean isSelected(String profile) {
        return options.profile().map(profile::equals).orElse(true);
    }

    /** Whether the command line names exactly this part. */
    boolean isNamed(String profile) {
        return options.profile().map(profile::equals).orElse(false);
    }

    /** Prints the current step. */
    public void progress(String what) {
        progress.println("bench: " + what);
    }

    /** A flag without the project's folder: folders of this machine are no condition of a figure. */
    String withoutHome(String flag) {
        return flag.replace(home.toString(), ".");
    }

    /** A new empty folder. */
    Path folder(String name) throws IOException {
        return Files.createTempDirectory(folder, name + "-");
    }

    /** The project's folder. */
    Path home() {
        return home;
    }

    /** A gateway on free ports with its own data folder and default settings. */
    Launch gateway() throws IOException {
        var workFolder = folder("gateway");
        return Launch.gateway(installedOrHome("app"), workFolder)
                .withEnvironment("KIS_ENV", "sim")
                .withEnvironment("GATEWAY_PORT", "0")
                .withEnvironment("SIMULATOR_PORT", "0")
                .withEnvironment("GATEWAY_DATA_DIR", workFolder.resolve("data").toString())
                .withEnvironment(
                        "GATEWAY_CONFIG_DIR", workFolder.resolve("config").toString());
    }

    /** The same with a separate simulator, or a proxy in front of it, on {@code simulatorPort}. */
    Launch gateway(int simulatorPort) throws IOException {
        return gateway().withEnvironment("SIMULATOR_URL", "http://127.0.0.1:" + simulatorPort);
    }

    /**
     * A separate simulator on a free port, whose disk costs nothing: it is the environment, not the subject. Its files
     * are in memory where the system has a place for that; on the gateway's disk the file system would write them out,
     * too, whenever the gateway flushes its journal.
     */
    Launch simulator(String... options) throws IOException {
        var workFolder = memoryFolder.isPresent()
                ? Files.createTempDirectory(memoryFolder.get(), "simulator-")
                : folder("simulator");
        return Launch.simulator(installedOrHome("app"), workFolder)
                .withArguments("--data-dir", workFolder.resolve("data").toString(), "--synchronous", "OFF")
                .withArguments(options);
    }

    /** A baseline program as a process with the gateway's JVM flags. */
    Launch floor(Class<?> main) throws IOException {
        return Launch.of(installedOrHome("bench"), "gateway", main.getName(), folder("floor"))
                .withJvmFlags("-D" + LOG_PROPERTY + "=" + LOG_CONFIGURATION);
    }

    /** Starts a program and waits until it is ready. */
    LocalProgram start(Launch launch) {
        try {
            var program = LocalProgram.start(launch, START_LIMIT);
            programs.add(program);
            return program;
        } catch (ProgramException e) {
            throw new BenchException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Ends a program before the run does. */
    void stop(LocalProgram program) {
        program.close();
        programs.remove(program);
    }

    /** Starts any other command, its output discarded. */
    Process start(ProcessBuilder command) throws IOException {
        var process = command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        return process;
    }

    /**
     * A command that has ended by itself.
     *
     * @param out its output, by lines
     * @param err its errors, without spaces around them
     */
    record Ended(int exitCode, List<String> out, String err) {}

    /**
     * Runs a command to its end; it is killed with this program.
     *
     * @param name of it, for a failure
     */
    Ended run(String name, ProcessBuilder command, Duration limit) throws IOException, InterruptedException {
        var outputs = folder("outputs");
        var out = outputs.resolve("out");
        var err = outputs.resolve("err");
        var process =
                command.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        processes.add(process);
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BenchException(name + " has not ended after " + limit);
            }
        } finally {
            process.destroyForcibly();
            processes.remove(process);
        }
        return new Ended(
                process.exitValue(),
                Files.readAllLines(out),
                Files.readString(err).strip());
    }

    /** The gateway's JVM flags; empty where none is built. */
    Optional<List<String>> gatewayFlags() {
        try {
            var command = Launch.gateway(installedOrHome("app"), folder).command();
            return Optional.of(command.subList(1, command.indexOf("-cp")).stream()
                    .map(flag -> flag.startsWith("-XX:AOTCache=") ? "-XX:AOTCache=gateway.aot" : withoutHome(flag))
                    .toList());
        } catch (ProgramException e) {
            return Optional.empty(); // only the decoder can be measured then, and it needs none
        }
    }

    /** Processor time that a program has used; 0 where the system does not report it. */
    static double cpuSeconds(LocalProgram program) {
        return ProcessHandle.of(program.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .map(time -> time.toNanos() / 1e9)
                .orElse(0.0);
    }

    /** Waits while the measurement continues. */
    static void pause(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) throw new InterruptedException();
        }
    }

    @Override
    public void close() {
        clean();
        try {
            Runtime.getRuntime().removeShutdownHook(cleanupHook);
        } catch (IllegalStateException e) {
            // The JVM is already shutting down and the hook does the same work as this method.
        }
    }

    private void clean() {
        cleanupLock.lock();
        try {
            programs.forEach(LocalProgram::close);
            processes.forEach(process -> process.toHandle().destroyForcibly());
            for (var process : processes) process.onExit().join();
            if (Files.exists(folder)) delete(folder);
            if (memoryFolder.isPresent() && Files.exists(memoryFolder.get())) delete(memoryFolder.get());
        } catch (IOException | UncheckedIOException e) {
            progress.println("bench: " + folder + " could not be removed: " + e);
        } finally {
            cleanupLock.unlock();
        }
    }

    private static void delete(Path top) throws IOException {
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path workFolder, java.io.@org.jspecify.annotations.Nullable IOException e) throws IOException {
                if (e != null) throw e;
                Files.deleteIfExists(workFolder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The folder that {@code ./kis} installed under a name, or the project's folder after a plain Maven build. */
    private Path installedOrHome(String name) {
        var installed = home.resolve(".kis").resolve(name);
        return Files.isDirectory(installed.resolve("lib")) ? installed : home;
    }

    /** The project's folder, or that of an installed program. */
    static Path projectHome() throws IOException {
        try {
            return Launch.projectHome();
        } catch (ProgramException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
