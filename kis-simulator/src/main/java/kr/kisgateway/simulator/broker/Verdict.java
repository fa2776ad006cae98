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
    public record Client(String key, Map<Offence, Long> counts, Map<Offence, String> examples) {
        public Client {
            counts = Map.copyOf(counts);
            examples = Map.copyOf(examples);
        }
    }

    /** Whether nobody did anything wrong. */
    public boolean clean() {
        return cleanBut();
    }

    /** Whether nobody did anything wrong, these apart. */
    public boolean cleanBut(Offence... allowed) {
        Set<Offence> passed = EnumSet.noneOf(Offence.class);
        passed.addAll(Arrays.asList(allowed));
        return clients.stream()
                .allMatch(client -> passed.containsAll(client.counts().keySet()));
    }

    /** How often it happened, all clients together. */
    public long count(Offence offence) {
        return clients.stream()
                .mapToLong(client -> client.counts().getOrDefault(offence, 0L))
                .sum();
    }

    /** What is wrong, one sentence for each client and offence; empty when all is well. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        for (Client client : clients) {
            for (Offence offence : Offence.values()) {
                long count = client.counts().getOrDefault(offence, 0L);
                if (count > 0) {
                    sentences.add(client.key() + ": " + count + " " + offence.sentence() + "; the last: "
                            + client.examples().getOrDefault(offence, ""));
                }
            }
        }
        return sentences;
    }

    /** As the control call tells it. */
    public String json() {
        Json json = Json.object();
        json.raw("clean", Boolean.toString(clean())).startArray("clients");
        for (Client client : clients) {
            json.startRow().field("key", client.key());
            for (Offence offence : Offence.values()) {
                json.number(offence.word(), client.counts().getOrDefault(offence, 0L));
            }
            json.startObject("last");
            client.examples().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(e -> json.field(e.getKey().word(), e.getValue()));
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
        return clean() ? "clean" : String.join("\n", sentences());
    }
}
