package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.OpenCalendar;
import tools.jackson.databind.node.ObjectNode;

/**
 * What measured a run.
 *
 * @param command without the names of files
 * @param commit of the project's checkout, with a {@code +} where its files were changed; empty outside of one
 * @param measured when it ended
 */
record Origin(String command, String commit, Instant measured) {
    static Origin of(Options options, String commit, Instant now) {
        return new Origin(options.command(), commit, now.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Whether the simulator's market, which is open around the clock, had its closed minute between two times. */
    static boolean includesClosedMinute(Instant started, Instant ended) {
        var calendar = new OpenCalendar();
        var midnight = calendar.endOf(calendar.tradingDay(ended).minusDays(1));
        return started.isBefore(midnight.plus(Duration.ofMinutes(1)));
    }

    void write(ObjectNode node) {
        node.put("command", command);
        node.put("commit", commit);
        node.put("measured", measured.toString());
    }

    /** The commit of the project's checkout now, as in an origin. */
    static String commit(Path home) throws IOException, InterruptedException {
        var commit = git(home, "describe", "--always", "--exclude=*", "--abbrev=8");
        if (commit.isEmpty()) return "";
        // Runs that are stored are no change of the code.
        var changed = git(home, "status", "--porcelain", "--", ".", ":!docs");
        return commit.get().strip() + (changed.isPresent() && changed.get().isBlank() ? "" : "+");
    }

    /** Its output; empty where it fails, as in a distribution without a checkout. */
    private static Optional<String> git(Path home, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("git", "-C", home.toString()));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return Optional.empty(); // there is no git
        }
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
    }
}
