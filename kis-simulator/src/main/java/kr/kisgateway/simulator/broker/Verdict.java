package kr.kisgateway.simulator.broker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kr.kisgateway.simulator.catalog.Json;

/**
 * The violations of all clients since the simulator started. It is kept in memory: a restart clears it.
 *
 * @param clients each app key that called, in the order of their first calls
 */
public record Verdict(List<Client> clients) {
    public Verdict {
        clients = List.copyOf(clients);
    }

    /**
     * One app key.
     *
     * @param key masked: its first four characters and four digits of its hash
     * @param counts violations that occurred
     * @param examples the newest example of each violation, in a sentence
     */
    public record Client(String key, Map<Violation, Long> counts, Map<Violation, String> examples) {
        public Client {
            counts = Map.copyOf(counts);
            examples = Map.copyOf(examples);
        }
    }

    /** Whether no client has a violation. */
    public boolean isClean() {
        return isCleanExcept();
    }

    /** Whether no client has a violation other than these. */
    public boolean isCleanExcept(Violation... allowed) {
        Set<Violation> tolerated = EnumSet.noneOf(Violation.class);
        tolerated.addAll(Arrays.asList(allowed));
        return clients.stream()
                .allMatch(client -> tolerated.containsAll(client.counts().keySet()));
    }

    /** How often the violation occurred, all clients together. */
    public long count(Violation violation) {
        return clients.stream()
                .mapToLong(client -> client.counts().getOrDefault(violation, 0L))
                .sum();
    }

    /** The violations in words, one sentence for each client and violation; empty when there are none. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        for (Client client : clients) {
            for (Violation violation : Violation.values()) {
                long count = client.counts().getOrDefault(violation, 0L);
                if (count > 0) {
                    sentences.add(client.key() + ": " + count + " " + violation.sentence() + "; the latest: "
                            + client.examples().getOrDefault(violation, ""));
                }
            }
        }
        return sentences;
    }

    /** The verdict as the JSON of the control call. */
    public String json() {
        Json json = Json.object();
        json.raw("clean", Boolean.toString(isClean())).startArray("clients");
        for (Client client : clients) {
            json.startRow().field("key", client.key());
            for (Violation violation : Violation.values()) {
                json.number(violation.fieldName(), client.counts().getOrDefault(violation, 0L));
            }
            json.startObject("last");
            client.examples().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(e -> json.field(e.getKey().fieldName(), e.getValue()));
            json.end().end();
        }
        json.endArray();
        List<String> sentences = sentences();
        json.startArray("sentences");
        sentences.forEach(json::value);
        return json.endArray().text();
    }

    @Override
    public String toString() {
        return isClean() ? "clean" : String.join("\n", sentences());
    }
}
