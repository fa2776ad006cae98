package kr.kisgateway.gateway.parent;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.order.OrderEventJson;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.market.TradingCalendar;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The journal's form of {@link ParentEvent}s. A changed form gets a new version, and older ones stay readable. */
final class ParentEventJson {
    static final int VERSION = 1;

    private final JsonMapper json = new JsonMapper();

    /** The journal's name for the kind of event. */
    static String type(ParentEvent event) {
        return event.getClass().getSimpleName();
    }

    /** The payload of {@code event}. */
    String write(ParentEvent event) {
        ObjectNode node = json.createObjectNode();
        switch (event) {
            case ParentEvent.Accepted e -> {
                schedule(node, e.schedule());
                OrderEventJson.key(node, e.key());
            }
            case ParentEvent.Modified e -> schedule(node, e.schedule());
            case ParentEvent.ChildStarted e -> node.put("child", e.child().text());
            case ParentEvent.CancelRequested e -> node.put("by", e.by());
            case ParentEvent.Ended e -> {
                node.put("outcome", e.outcome().name()).put("reason", e.reason());
                e.by().ifPresent(by -> node.put("by", by));
            }
        }
        return json.writeValueAsString(node);
    }

    /**
     * The event of {@code entry}.
     *
     * @throws JournalException when its version is unknown to this release or it cannot be read
     */
    ParentEvent read(JournalEntry entry) {
        if (entry.version() > VERSION) {
            throw new JournalException("journal entry " + entry.stream() + "/" + entry.seq() + " has version "
                    + entry.version() + " of " + entry.type() + ", which this release does not support");
        }
        try {
            return read(new ParentId(entry.subject()), entry.type(), json.readTree(entry.payload()));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new JournalException("journal entry " + entry.stream() + "/" + entry.seq() + " cannot be read", e);
        }
    }

    private static ParentEvent read(ParentId id, String type, JsonNode node) {
        return switch (type) {
            case "Accepted" -> new ParentEvent.Accepted(id, schedule(node), OrderEventJson.key(node));
            case "Modified" -> new ParentEvent.Modified(id, schedule(node));
            case "ChildStarted" -> new ParentEvent.ChildStarted(id, new OrderId(text(node, "child")));
            case "CancelRequested" -> new ParentEvent.CancelRequested(id, text(node, "by"));
            case "Ended" ->
                new ParentEvent.Ended(
                        id,
                        Parent.Outcome.valueOf(text(node, "outcome")),
                        text(node, "reason"),
                        node.has("by") ? Optional.of(text(node, "by")) : Optional.empty());
            default -> throw new IllegalArgumentException("unknown event " + type);
        };
    }

    private static void schedule(ObjectNode node, Schedule schedule) {
        node.put("kind", "SCHEDULED")
                .put("at", schedule.at().toString())
                .put("until", schedule.until().toString());
        OrderEventJson.terms(node.putObject("order"), schedule.terms(), day(schedule));
    }

    private static Schedule schedule(JsonNode node) {
        return new Schedule(
                OrderEventJson.terms(node.required("order")),
                Instant.parse(text(node, "at")),
                Instant.parse(text(node, "until")));
    }

    /** The day of its order in Korea. */
    static LocalDate day(Schedule schedule) {
        return LocalDate.ofInstant(schedule.at(), TradingCalendar.SEOUL);
    }

    private static String text(JsonNode node, String name) {
        return node.required(name).stringValue();
    }
}
