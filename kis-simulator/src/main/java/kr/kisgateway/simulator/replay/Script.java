package kr.kisgateway.simulator.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The frames of one recorded session: acknowledgements on request, everything else at its time. */
final class Script {
    /** A registration or release by a client. */
    record SocketRequest(String trType, String trId, String trKey) {}

    /** One item of the script, in microseconds since the session was opened. */
    sealed interface Item {
        long at();

        /** Waits until the client has made this request, as the recorded one had before what follows. */
        record Gate(long at, SocketRequest request) implements Item {}

        record Frame(long at, String text) implements Item {}

        record End(long at, int code) implements Item {}
    }

    final List<Item> items = new ArrayList<>();
    private final Map<SocketRequest, Deque<String>> answers = new HashMap<>();
    private final Map<SocketRequest, Integer> unanswered = new HashMap<>();
    private final long opened;

    Script(long opened) {
        this.opened = opened;
    }

    void addClientText(Event.ClientText event) {
        JsonNode root = RecordingLines.lenient(event.text());
        JsonNode input = root.path("body").path("input");
        String trType = root.path("header").path("tr_type").asString("");
        if (!trType.isEmpty() && input.isObject()) {
            SocketRequest request = new SocketRequest(
                    trType,
                    input.path("tr_id").asString(""),
                    input.path("tr_key").asString(""));
            items.add(new Item.Gate(event.at() - opened, request));
            unanswered.merge(request, 1, Integer::sum);
        }
    }

    void addBrokerText(Event.BrokerText event) {
        Optional<SocketRequest> answered = findAnswered(event.text());
        if (answered.isPresent()) {
            unanswered.computeIfPresent(answered.get(), (request, n) -> n == 1 ? null : Integer.valueOf(n - 1));
            answers.computeIfAbsent(answered.get(), w -> new ArrayDeque<>()).add(event.text());
        } else {
            items.add(new Item.Frame(event.at() - opened, event.text()));
        }
    }

    /** The request that the text answers, if it is an acknowledgement, or a refusal that contains its TR. */
    private Optional<SocketRequest> findAnswered(String text) {
        if (!text.startsWith("{")) {
            return Optional.empty();
        }
        JsonNode root = RecordingLines.lenient(text);
        JsonNode header = root.path("header");
        if (!root.path("body").has("msg_cd")) {
            return Optional.empty();
        }
        String trId = header.path("tr_id").asString("");
        String trKey = header.path("tr_key").asString("");
        String code = root.path("body").path("msg_cd").asString("");
        // A release and a registration may both be in progress; the code identifies which of them is meant.
        List<String> types = code.equals("OPSP0001") || code.equals("OPSP0003") ? List.of("2", "1") : List.of("1", "2");
        return types.stream()
                .map(type -> new SocketRequest(type, trId, trKey))
                .filter(unanswered::containsKey)
                .findFirst();
    }

    void ended(Event.Ended event) {
        if (event.byBroker()) {
            items.add(new Item.End(event.at() - opened, event.code()));
        }
    }

    /**
     * The recorded answer to a request, the last one repeatedly; of a notice for any HTS id. Empty when the
     * recorded client never made that request.
     */
    Optional<String> answer(SocketRequest request) {
        Optional<Deque<String>> recorded = Optional.ofNullable(answers.get(request))
                .or(() -> request.trId().contains("CNI")
                        ? answers.entrySet().stream()
                                .filter(e -> e.getKey().trType().equals(request.trType())
                                        && e.getKey().trId().equals(request.trId()))
                                .map(Map.Entry::getValue)
                                .findFirst()
                        : Optional.empty());
        return recorded.map(texts -> texts.size() > 1 ? texts.removeFirst() : texts.getFirst());
    }
}
