package kr.kisgateway.simulator;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.simulator.broker.Verdict;
import kr.kisgateway.simulator.broker.Violation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parses the verdict that the desk's thread has written: no object of that thread leaves it. */
final class VerdictReader {
    private VerdictReader() {}

    static Verdict read(String json) {
        List<Verdict.Client> clients = new ArrayList<>();
        for (JsonNode client : new JsonMapper().readTree(json).path("clients")) {
            Map<Violation, Long> counts = new EnumMap<>(Violation.class);
            Map<Violation, String> examples = new EnumMap<>(Violation.class);
            for (Violation violation : Violation.values()) {
                long count = client.path(violation.fieldName()).asLong();
                if (count > 0) {
                    counts.put(violation, count);
                    examples.put(
                            violation,
                            client.path("last").path(violation.fieldName()).asString());
                }
            }
            clients.add(new Verdict.Client(client.path("key").asString(), counts, examples));
        }
        return new Verdict(clients);
    }
}
