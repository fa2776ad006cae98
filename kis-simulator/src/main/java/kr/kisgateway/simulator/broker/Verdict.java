package kr.kisgateway.simulator.broker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kr.kisgateway.simulator.catalog.Json;

/**
 * How the clients behaved since the simulator started. It is kept in memory: a restart begins anew.
 *
 * @param clients each app key that was heard of, in the order of their first calls
 */
public record Verdict(List<Client> clients) {
    public Verdict {
        clients = List.copyOf(clients);
    }

    /**
     * One app key.
     *
     * @param key masked: its first four characters and four digits of its hash
     * @param counts only what happened at all
     * @param examples of each offence the newest, in a sentence
     */
    public record Client(String key, Map<Violation, Long> counts, Map<Violation, String> examples) {
        public Client {
            counts = Map.copyOf(counts);
            examples = Map.copyOf(examples);
        }
    }

    /** Whether nobody did anything wrong. */
    public boolean isClean() {
        return isCleanExcept();
    }

    /** Whether nobody did anything wrong, these apart. */
    public boolean isCleanExcept(Violation... allowed) {
        Set<Violation> tolerated = EnumSet.noneOf(Violation.class);
        tolerated.addAll(Arrays.asList(allowed));
        return clients.stream()
                .allMatch(client -> tolerated.containsAll(client.counts().keySet()));
    }

    /** How often it happened, all clients together. */
    public long count(Violation violation) {
        return clients.stream()
                .mapToLong(client -> client.counts().getOrDefault(violation, 0L))
                .sum();
    }

    /** What is wrong, one sentence for each client and offence; empty when all is well. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        for (Client client : clients) {
            for (Violation violation : Violation.values()) {
                long count = client.counts().getOrDefault(violation, 0L);
                if (count > 0) {
                    sentences.add(client.key() + ": " + count + " " + violation.sentence() + "; the last: "
                            + client.examples().getOrDefault(violation, ""));
                }
            }
        }
        return sentences;
    }

    /** As the control call tells it. */
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
