package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What measured a run.
 *
 * @param command without the names of files
 * @param commit of the project's checkout, with a {@code +} where its files were changed; empty outside of one
 * @param measured when it ended
 */
record Origin(String command, String commit, Instant measured) {
    static Origin of(Options options, Path home, Instant now) throws IOException, InterruptedException {
        return new Origin(options.command(), commit(home), now.truncatedTo(ChronoUnit.SECONDS));
    }

    void write(ObjectNode node) {
        node.put("command", command);
        node.put("commit", commit);
        node.put("measured", measured.toString());
    }

    private static String commit(Path home) throws IOException, InterruptedException {
        // Runs that are stored are no change of the code.
        return git(home, "describe", "--always", "--exclude=*", "--abbrev=8").strip()
                + (git(home, "status", "--porcelain", "--", ".", ":!docs").isBlank() ? "" : "+");
    }

    /** Its output; empty where it fails, as in a distribution without a checkout. */
    private static String git(Path home, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("git", "-C", home.toString()));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return ""; // there is no git
        }
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? output : "";
    }
}
