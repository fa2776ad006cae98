package kr.kisgateway.gateway.parent;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.OrderEventJson;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderStatus;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The journal's form of {@link ParentEvent}s. A changed form gets a new version, and older ones stay readable. */
public final class ParentEventJson {
    public static final int VERSION = 3;

    private final JsonMapper json = new JsonMapper();

    /** The journal's name for the kind of event. */
    public static String type(ParentEvent event) {
        return event.getClass().getSimpleName();
    }

    /** The payload of {@code event}. */
    public String write(ParentEvent event) {
        ObjectNode node = json.createObjectNode();
        switch (event) {
            case ParentEvent.Accepted e -> {
                plan(node, e.plan());
                OrderEventJson.key(node, e.key());
            }
            case ParentEvent.Modified e -> {
                plan(node, e.plan());
                if (!e.dropped().isEmpty()) {
                    ArrayNode dropped = node.putArray("dropped");
                    e.dropped().stream().sorted().forEach(dropped::add);
                }
                e.key().ifPresent(key -> OrderEventJson.key(node, key));
            }
            case ParentEvent.BestMoved e -> leg(node, e).put("price", e.price());
            case ParentEvent.Held e -> leg(node, e).put("price", e.price());
            case ParentEvent.Triggered e -> {
                leg(node, e).put("price", e.price());
                e.by().ifPresent(by -> node.put("by", by));
                e.key().ifPresent(key -> OrderEventJson.key(node, key));
            }
            case ParentEvent.ChildStarted e ->
                leg(node, e).put("child", e.child().text()).put("qty", e.qty());
            case ParentEvent.ChildEnded e -> {
                leg(node, e)
                        .put("child", e.child().text())
                        .put("status", e.status().name())
                        .put("filled", e.filled())
                        .put("reason", e.reason())
                        .put("another", e.another());
                e.price().ifPresent(price -> node.put("price", price));
            }
            case ParentEvent.Unplaced e ->
                leg(node, e).put("outcome", e.outcome().name()).put("reason", e.reason());
            case ParentEvent.CancelRequested e -> node.put("by", e.by());
            case ParentEvent.Stopped e -> node.put("reason", e.reason());
            case ParentEvent.Ended e -> {
                node.put("outcome", e.outcome().name()).put("reason", e.reason());
                e.by().ifPresent(by -> node.put("by", by));
            }
        }
        return json.writeValueAsString(node);
    }

    private static ObjectNode leg(ObjectNode node, ParentEvent.OfLeg event) {
        return node.put("leg", event.leg());
    }

    /**
     * The event of {@code entry}.
     *
     * @throws JournalException when its version is unknown to this release or it cannot be read
     */
    public ParentEvent read(JournalEntry entry) {
        if (entry.version() > VERSION) {
            throw new JournalException("journal entry " + entry.stream() + "/" + entry.seq() + " has version "
                    + entry.version() + " of " + entry.type() + ", which this release does not support");
        }
        try {
            return read(new ParentId(entry.subject()), entry.type(), json.readTree(entry.payload()));
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw new JournalException("journal entry " + entry.stream() + "/" + entry.seq() + " cannot be read", e);
        }
    }

    private static ParentEvent read(ParentId id, String type, JsonNode node) {
        return switch (type) {
            case "Accepted" -> new ParentEvent.Accepted(id, plan(node), OrderEventJson.key(node));
            case "Modified" -> new ParentEvent.Modified(id, plan(node), dropped(node), key(node));
            case "BestMoved" -> new ParentEvent.BestMoved(id, leg(node), number(node, "price"));
            case "Held" -> new ParentEvent.Held(id, leg(node), number(node, "price"));
            case "Triggered" -> new ParentEvent.Triggered(id, leg(node), number(node, "price"), by(node), key(node));
            case "ChildStarted" ->
                new ParentEvent.ChildStarted(
                        id,
                        leg(node),
                        new OrderId(text(node, "child")),
                        node.path("qty").asLong(0));
            case "ChildEnded" ->
                new ParentEvent.ChildEnded(
                        id,
                        leg(node),
                        new OrderId(text(node, "child")),
                        OrderStatus.valueOf(text(node, "status")),
                        number(node, "filled"),
                        text(node, "reason"),
                        node.required("another").booleanValue(),
                        node.has("price") ? OptionalLong.of(number(node, "price")) : OptionalLong.empty());
            case "Unplaced" ->
                new ParentEvent.Unplaced(
                        id, leg(node), Parent.Outcome.valueOf(text(node, "outcome")), text(node, "reason"));
            case "CancelRequested" -> new ParentEvent.CancelRequested(id, text(node, "by"));
            case "Stopped" -> new ParentEvent.Stopped(id, text(node, "reason"));
            case "Ended" ->
                new ParentEvent.Ended(
                        id, Parent.Outcome.valueOf(text(node, "outcome")), text(node, "reason"), by(node));
            default -> throw new IllegalArgumentException("unknown event " + type);
        };
    }

    private static void plan(ObjectNode node, Plan plan) {
        node.put("kind", plan.kind().name());
        if (plan.kind() == Plan.Kind.SCHEDULED) {
            node.put("at", plan.at().toString()).put("until", plan.until().toString());
            OrderEventJson.terms(node.putObject("order"), plan.terms(), plan.day());
            if (plan.isRouted()) {
                node.put("routed", true);
            }
            return;
        }
        ArrayNode legs = node.putArray("legs");
        for (Leg leg : plan.legs()) {
            ObjectNode each = legs.addObject();
            each.put("role", leg.role().name());
            start(each.putObject("start"), leg.start());
            each.put("until", leg.until().toString());
            OrderEventJson.terms(each.putObject("order"), leg.terms(), plan.day());
            if (leg.routed()) {
                each.put("routed", true);
            }
        }
        if (!plan.leftOut().isEmpty()) {
            ArrayNode leftOut = node.putArray("left_out");
            plan.leftOut()
                    .forEach(line -> leftOut.addObject()
                            .put("field", line.field())
                            .put("code", line.code())
                            .put("message", line.message()));
        }
    }

    private static Plan plan(JsonNode node) {
        if (text(node, "kind").equals(Plan.Kind.SCHEDULED.name())) {
            return Plan.scheduled(
                            OrderEventJson.terms(node.required("order")),
                            Instant.parse(text(node, "at")),
                            Instant.parse(text(node, "until")))
                    .routed(isRouted(node));
        }
        List<Leg> legs = new ArrayList<>();
        for (JsonNode leg : node.required("legs")) {
            legs.add(new Leg(
                    Leg.Role.valueOf(text(leg, "role")),
                    OrderEventJson.terms(leg.required("order")),
                    start(leg.required("start")),
                    Instant.parse(text(leg, "until")),
                    isRouted(leg)));
        }
        List<Plan.LeftOut> leftOut = new ArrayList<>();
        for (JsonNode line : node.path("left_out")) {
            leftOut.add(new Plan.LeftOut(text(line, "field"), text(line, "code"), text(line, "message")));
        }
        return new Plan(Plan.Kind.valueOf(text(node, "kind")), legs, leftOut);
    }

    /** Before version 3 an order of a parent order named its venue. */
    private static boolean isRouted(JsonNode node) {
        return node.path("routed").asBoolean(false);
    }

    private static void start(ObjectNode node, Start start) {
        switch (start) {
            case Start.At(Instant at) -> node.put("kind", "AT").put("at", at.toString());
            case Start.Now _ -> node.put("kind", "NOW");
            case Start.AtPrice(MarketSymbol symbol, Start.Direction direction, long price) ->
                node.put("kind", "AT_PRICE")
                        .put("symbol", symbol.code())
                        .put("direction", direction.name())
                        .put("price", price);
            case Start.Trailing(MarketSymbol symbol, Side side, Start.Distance distance) ->
                node.put("kind", "TRAILING")
                        .put("symbol", symbol.code())
                        .put("side", side.name())
                        .put("amount", distance.amount())
                        .put("basis_points", distance.basisPoints());
            case Start.AfterFill(OrderId order) ->
                node.put("kind", "AFTER_FILL").put("order", order.text());
        }
    }

    private static Start start(JsonNode node) {
        return switch (text(node, "kind")) {
            case "AT" -> new Start.At(Instant.parse(text(node, "at")));
            case "NOW" -> new Start.Now();
            case "AT_PRICE" ->
                new Start.AtPrice(
                        OrderEventJson.symbol(text(node, "symbol")),
                        Start.Direction.valueOf(text(node, "direction")),
                        number(node, "price"));
            case "TRAILING" ->
                new Start.Trailing(
                        OrderEventJson.symbol(text(node, "symbol")),
                        Side.valueOf(text(node, "side")),
                        new Start.Distance(
                                number(node, "amount"),
                                node.required("basis_points").intValue()));
            case "AFTER_FILL" -> new Start.AfterFill(new OrderId(text(node, "order")));
            case String kind -> throw new IllegalArgumentException("unknown start " + kind);
        };
    }

    /** Before version 2 a parent order had one order. */
    private static int leg(JsonNode node) {
        return node.path("leg").asInt(0);
    }

    private static Set<Integer> dropped(JsonNode node) {
        return node.path("dropped").valueStream().map(JsonNode::intValue).collect(Collectors.toUnmodifiableSet());
    }

    /** Before version 3 a change had no key. */
    private static Optional<KeyUse> key(JsonNode node) {
        return node.has("key") ? Optional.of(OrderEventJson.key(node)) : Optional.empty();
    }

    private static Optional<String> by(JsonNode node) {
        return node.has("by") ? Optional.of(text(node, "by")) : Optional.empty();
    }

    private static long number(JsonNode node, String name) {
        return node.required(name).longValue();
    }

    private static String text(JsonNode node, String name) {
        return node.required(name).stringValue();
    }
}
