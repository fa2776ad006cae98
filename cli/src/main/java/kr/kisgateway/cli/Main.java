package kr.kisgateway.cli;

import java.io.Console;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import kr.kisgateway.terminal.LaunchArguments;

/** The program behind {@code ./kis orders}, {@code kill-switch} and the other operator commands. */
public final class Main {
    private static final Set<String> YES = Set.of("y", "yes", "예", "네");

    private Main() {}

    public static void main(String[] args) {
        var process = new CommandEnvironment(
                System.in,
                System.out,
                System.err,
                System.getenv(),
                Path.of("").toAbsolutePath(),
                () -> "kis-" + UUID.randomUUID(),
                InstantSource.system(),
                Main::pause,
                terminalLine(),
                terminalPrompt(),
                OnInterrupt::hook);
        var typed = LaunchArguments.of(args, Optional.ofNullable(System.getProperty(LaunchArguments.PROPERTY)));
        System.exit(Kis.run(process, typed));
    }

    private static void pause(Duration length) {
        long until = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static Optional<UnaryOperator<String>> terminalLine() {
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .map(console -> question -> Optional.ofNullable(console.readLine("%s%n> ", question))
                        .orElse(""));
    }

    private static Optional<Predicate<String>> terminalPrompt() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).map(console -> question -> {
            String answer = console.readLine("%s [y/N] ", question);
            return answer != null && YES.contains(answer.strip().toLowerCase(Locale.ROOT));
        });
    }
}
