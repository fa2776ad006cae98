package kr.kisgateway.client.batch;

import java.time.Duration;
import java.util.Map;

/**
 * What a batch took.
 *
 * @param questions asked; a question that the client repeated by itself counts once, a chart of several pages too
 * @param took from the first question to the last answer
 * @param failures symbols without an answer, by the code of their failure
 */
public record BatchStats(int questions, Duration took, Map<String, Integer> failures) {
    public BatchStats {
        failures = Map.copyOf(failures);
    }
}
