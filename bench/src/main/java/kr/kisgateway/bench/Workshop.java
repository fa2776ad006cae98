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
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.gatewayclient.Launch;
import kr.kisgateway.gatewayclient.LocalProgram;

/**
 * Folders and processes of one run. Both are gone at its end, also when somebody ends it by Ctrl-C.
 *
 * <p>The folder lies where the gateway's data would (on the project's disk) and not in the system's place for temporary
 * files: that is often memory, where a durable commit costs nothing.
 */
public final class Workshop implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Path home;
    private final Path folder;
    private final Optional<Path> inMemory;
    private final Options options;
    private final PrintStream progress;
    private final Set<LocalProgram> programs = ConcurrentHashMap.newKeySet();
    private final Set<Process> processes = ConcurrentHashMap.newKeySet();
    private final ReentrantLock ending = new ReentrantLock();
    private final Thread atExit = Thread.ofPlatform().name("bench-cleanup").unstarted(this::clean);

    private Workshop(Path home, Path folder, Optional<Path> inMemory, Options options, PrintStream progress) {
        this.home = home;
        this.folder = folder;
        this.inMemory = inMemory;
        this.options = options;
        this.progress = progress;
    }

    static Workshop open(Options options, PrintStream progress) throws IOException {
        var home = projectHome();
        var state = home.resolve(".kis");
        var folder = Files.isDirectory(state)
                ? Files.createTempDirectory(state, "bench-work-")
                : Files.createTempDirectory("kis-bench-");
        var memory = Path.of("/dev/shm");
        var inMemory = Files.isWritable(memory)
                ? Optional.of(Files.createTempDirectory(memory, "kis-bench-"))
                : Optional.<Path>empty();
        var workshop = new Workshop(home, folder, inMemory, options, progress);
        Runtime.getRuntime().addShutdownHook(workshop.atExit);
        return workshop;
    }

    /** How long each round measures: what the command line said, else {@code otherwise}. */
    public int seconds(int otherwise) {
        return options.seconds().orElse(quickly(otherwise, 1));
    }

    /** How many rounds: what the command line said, else {@code otherwise}. */
    public int rounds(int otherwise) {
        return options.rounds().orElse(quickly(otherwise, 1));
    }

    /** The first figure, or the second when it is only to be seen that everything runs. */
    public int quickly(int usual, int quick) {
        return options.quick() ? quick : usual;
    }

    /** Whether a part of the bench is to be run. */
    public boolean wants(String profile) {
        return options.profile().map(profile::equals).orElse(true);
    }

    /** Tells whoever waits what is being done. */
    public void progress(String what) {
        progress.println("bench: " + what);
    }

    /** A new empty folder. */
    Path folder(String name) throws IOException {
        return Files.createTempDirectory(folder, name + "-");
    }

    /** The project's folder. */
    Path home() {
        return home;
    }

    /** A gateway on free ports with a data folder of its own and nothing else set. */
    Launch gateway() throws IOException {
        var place = folder("gateway");
        return Launch.gateway(packaged("app"), place)
                .withEnvironment("KIS_ENV", "sim")
                .withEnvironment("GATEWAY_PORT", "0")
                .withEnvironment("SIMULATOR_PORT", "0")
                .withEnvironment("GATEWAY_DATA_DIR", place.resolve("data").toString())
                .withEnvironment("GATEWAY_CONFIG_DIR", place.resolve("config").toString());
    }

    /**
     * A simulator of its own on a free port, whose disk costs nothing: it is the surroundings, not what is measured. Its
     * files are kept in memory where the system has a place for that; on our disk the file system would write them
     * out, too, whenever the gateway flushes its journal.
     */
    Launch simulator(String... options) throws IOException {
        var place =
                inMemory.isPresent() ? Files.createTempDirectory(inMemory.get(), "simulator-") : folder("simulator");
        return Launch.simulator(packaged("app"), place)
                .withArguments("--data-dir", place.resolve("data").toString(), "--synchronous", "OFF")
                .withArguments(options);
    }

    /** One of our floors as a process with the gateway's JVM flags. */
    Launch floor(Class<?> main) throws IOException {
        return Launch.of(packaged("bench"), "gateway", main.getName(), folder("floor"));
    }

    /** Starts a program and waits until it is ready. */
    LocalProgram start(Launch launch) {
        try {
            var program = LocalProgram.start(launch, START_LIMIT);
            programs.add(program);
            return program;
        } catch (GatewayException e) {
            throw new BenchException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Ends a program before the run does. */
    void stop(LocalProgram program) {
        program.close();
        programs.remove(program);
    }

    /** Starts any other command, its output thrown away. */
    Process start(ProcessBuilder command) throws IOException {
        var process = command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        return process;
    }

    /** The JVM flags a gateway is started with; empty where none is built. */
    Optional<List<String>> gatewayFlags() {
        try {
            var command = Launch.gateway(packaged("app"), folder).command();
            return Optional.of(command.subList(1, command.indexOf("-cp")).stream()
                    .map(flag -> flag.startsWith("-XX:AOTCache=") ? "-XX:AOTCache=gateway.aot" : flag)
                    .toList());
        } catch (GatewayException e) {
            return Optional.empty(); // only the decoder can be measured then, and it needs none
        }
    }

    /** Processor time that a program has used; 0 where the system does not tell. */
    static double cpuSeconds(LocalProgram program) {
        return ProcessHandle.of(program.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .map(time -> time.toNanos() / 1e9)
                .orElse(0.0);
    }

    /** Waits; measuring goes on meanwhile. */
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
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is going down already and the hook does the same work as this method.
        }
    }

    private void clean() {
        ending.lock();
        try {
            programs.forEach(LocalProgram::close);
            processes.forEach(process -> process.toHandle().destroyForcibly());
            for (var process : processes) process.onExit().join();
            if (Files.exists(folder)) delete(folder);
            if (inMemory.isPresent() && Files.exists(inMemory.get())) delete(inMemory.get());
        } catch (IOException | UncheckedIOException e) {
            progress.println("bench: " + folder + " could not be removed: " + e);
        } finally {
            ending.unlock();
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
                    Path place, java.io.@org.jspecify.annotations.Nullable IOException e) throws IOException {
                if (e != null) throw e;
                Files.deleteIfExists(place);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** What {@code ./kis} installed under a name, or the project's folder after a plain Maven build. */
    private Path packaged(String name) {
        var installed = home.resolve(".kis").resolve(name);
        return Files.isDirectory(installed.resolve("lib")) ? installed : home;
    }

    private static Path projectHome() throws IOException {
        try {
            return Launch.projectHome();
        } catch (GatewayException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
