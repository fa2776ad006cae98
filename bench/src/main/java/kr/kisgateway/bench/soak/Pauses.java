package kr.kisgateway.bench.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.programs.LocalProgram;

/** A process that is stopped once a second for a while, as by a collector with ever more to do. */
public final class Pauses implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final long pid;
    private final LongSupplier millis;
    private final Thread thread = Thread.ofPlatform().daemon().name("pauses").unstarted(this::run);
    private volatile boolean closed;
    private volatile Optional<String> failure = Optional.empty();

    private Pauses(long pid, LongSupplier millis) {
        this.pid = pid;
        this.millis = millis;
    }

    /** @param millis how long the next one lasts; 0 for none */
    public static Pauses of(LocalProgram program, LongSupplier millis) {
        var pauses = new Pauses(program.pid(), millis);
        pauses.thread.start();
        return pauses;
    }

    private void run() {
        while (!closed) {
            long length = millis.getAsLong();
            if (length > 0) {
                signal("STOP");
                LockSupport.parkNanos(Duration.ofMillis(length).toNanos());
                signal("CONT");
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                    .start()
                    .waitFor();
            if (code != 0) failure = Optional.of("kill -" + name + " ended with " + code);
        } catch (IOException e) {
            failure = Optional.of(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The process runs when it returns.
     *
     * @throws BenchException when a signal could not be sent
     */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        signal("CONT");
        failure.ifPresent(cause -> {
            throw new BenchException("The process was not stopped or continued: " + cause);
        });
    }
}
