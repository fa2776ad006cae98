package kr.kisgateway.simulator;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.simulator.broker.Offence;
import kr.kisgateway.simulator.broker.Verdict;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the verdict back that the desk's thread has written: nothing of that thread's own leaves it. */
final class VerdictReader {
    private VerdictReader() {}

    static Verdict read(String json) {
        List<Verdict.Client> clients = new ArrayList<>();
        for (JsonNode client : new JsonMapper().readTree(json).path("clients")) {
            Map<Offence, Long> counts = new EnumMap<>(Offence.class);
            Map<Offence, String> examples = new EnumMap<>(Offence.class);
            for (Offence offence : Offence.values()) {
                long count = client.path(offence.word()).asLong();
                if (count > 0) {
                    counts.put(offence, count);
                    examples.put(
                            offence, client.path("last").path(offence.word()).asString());
                }
            }
            clients.add(new Verdict.Client(client.path("key").asString(), counts, examples));
        }
        return new Verdict(clients);
    }
}
