package kr.kisgateway.gateway.notification;

import java.nio.file.Path;
import java.util.Optional;

/** Any text of {@code alerts.yaml} is rules, or problems with their places. */
public final class AlertRulesFuzzer {
    private static final Path FOLDER = Path.of("target");

    private AlertRulesFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        var reading = AlertRulesReader.read(input, FOLDER, _ -> Optional.empty());
        if (reading.rules().isPresent() != reading.problems().isEmpty()) {
            throw new IllegalStateException("neither rules nor problems, or both");
        }
    }
}
