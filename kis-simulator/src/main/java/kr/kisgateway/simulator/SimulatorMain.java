package kr.kisgateway.simulator;

import java.time.InstantSource;
import java.util.Optional;

/**
 * The simulator as a program of its own; {@code --help} lists its options. Prints one JSON line when it accepts calls; SIGTERM
 * and Ctrl-C stop it gracefully with exit code 0. The program needs the optional dependency on the module {@code terminal}.
 */
public final class SimulatorMain {
    private SimulatorMain() {}

    public static void main(String[] args) {
        var command = new SimulatorCommand(System.out, System.err, InstantSource.system());
        System.exit(command.commandLine(Optional.ofNullable(System.getenv("KIS_COLUMNS")))
                .execute(args));
    }
}
