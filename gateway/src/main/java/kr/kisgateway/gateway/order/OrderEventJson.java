package kr.kisgateway.gateway.order;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.venue.Routing;
import kr.kisgateway.gateway.venue.VenueFigures;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.Venue;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The journal's form of order events. Every form ever written stays readable: a changed form gets a new version number
 * and a branch here, and every version stays in the golden journal of the tests.
 */
public final class OrderEventJson {
    /**
     * 2 since modifications, adopted orders and operators' decisions are recorded; 3 since these decisions record the numbers
     * that are not the order, and acceptances the worst price of a market buy; 4 since cancels record who cancelled many; 5 since
     * orders have a session and a time in force; 6 since they may be for US stocks; 7 since they may be on credit; 8 since
     * the gateway may choose their price, 9 their venue; 10 since market orders that rest are recorded.
     */
    public static final int VERSION = 11;

    private static final Markets MARKETS = Markets.standard();
    static final String FILLED = OrderEvent.Filled.class.getSimpleName();
    private static final String ACCEPTED = OrderEvent.Accepted.class.getSimpleName();
    private static final String MODIFY_REQUESTED = OrderEvent.ModifyRequested.class.getSimpleName();
    private static final String REPLACE_REQUESTED = OrderEvent.ReplaceRequested.class.getSimpleName();

    private final JsonMapper json = new JsonMapper();

    /** The journal's name for the kind of event. */
    public static String type(OrderEvent event) {
        return event.getClass().getSimpleName();
    }

    /** The payload of {@code event}. */
    public String write(OrderEvent event) {
        ObjectNode node = json.createObjectNode();
        switch (event) {
            case OrderEvent.Accepted e -> {
                terms(node, e.terms(), e.tradingDay());
                e.worstPrice().ifPresent(price -> node.put("worst_price", price));
                key(node, e.key());
            }
            case OrderEvent.Adopted e -> {
                terms(node, e.terms(), e.tradingDay());
                node.put("org_no", e.orgNo()).put("odno", e.odno()).put("broker_time", e.brokerTime());
            }
            case OrderEvent.SendStarted e -> {
                node.put("request", e.request()).put("attempt", e.attempt()).put("target", e.target());
                var excluded = node.putArray("odnos_known");
                e.excludedOdnos().forEach(excluded::add);
            }
            case OrderEvent.SendAbandoned e -> node.put("request", e.request()).put("reason", e.reason());
            case OrderEvent.SendNotTaken e -> putReply(node, e.request(), e.code(), e.message());
            case OrderEvent.SendInDoubt e -> putReply(node, e.request(), e.code(), e.message());
            case OrderEvent.BrokerAccepted e ->
                node.put("request", e.request())
                        .put("org_no", e.orgNo())
                        .put("odno", e.odno())
                        .put("broker_time", e.brokerTime())
                        .put("matched_by", e.matchedBy().name());
            case OrderEvent.BrokerRefused e -> putReply(node, e.request(), e.code(), e.message());
            case OrderEvent.LateAcceptance e ->
                node.put("request", e.request())
                        .put("org_no", e.orgNo())
                        .put("odno", e.odno())
                        .put("broker_time", e.brokerTime());
            case OrderEvent.ModifiedOutside e -> {
                node.put("org_no", e.orgNo())
                        .put("odno", e.odno())
                        .put("qty", e.qty())
                        .put("broker_time", e.brokerTime());
                e.price().ifPresent(price -> node.put("price", price));
            }
            case OrderEvent.ModifyRequested e -> {
                e.qty().ifPresent(qty -> node.put("qty", qty));
                e.price().ifPresent(price -> node.put("price", price));
                ArrayNode requests = node.putArray("requests");
                e.planned().forEach(planned -> planned(requests.addObject(), planned));
                key(node.put("by", e.sendBy().toString()), e.key());
            }
            case OrderEvent.ReplaceRequested e -> {
                node.put("request", e.request())
                        .put("successor", e.successor().text())
                        .put("qty", e.qty());
                e.price().ifPresent(price -> node.put("price", price));
                key(node.put("by", e.placeBy().toString()), e.key());
            }
            case OrderEvent.ReplaceEnded e -> {
                node.put("outcome", e.outcome().name()).put("reason", e.reason());
                e.key().ifPresent(key -> key(node, key));
            }
            case OrderEvent.Reduced e ->
                node.put("request", e.request()).put("odno", e.odno()).put("qty", e.qty());
            case OrderEvent.Resolved e -> {
                node.put("request", e.request()).put("decision", e.decision());
                e.note().ifPresent(note -> node.put("note", note));
                if (!e.excludedOdnos().isEmpty()) {
                    var numbers = node.putArray("not_it");
                    e.excludedOdnos().forEach(numbers::add);
                }
                key(node, e.key());
            }
            case OrderEvent.Corrected e ->
                node.put("internal_status", e.internal().name())
                        .put("broker", e.broker())
                        .put("corrected_status", e.corrected().name())
                        .put("filled_before", e.filledBefore())
                        .put("filled_after", e.filledAfter());
            case OrderEvent.FoundResting e ->
                node.put("rested_ms", e.rested().toMillis()).put("filled", e.filled());
            case OrderEvent.Filled e -> {
                Fill fill = e.fill();
                node.put("noticed", e.noticedQty())
                        .put("noticed_value", e.noticedValue())
                        .put("exec_id", fill.execId())
                        .put("odno", fill.odno())
                        .put("qty", fill.qty())
                        .put("value", fill.value())
                        .put("time", fill.time())
                        .put("source", fill.source().name());
                fill.venue().ifPresent(venue -> node.put("traded_at", venue.name()));
            }
            case OrderEvent.CancelRequested e -> {
                key(node.put("request", e.request()), e.key());
                e.by().ifPresent(by -> node.put("by", by));
            }
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
     * The event of {@code entry}.
     *
     * @throws JournalException when its type or version is unknown to this release
     */
    public OrderEvent read(JournalEntry entry) {
        if (entry.version() > VERSION) {
            throw new JournalException("journal entry " + entry.stream() + "/" + entry.seq() + " has version "
                    + entry.version() + " of " + entry.type() + ", which this release does not support");
        }
        try {
            return read(new OrderId(entry.subject()), entry.type(), json.readTree(entry.payload()));
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw new JournalException("journal entry " + entry.stream() + "/" + entry.seq() + " cannot be read", e);
        }
    }

    private static OrderEvent read(OrderId id, String type, JsonNode node) {
        return switch (type) {
            case "Accepted" ->
                new OrderEvent.Accepted(
                        id,
                        terms(node),
                        key(node),
                        LocalDate.parse(text(node, "trading_day")),
                        optional(node, "worst_price")); // absent before version 3
            case "SendStarted" ->
                new OrderEvent.SendStarted(
                        id,
                        integer(node, "request"),
                        integer(node, "attempt"),
                        numbers(node.required("odnos_known")),
                        node.has("target") ? number(node, "target") : 0); // absent in version 1
            case "Adopted" ->
                new OrderEvent.Adopted(
                        id,
                        terms(node),
                        LocalDate.parse(text(node, "trading_day")),
                        text(node, "org_no"),
                        number(node, "odno"),
                        text(node, "broker_time"));
            case "LateAcceptance" ->
                new OrderEvent.LateAcceptance(
                        id,
                        integer(node, "request"),
                        text(node, "org_no"),
                        number(node, "odno"),
                        text(node, "broker_time"));
            case "ModifiedOutside" ->
                new OrderEvent.ModifiedOutside(
                        id,
                        text(node, "org_no"),
                        number(node, "odno"),
                        number(node, "qty"),
                        optional(node, "price"),
                        text(node, "broker_time"));
            case "ModifyRequested" -> {
                List<OrderEvent.PlannedRequest> planned = new ArrayList<>();
                node.required("requests").forEach(n -> planned.add(planned(n)));
                yield new OrderEvent.ModifyRequested(
                        id,
                        optional(node, "qty"),
                        optional(node, "price"),
                        planned,
                        Instant.parse(text(node, "by")),
                        key(node));
            }
            case "ReplaceRequested" ->
                new OrderEvent.ReplaceRequested(
                        id,
                        integer(node, "request"),
                        new OrderId(text(node, "successor")),
                        number(node, "qty"),
                        optional(node, "price"),
                        Instant.parse(text(node, "by")),
                        key(node));
            case "ReplaceEnded" ->
                new OrderEvent.ReplaceEnded(
                        id,
                        Replacement.Outcome.valueOf(text(node, "outcome")),
                        text(node, "reason"),
                        node.has("key") ? Optional.of(key(node)) : Optional.empty());
            case "Reduced" ->
                new OrderEvent.Reduced(id, integer(node, "request"), number(node, "odno"), number(node, "qty"));
            case "Resolved" ->
                new OrderEvent.Resolved(
                        id,
                        integer(node, "request"),
                        text(node, "decision"),
                        node.has("note") ? Optional.of(text(node, "note")) : Optional.empty(),
                        numbers(node.path("not_it")), // absent before version 3
                        key(node));
            case "Corrected" ->
                new OrderEvent.Corrected(
                        id,
                        OrderStatus.valueOf(text(node, "internal_status")),
                        text(node, "broker"),
                        OrderStatus.valueOf(text(node, "corrected_status")),
                        number(node, "filled_before"),
                        number(node, "filled_after"));
            case "FoundResting" ->
                new OrderEvent.FoundResting(id, Duration.ofMillis(number(node, "rested_ms")), number(node, "filled"));
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
                                Fill.Source.valueOf(text(node, "source")),
                                node.has("traded_at") // absent before version 11, and of what a query showed
                                        ? Optional.of(Venue.valueOf(text(node, "traded_at")))
                                        : Optional.empty()));
            case "CancelRequested" ->
                new OrderEvent.CancelRequested(id, integer(node, "request"), key(node), by(node)); // absent before 4
            case "Canceled" -> new OrderEvent.Canceled(id, number(node, "qty"), text(node, "reason"));
            case "Expired" -> new OrderEvent.Expired(id, text(node, "reason"));
            case "Rejected" -> new OrderEvent.Rejected(id, text(node, "code"), text(node, "message"));
            case "Unresolved" ->
                new OrderEvent.Unresolved(
                        id, integer(node, "request"), integer(node, "candidates"), text(node, "reason"));
            default -> throw new IllegalArgumentException("unknown event " + type);
        };
    }

    /** Writes the terms of an order, as every event has them. */
    public static void terms(ObjectNode node, Terms terms, LocalDate tradingDay) {
        node.put("account", terms.accountId())
                .put("symbol", terms.symbol().code())
                .put("side", terms.side().name())
                .put("qty", terms.qty())
                .put("type", terms.kind().type().name())
                .put("session", terms.kind().session().name())
                .put("time_in_force", terms.kind().timeInForce().name())
                .put("venue", terms.venue().name())
                .put("dispatch_by", terms.dispatchBy().toString())
                .put("trading_day", tradingDay.toString());
        terms.price().ifPresent(price -> node.put("price", price));
        terms.stopPrice().ifPresent(price -> node.put("stop_price", price));
        terms.strategyId().ifPresent(strategy -> node.put("strategy", strategy));
        terms.credit()
                .ifPresent(credit -> node.put("credit_type", credit.type().name())
                        .put("loan_date", credit.loanDate().toString()));
        terms.pricing()
                .ifPresent(policy -> node.putObject("pricing")
                        .put("offset", policy.isOffset())
                        .put("after_ms", policy.after().toMillis())
                        .put("max", policy.max()));
        terms.routing().ifPresent(routing -> {
            ObjectNode chosen =
                    node.putObject("routing").put("reason", routing.reason().name());
            venue(chosen.putObject("krx"), routing.krx());
            venue(chosen.putObject("nxt"), routing.nxt());
        });
    }

    private static void venue(ObjectNode node, VenueFigures venue) {
        node.put("accepts", venue.accepts()).put("halted", venue.halted());
        venue.volume().ifPresent(volume -> node.put("volume", volume));
        venue.best().ifPresent(price -> node.put("best", price));
        venue.answerMillis().ifPresent(millis -> node.put("answer_ms", millis));
        venue.refusal().ifPresent(code -> node.put("refusal", code));
    }

    private static void planned(ObjectNode node, OrderEvent.PlannedRequest planned) {
        node.put("request", planned.request())
                .put("kind", planned.kind().name())
                .put("qty", planned.qty());
        planned.price().ifPresent(price -> node.put("price", price));
    }

    private static OrderEvent.PlannedRequest planned(JsonNode node) {
        return new OrderEvent.PlannedRequest(
                integer(node, "request"),
                BrokerRequest.Kind.valueOf(text(node, "kind")),
                number(node, "qty"),
                optional(node, "price"));
    }

    private static List<Long> numbers(JsonNode array) {
        List<Long> numbers = new ArrayList<>();
        array.forEach(n -> numbers.add(n.longValue()));
        return numbers;
    }

    private static OptionalLong optional(JsonNode node, String name) {
        return node.has(name) ? OptionalLong.of(number(node, name)) : OptionalLong.empty();
    }

    /** The symbol of a payload. */
    public static MarketSymbol symbol(String text) {
        return MARKETS.parse(text).orElseThrow(() -> new IllegalArgumentException("not a symbol: " + text));
    }

    /** The terms of an order. */
    public static Terms terms(JsonNode node) {
        return new Terms(
                text(node, "account"),
                symbol(text(node, "symbol")),
                Side.valueOf(text(node, "side")),
                number(node, "qty"),
                kind(node),
                optional(node, "price"),
                optional(node, "stop_price"),
                Venue.valueOf(text(node, "venue")),
                node.has("strategy") ? Optional.of(text(node, "strategy")) : Optional.empty(),
                Instant.parse(text(node, "dispatch_by")),
                credit(node),
                pricing(node),
                routing(node));
    }

    /** Absent where the caller chooses the venue, and before version 9. */
    private static Optional<Routing> routing(JsonNode node) {
        JsonNode routing = node.path("routing");
        return routing.isMissingNode()
                ? Optional.empty()
                : Optional.of(new Routing(
                        Routing.Reason.valueOf(text(routing, "reason")),
                        venue(routing.required("krx")),
                        venue(routing.required("nxt"))));
    }

    private static VenueFigures venue(JsonNode node) {
        return new VenueFigures(
                node.required("accepts").booleanValue(),
                node.required("halted").booleanValue(),
                optional(node, "volume"),
                optional(node, "best"),
                optional(node, "answer_ms"),
                node.has("refusal") ? Optional.of(text(node, "refusal")) : Optional.empty());
    }

    /** Absent where the caller chooses the price, and before version 8. */
    private static Optional<PricePolicy> pricing(JsonNode node) {
        JsonNode policy = node.path("pricing");
        return policy.isMissingNode()
                ? Optional.empty()
                : Optional.of(new PricePolicy(
                        policy.path("offset").booleanValue(),
                        Duration.ofMillis(number(policy, "after_ms")),
                        integer(policy, "max")));
    }

    /** Absent of orders in cash, and before version 7. */
    private static Optional<Credit> credit(JsonNode node) {
        return node.has("credit_type")
                ? Optional.of(new Credit(
                        CreditType.valueOf(text(node, "credit_type")), LocalDate.parse(text(node, "loan_date"))))
                : Optional.empty();
    }

    private static OrderKind kind(JsonNode node) {
        var type = OrderType.valueOf(text(node, "type"));
        return node.has("session")
                ? new OrderKind(
                        type,
                        OrderSession.valueOf(text(node, "session")),
                        TimeInForce.valueOf(text(node, "time_in_force")))
                : OrderKind.regular(type); // absent before version 5
    }

    /** An entry of an order's journal as the API answers it. */
    kr.kisgateway.api.order.OrderEvent answer(JournalEntry entry) {
        var stored = (ObjectNode) json.readTree(entry.payload());
        boolean modifies = hasDeadlineAsBy(entry.type());
        Optional<String> by = Optional.of(stored)
                .filter(_ -> !modifies)
                .flatMap(OrderEventJson::by)
                .or(() -> stored.has("scope") ? Optional.of(key(stored).principal()) : Optional.empty());
        return new kr.kisgateway.api.order.OrderEvent(
                entry.seq(), ApiValues.timeMillis(entry.at()), entry.type(), by, forReaders(entry.type(), stored));
    }

    /**
     * The journal stores the time of a fill as a number, in which 090501 lost its zero, and the send deadline of a
     * modification as {@code by}, in UTC like that of the order; both are written here for readers, in Seoul's time.
     */
    private static ObjectNode forReaders(String type, ObjectNode data) {
        if (hasDeadlineAsBy(type)) {
            by(data).ifPresent(by -> data.put("dispatch_by", seoul(by)));
            data.remove("by");
        } else if (type.equals(ACCEPTED)) {
            data.put("dispatch_by", seoul(data.path("dispatch_by").asString("")));
        } else if (type.equals(FILLED)) {
            data.put("time", OrderAnswers.time(data.path("time").asInt(0)));
        }
        return data;
    }

    /** Whether {@code by} of an event is a time, not a caller. */
    private static boolean hasDeadlineAsBy(String type) {
        return type.equals(MODIFY_REQUESTED) || type.equals(REPLACE_REQUESTED);
    }

    private static String seoul(String at) {
        return ApiJson.time(ApiValues.timeMillis(Instant.parse(at)));
    }

    /** Writes the use of a key. */
    public static void key(ObjectNode node, KeyUse key) {
        node.put("scope", key.scope()).put("key", key.key()).put("hash", key.hash());
    }

    /** The use of a key. */
    public static KeyUse key(JsonNode node) {
        return new KeyUse(text(node, "scope"), text(node, "key"), text(node, "hash"));
    }

    /** Name of the API key that caused it, where the payload has one. */
    static Optional<String> by(JsonNode node) {
        return node.has("by") ? Optional.of(text(node, "by")) : Optional.empty();
    }

    private static void putReply(ObjectNode node, int request, String code, String message) {
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
