package kr.kisgateway.gateway.order;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The journal's form of {@link ControlEvent}s; the rule of {@link OrderEventJson} applies here too. */
public final class ControlEventJson {
    /** The current version; 2 since the kill switch and the limits record who set them, 3 since aliases have fingerprints. */
    public static final int VERSION = 3;

    private final JsonMapper json = new JsonMapper();

    /** The journal's name for the kind of event. */
    public static String type(ControlEvent event) {
        return type(event.getClass());
    }

    static String type(Class<? extends ControlEvent> event) {
        return event.getSimpleName();
    }

    /** The payload of {@code event}. */
    public String write(ControlEvent event) {
        ObjectNode node = json.createObjectNode();
        switch (event) {
            case ControlEvent.KillSwitchSet e -> {
                node.put("on", e.on()).put("source", e.source().name()).put("reason", e.reason());
                e.by().ifPresent(by -> node.put("by", by));
            }
            case ControlEvent.LimitsSet e -> {
                node.set("layers", json.readTree(e.layers()));
                node.set("configured", json.readTree(e.configured()));
                e.by().ifPresent(by -> node.put("by", by));
            }
            case ControlEvent.DryRunPassed e -> {
                node.put("account", e.account())
                        .put("trading_day", e.tradingDay().toString());
                e.fingerprint().ifPresent(it -> fingerprint(node, it));
            }
            case ControlEvent.AliasAssigned e -> fingerprint(node.put("account", e.account()), e.fingerprint());
            case ControlEvent.CancelAllRequested e -> {
                var orders = node.putArray("orders");
                e.orders().forEach(id -> orders.add(id.text()));
                OrderEventJson.key(node, e.key());
            }
        }
        return json.writeValueAsString(node);
    }

    /**
     * The event of {@code entry}.
     *
     * @throws JournalException when its version is unknown to this release or it cannot be read
     */
    public ControlEvent read(JournalEntry entry) {
        if (entry.version() > VERSION) {
            throw new JournalException("journal entry " + entry.stream() + "/" + entry.seq() + " has version "
                    + entry.version() + " of " + entry.type() + ", which this release does not support");
        }
        try {
            return read(entry, json.readTree(entry.payload()));
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw new JournalException("journal entry " + entry.stream() + "/" + entry.seq() + " cannot be read", e);
        }
    }

    private ControlEvent read(JournalEntry entry, JsonNode node) {
        return switch (entry.type()) {
            case "KillSwitchSet" ->
                new ControlEvent.KillSwitchSet(
                        node.required("on").booleanValue(),
                        ControlEvent.Source.valueOf(node.required("source").stringValue()),
                        node.required("reason").stringValue(),
                        OrderEventJson.by(node),
                        entry.at());
            case "LimitsSet" ->
                new ControlEvent.LimitsSet(
                        json.writeValueAsString(node.required("layers")),
                        json.writeValueAsString(node.required("configured")),
                        OrderEventJson.by(node),
                        entry.at());
            case "DryRunPassed" ->
                new ControlEvent.DryRunPassed(
                        node.required("account").stringValue(),
                        LocalDate.parse(node.required("trading_day").stringValue()),
                        Optional.of(node).filter(it -> it.has("fingerprint")).map(ControlEventJson::fingerprint));
            case "AliasAssigned" ->
                new ControlEvent.AliasAssigned(node.required("account").stringValue(), fingerprint(node), entry.at());
            case "CancelAllRequested" -> {
                List<OrderId> orders = new ArrayList<>();
                node.required("orders").forEach(id -> orders.add(new OrderId(id.stringValue())));
                yield new ControlEvent.CancelAllRequested(OrderEventJson.key(node), List.copyOf(orders));
            }
            default -> throw new IllegalArgumentException("unknown event " + entry.type());
        };
    }

    private static void fingerprint(ObjectNode node, AccountFingerprint fingerprint) {
        node.put("fingerprint_key", fingerprint.key()).put("fingerprint", fingerprint.text());
    }

    private static AccountFingerprint fingerprint(JsonNode node) {
        return new AccountFingerprint(
                node.required("fingerprint_key").stringValue(),
                node.required("fingerprint").stringValue());
    }
}
