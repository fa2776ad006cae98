package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The form in which the journal keeps order events. What was once written must be readable forever: a changed form
 * gets a new version number and a branch here, and every version stays in the golden journal of the tests.
 */
public final class OrderEventJson {
    /** The version that is written. */
    public static final int VERSION = 1;

    private final JsonMapper json = new JsonMapper();

    /** The journal's name for the kind of event. */
    public static String type(OrderEvent event) {
        return event.getClass().getSimpleName();
    }

    /** The payload that keeps {@code event}. */
    public String write(OrderEvent event) {
        ObjectNode node = json.createObjectNode();
        switch (event) {
            case OrderEvent.Accepted e -> {
                Terms terms = e.terms();
                node.put("account", terms.accountId())
                        .put("symbol", terms.symbol().code())
                        .put("side", terms.side().name())
                        .put("qty", terms.qty())
                        .put("type", terms.type().name())
                        .put("venue", terms.venue().name())
                        .put("dispatch_by", terms.dispatchBy().toString())
                        .put("trading_day", e.tradingDay().toString());
                terms.price().ifPresent(price -> node.put("price", price));
                terms.strategyId().ifPresent(strategy -> node.put("strategy", strategy));
                key(node, e.key());
            }
            case OrderEvent.SendStarted e -> {
                node.put("request", e.request()).put("attempt", e.attempt());
                var known = node.putArray("odnos_known");
                e.odnosKnown().forEach(known::add);
            }
            case OrderEvent.SendAbandoned e -> node.put("request", e.request()).put("reason", e.reason());
            case OrderEvent.SendNotTaken e -> said(node, e.request(), e.code(), e.message());
            case OrderEvent.SendInDoubt e -> said(node, e.request(), e.code(), e.message());
            case OrderEvent.BrokerAccepted e ->
                node.put("request", e.request())
                        .put("org_no", e.orgNo())
                        .put("odno", e.odno())
                        .put("broker_time", e.brokerTime())
                        .put("matched_by", e.matchedBy().name());
            case OrderEvent.BrokerRefused e -> said(node, e.request(), e.code(), e.message());
            case OrderEvent.Filled e -> {
                Fill fill = e.fill();
                node.put("noticed", e.noticed())
                        .put("noticed_value", e.noticedValue())
                        .put("exec_id", fill.execId())
                        .put("odno", fill.odno())
                        .put("qty", fill.qty())
                        .put("value", fill.value())
                        .put("time", fill.time())
                        .put("source", fill.source().name());
            }
            case OrderEvent.CancelRequested e -> key(node.put("request", e.request()), e.key());
            case OrderEvent.Canceled e -> node.put("qty", e.qty()).put("reason", e.reason());
            case OrderEvent.Expired e -> node.put("reason", e.reason());
            case OrderEvent.Rejected e -> node.put("code", e.code()).put("message", e.message());
            case OrderEvent.Unresolved e ->
                node.put("request", e.request())
                        .put("candidates", e.candidates())
                        .put("reason", e.reason());
        }
        return json.writeValueAsString(node);
    }

    /**
     * The event that {@code entry} keeps.
     *
     * @throws JournalException when this release does not know its type or version
     */
    public OrderEvent read(JournalEntry entry) {
        if (entry.version() != VERSION) {
            throw new JournalException("journal entry " + entry.stream() + "/" + entry.seq() + " has version "
                    + entry.version() + " of " + entry.type() + ", which this release does not know");
        }
        try {
            return read(new OrderId(entry.subject()), entry.type(), json.readTree(entry.payload()));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new JournalException("journal entry " + entry.stream() + "/" + entry.seq() + " cannot be read", e);
        }
    }

    private static OrderEvent read(OrderId id, String type, JsonNode node) {
        return switch (type) {
            case "Accepted" ->
                new OrderEvent.Accepted(id, terms(node), key(node), LocalDate.parse(text(node, "trading_day")));
            case "SendStarted" -> {
                List<Long> known = new ArrayList<>();
                node.required("odnos_known").forEach(n -> known.add(n.longValue()));
                yield new OrderEvent.SendStarted(id, integer(node, "request"), integer(node, "attempt"), known);
            }
            case "SendAbandoned" -> new OrderEvent.SendAbandoned(id, integer(node, "request"), text(node, "reason"));
            case "SendNotTaken" ->
                new OrderEvent.SendNotTaken(id, integer(node, "request"), text(node, "code"), text(node, "message"));
            case "SendInDoubt" ->
                new OrderEvent.SendInDoubt(id, integer(node, "request"), text(node, "code"), text(node, "message"));
            case "BrokerAccepted" ->
                new OrderEvent.BrokerAccepted(
                        id,
                        integer(node, "request"),
                        text(node, "org_no"),
                        number(node, "odno"),
                        text(node, "broker_time"),
                        OrderEvent.MatchedBy.valueOf(text(node, "matched_by")));
            case "BrokerRefused" ->
                new OrderEvent.BrokerRefused(id, integer(node, "request"), text(node, "code"), text(node, "message"));
            case "Filled" ->
                new OrderEvent.Filled(
                        id,
                        number(node, "noticed"),
                        number(node, "noticed_value"),
                        new Fill(
                                text(node, "exec_id"),
                                number(node, "odno"),
                                number(node, "qty"),
                                number(node, "value"),
                                integer(node, "time"),
                                Fill.Source.valueOf(text(node, "source"))));
            case "CancelRequested" -> new OrderEvent.CancelRequested(id, integer(node, "request"), key(node));
            case "Canceled" -> new OrderEvent.Canceled(id, number(node, "qty"), text(node, "reason"));
            case "Expired" -> new OrderEvent.Expired(id, text(node, "reason"));
            case "Rejected" -> new OrderEvent.Rejected(id, text(node, "code"), text(node, "message"));
            case "Unresolved" ->
                new OrderEvent.Unresolved(
                        id, integer(node, "request"), integer(node, "candidates"), text(node, "reason"));
            default -> throw new IllegalArgumentException("unknown event " + type);
        };
    }

    private static Terms terms(JsonNode node) {
        return new Terms(
                text(node, "account"),
                new Symbol(text(node, "symbol")),
                Side.valueOf(text(node, "side")),
                number(node, "qty"),
                OrderType.valueOf(text(node, "type")),
                node.has("price") ? OptionalLong.of(number(node, "price")) : OptionalLong.empty(),
                Venue.valueOf(text(node, "venue")),
                node.has("strategy") ? Optional.of(text(node, "strategy")) : Optional.empty(),
                Instant.parse(text(node, "dispatch_by")));
    }

    private static void key(ObjectNode node, KeyUse key) {
        node.put("scope", key.scope()).put("key", key.key()).put("hash", key.hash());
    }

    private static KeyUse key(JsonNode node) {
        return new KeyUse(text(node, "scope"), text(node, "key"), text(node, "hash"));
    }

    private static void said(ObjectNode node, int request, String code, String message) {
        node.put("request", request).put("code", code).put("message", message);
    }

    private static String text(JsonNode node, String name) {
        return node.required(name).stringValue();
    }

    private static long number(JsonNode node, String name) {
        return node.required(name).longValue();
    }

    private static int integer(JsonNode node, String name) {
        return node.required(name).intValue();
    }
}
