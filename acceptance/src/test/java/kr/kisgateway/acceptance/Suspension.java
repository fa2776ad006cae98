package kr.kisgateway.acceptance;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.simulation.history.CrashRoundChecks.Pause;
import kr.kisgateway.simulation.history.CrashRoundChecks.ProcessRole;

/** Suspends a process where it is (SIGSTOP): its sockets stay open, its threads notice nothing. */
final class Suspension {
    private Suspension() {}

    /** Suspends {@code program} for {@code time}. */
    static Pause of(LocalProgram program, ProcessRole who, Duration time) {
        var from = Instant.now();
        signal("STOP", program);
        LockSupport.parkNanos(time.toNanos());
        resume(program);
        return new Pause(who, from, Instant.now());
    }

    /** Suspends {@code program} until it is killed or resumed. */
    static void stop(LocalProgram program) {
        signal("STOP", program);
    }

    static void resume(LocalProgram program) {
        signal("CONT", program);
    }

    private static void signal(String name, LocalProgram program) {
        try {
            var kill = new ProcessBuilder("kill", "-" + name, Long.toString(program.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new AssertionError("kill -" + name + " failed");
            }
        } catch (IOException e) {
            throw new AssertionError("no kill command", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
