package kr.kisgateway.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.order.Order;
import kr.kisgateway.api.order.OrderEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request to the broker whose outcome is unknown, read from the order's events.
 *
 * @param request its number within the order; 1 placed it
 * @param description its kind and terms
 * @param sentAt when it was sent, in Seoul's time
 * @param reason what happened instead of an answer, a sentence without its full stop
 * @param target the broker's number that a modify or cancel was sent for; empty for a placing
 * @param lastFinding what the broker's list showed the last time
 * @param numbersBefore numbers of equal orders that existed before it was sent, so none of them is it
 */
record UnresolvedRequest(
        int request,
        @JsonProperty("what") String description,
        String sentAt,
        @JsonProperty("why") String reason,
        Optional<String> target,
        @JsonProperty("looked") Optional<String> lastFinding,
        @JsonProperty("known_before") List<String> numbersBefore) {

    private static final Set<String> SETTLED =
            Set.of("BrokerAccepted", "BrokerRefused", "LateAcceptance", "SendNotTaken", "SendAbandoned", "Reduced");
    private static final Set<String> ENDED = Set.of("FILLED", "CANCELED", "REJECTED", "EXPIRED");

    /** Whether the request placed the order; only then has it a broker number of its own to find. */
    @JsonIgnore
    boolean isPlacing() {
        return request == 1;
    }

    /** The requests in doubt of an order, oldest first; empty for one that has ended. */
    static List<UnresolvedRequest> of(Order order, List<OrderEvent> events) {
        if (ENDED.contains(order.status())) {
            return List.of();
        }
        Map<Integer, String> kinds = new HashMap<>(Map.of(1, "the placing"));
        Map<Integer, OrderEvent> sent = new HashMap<>();
        Map<Integer, UnresolvedRequest> unresolved = new LinkedHashMap<>();
        for (OrderEvent event : events) {
            String type = event.type();
            JsonNode data = event.data();
            int request = data.path("request").asInt(0);
            switch (type) {
                case "CancelRequested" -> kinds.put(request, "the cancel of the open quantity");
                case "ModifyRequested" ->
                    data.path("requests")
                            .forEach(r -> kinds.put(r.path("request").asInt(0), describe(r)));
                case "SendStarted" -> {
                    sent.put(request, event);
                    unresolved.remove(request);
                }
                case "SendInDoubt" ->
                    unresolved.put(
                            request,
                            inDoubt(request, kinds.getOrDefault(request, "a request"), sent.get(request), data));
                case "Unresolved" ->
                    unresolved.computeIfPresent(
                            request, (_, d) -> d.withFinding(data.path("reason").asString("")));
                default -> {
                    if (SETTLED.contains(type)) {
                        unresolved.remove(request);
                    }
                }
            }
        }
        return List.copyOf(unresolved.values());
    }

    private static String describe(JsonNode request) {
        String price = Format.value(request.path("price"));
        return request.path("kind").asString("").equals("CANCEL")
                ? "the cancel of " + Format.value(request.path("qty")) + " shares"
                : "the change of the price to " + price;
    }

    private static UnresolvedRequest inDoubt(
            int request, String description, @Nullable OrderEvent sent, JsonNode data) {
        var numbersBefore = new ArrayList<String>();
        Optional<OrderEvent> left = Optional.ofNullable(sent);
        left.ifPresent(s -> s.data().path("odnos_known").forEach(no -> numbersBefore.add(formatNumber(no))));
        return new UnresolvedRequest(
                request,
                description,
                left.map(s -> Format.dateTime(s.at())).orElse(""),
                reason(data.path("code").asString(""), data.path("message").asString("")),
                left.map(s -> s.data().path("target"))
                        .filter(t -> t.asLong(0) > 0)
                        .map(UnresolvedRequest::formatNumber),
                Optional.empty(),
                List.copyOf(numbersBefore));
    }

    /** A sentence for traders, followed by the technical details. */
    private static String reason(String code, String message) {
        String sentence = switch (code) {
            case "CONNECTION" -> "The connection to KIS broke after it was sent";
            case "TIMEOUT" -> "KIS did not answer in time after it was sent";
            case "CRASH" -> "The gateway ended while it was on its way";
            default -> "KIS's answer neither confirms nor refuses it";
        };
        return sentence + " (" + code + ": " + message + ")";
    }

    /** In the format of order numbers in the API and the HTS. */
    private static String formatNumber(JsonNode odno) {
        return String.format(Locale.ROOT, "%010d", odno.asLong());
    }

    private UnresolvedRequest withFinding(String finding) {
        return new UnresolvedRequest(request, description, sentAt, reason, target, Optional.of(finding), numbersBefore);
    }
}
