package kr.kisgateway.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * A gateway or simulator in a process of its own, identified by the JSON line it prints when it is ready.
 *
 * <p>Its output (both streams, in order) is buffered: the last {@value #OUTPUT_LINES_MAX} lines, each up to {@value
 * #LINE_CHARS_MAX} characters. Closing kills the process, so nothing outlives a test.
 */
public final class LocalProgram implements AutoCloseable {
    static final int OUTPUT_LINES_MAX = 5_000;
    static final int LINE_CHARS_MAX = 4_000;
    private static final int REPORTED_LINES = 40;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Process process;
    private final Thread reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<String> output = new ArrayDeque<>();
    private long printed;
    private boolean ended;
    private JsonNode ready = MissingNode.getInstance();

    private LocalProgram(Process process) {
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().name("program-output").unstarted(this::read);
    }

    /**
     * Starts the program and waits until it reports that it is ready.
     *
     * @throws ProgramException when it ends or stays silent instead; the message contains the end of its output
     */
    public static LocalProgram start(Launch launch, Duration limit) {
        var program = startWithoutWaiting(launch);
        try {
            program.awaitReady(limit);
            return program;
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }

    /** Starts the program and returns at once: for one that is expected to refuse its settings and end. */
    public static LocalProgram startWithoutWaiting(Launch launch) {
        var builder = new ProcessBuilder(launch.command())
                .directory(launch.workingDirectory().toFile())
                .redirectErrorStream(true);
        launch.applyEnvironment(builder.environment());
        try {
            var program = new LocalProgram(builder.start());
            program.process.getOutputStream().close(); // it has no keyboard input
            program.reader.start();
            return program;
        } catch (IOException e) {
            throw new ProgramException("Cannot start " + launch.mainClass() + ": " + e, e);
        }
    }

    /** Waits for the JSON line with the ports. */
    public void awaitReady(Duration limit) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (ready.isMissingNode()) {
                if (ended) throw failure("The program ended before it was ready");
                if (left <= 0) throw failure("The program was not ready within " + limit);
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw ProgramException.interrupted("waiting for the program to be ready", e);
        } finally {
            lock.unlock();
        }
    }

    /** The port of the gateway's own API. */
    public int gatewayPort() {
        return port("gateway_port");
    }

    /** The port of the simulator: its own, or that of the one embedded in a gateway. */
    public int simulatorPort() {
        return port("simulator_port");
    }

    /** The program's data folder. */
    public Path dataDirectory() {
        return Path.of(ready().path("data_dir").asString());
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it is running. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Its JSON line of the start. */
    public JsonNode ready() {
        lock.lock();
        try {
            if (ready.isMissingNode()) throw failure("The program has not reported that it is ready");
            return ready;
        } finally {
            lock.unlock();
        }
    }

    /** Requests a stop (SIGTERM), without waiting. */
    public void terminate() {
        process.toHandle().destroy(); // Process.destroy would also close the pipe and lose its last output
    }

    /** Requests a stop (SIGTERM) and waits; its exit code, or empty when it still runs after {@code limit}. */
    public OptionalInt stop(Duration limit) {
        terminate();
        return awaitExit(limit);
    }

    /** Ends it as a crash would (SIGKILL) and waits until it has ended. The program cannot react. */
    public void kill() {
        process.toHandle().destroyForcibly();
        if (awaitExit(Duration.ofSeconds(30)).isEmpty()) throw failure("The program survived SIGKILL");
    }

    /** Waits for its end and for the last of its output; its exit code, or empty when it still runs after {@code limit}. */
    public OptionalInt awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) return OptionalInt.empty();
            reader.join(Duration.ofSeconds(5)); // a child of the program may leave the pipe open for longer
            return OptionalInt.of(process.exitValue());
        } catch (InterruptedException e) {
            throw ProgramException.interrupted("waiting for the program to end", e);
        }
    }

    /** The buffered output, oldest line first. */
    public List<String> output() {
        lock.lock();
        try {
            return List.copyOf(output);
        } finally {
            lock.unlock();
        }
    }

    /** The first buffered line that {@code condition} accepts; waits for it. */
    public String awaitLine(String what, Predicate<String> condition, Duration limit) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (true) {
                Optional<String> found = output.stream().filter(condition).findFirst();
                if (found.isPresent()) return found.get();
                if (ended) throw failure("The program ended without printing " + what);
                if (left <= 0) throw failure("The program did not print " + what + " within " + limit);
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw ProgramException.interrupted("waiting for " + what, e);
        } finally {
            lock.unlock();
        }
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) kill();
    }

    private int port(String name) {
        var port = ready().path(name);
        if (!port.isInt()) throw failure("The program named no " + name);
        return port.intValue();
    }

    private void read() {
        try (var lines = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) appendOutput(line);
        } catch (IOException | UncheckedIOException e) {
            appendOutput("(its output broke off: " + e + ")");
        } finally {
            end();
        }
    }

    /** The JSON of a line that a program prints when it is ready; any other line is a missing node. */
    private static JsonNode readyLine(String line) {
        try {
            return line.startsWith("{") ? JSON.readTree(line) : MissingNode.getInstance();
        } catch (JacksonException notJson) {
            return MissingNode.getInstance(); // a log line that begins with a brace
        }
    }

    private void appendOutput(String line) {
        var json = readyLine(line);
        lock.lock();
        try {
            printed++;
            output.addLast(line.substring(0, Math.min(line.length(), LINE_CHARS_MAX)));
            if (output.size() > OUTPUT_LINES_MAX) output.removeFirst();
            if (ready.isMissingNode() && (json.has("gateway_port") || json.has("simulator_port"))) ready = json;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The pipe closes a moment before the process ends; a waiting caller must see its exit code. */
    private void end() {
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private ProgramException failure(String what) {
        var text = new StringBuilder(what)
                .append(process.isAlive() ? "" : " (exit code " + process.exitValue() + ")")
                .append("; it printed ")
                .append(printed)
                .append(" lines");
        output.stream()
                .skip(Math.max(0, output.size() - REPORTED_LINES))
                .forEach(l -> text.append("\n  ").append(l));
        return new ProgramException(text.toString());
    }
}
