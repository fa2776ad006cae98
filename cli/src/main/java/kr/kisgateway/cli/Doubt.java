package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request to the broker of which nobody knows whether it was taken, read from the order's events.
 *
 * @param request its number within the order; 1 placed it
 * @param what in words
 * @param sentAt when it left, in Seoul's time
 * @param why what came instead of an answer, a sentence without its full stop
 * @param known numbers of equal orders that were there before it left, so none of them is it
 * @param target the broker's number that a modify or cancel was sent against; empty for a placing
 * @param looked what the broker's list showed the last time
 */
record Doubt(
        int request,
        String what,
        String sentAt,
        String why,
        List<String> known,
        Optional<String> target,
        Optional<String> looked) {

    private static final Set<String> SETTLED =
            Set.of("BrokerAccepted", "BrokerRefused", "LateAcceptance", "SendNotTaken", "SendAbandoned", "Reduced");
    private static final Set<String> ENDED = Set.of("FILLED", "CANCELED", "REJECTED", "EXPIRED");

    /** Whether the request placed the order; only then can the broker's number of it be told. */
    boolean placing() {
        return request == 1;
    }

    /** What is in doubt of an order, oldest first; nothing of one that has ended. */
    static List<Doubt> of(JsonNode order, JsonNode events) {
        if (ENDED.contains(order.path("status").asString(""))) {
            return List.of();
        }
        Map<Integer, String> kinds = new HashMap<>(Map.of(1, "the placing"));
        Map<Integer, JsonNode> sent = new HashMap<>();
        Map<Integer, Doubt> doubts = new LinkedHashMap<>();
        for (JsonNode event : events) {
            String type = event.path("type").asString("");
            JsonNode data = event.path("data");
            int request = data.path("request").asInt(0);
            switch (type) {
                case "CancelRequested" -> kinds.put(request, "the cancel of all that is left");
                case "ModifyRequested" ->
                    data.path("requests")
                            .forEach(r -> kinds.put(r.path("request").asInt(0), planned(r)));
                case "SendStarted" -> {
                    sent.put(request, event);
                    doubts.remove(request);
                }
                case "SendInDoubt" ->
                    doubts.put(
                            request, doubt(request, kinds.getOrDefault(request, "a request"), sent.get(request), data));
                case "Unresolved" ->
                    doubts.computeIfPresent(
                            request, (_, d) -> d.seen(data.path("reason").asString("")));
                default -> {
                    if (SETTLED.contains(type)) {
                        doubts.remove(request);
                    }
                }
            }
        }
        return List.copyOf(doubts.values());
    }

    private static String planned(JsonNode request) {
        String price = Say.text(request, "price");
        return request.path("kind").asString("").equals("CANCEL")
                ? "the cancel of " + Say.text(request, "qty") + " shares"
                : "the change of the price to " + price;
    }

    private static Doubt doubt(int request, String what, @Nullable JsonNode sent, JsonNode said) {
        var known = new ArrayList<String>();
        Optional<JsonNode> left = Optional.ofNullable(sent);
        left.ifPresent(s -> s.path("data").path("odnos_known").forEach(no -> known.add(number(no))));
        return new Doubt(
                request,
                what,
                left.map(s -> Say.moment(s, "at")).orElse(""),
                why(said.path("code").asString(""), said.path("message").asString("")),
                List.copyOf(known),
                left.map(s -> s.path("data").path("target"))
                        .filter(t -> t.asLong(0) > 0)
                        .map(Doubt::number),
                Optional.empty());
    }

    /** A sentence for whoever trades; what a technician asks for comes after it. */
    private static String why(String code, String message) {
        String sentence = switch (code) {
            case "CONNECTION" -> "The connection to KIS broke after it was sent";
            case "TIMEOUT" -> "KIS did not answer in time after it was sent";
            case "CRASH" -> "The gateway ended while it was on its way";
            default -> "KIS gave an answer that says neither that it took it nor that it refused it";
        };
        return sentence + " (" + code + ": " + message + ")";
    }

    /** As the API and the HTS write order numbers. */
    private static String number(JsonNode odno) {
        return String.format(Locale.ROOT, "%010d", odno.asLong());
    }

    private Doubt seen(String reason) {
        return new Doubt(request, what, sentAt, why, known, target, Optional.of(reason));
    }
}
