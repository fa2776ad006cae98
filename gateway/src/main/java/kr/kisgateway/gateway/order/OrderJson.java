package kr.kisgateway.gateway.order;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.market.TradingCalendar;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Orders and executions in the form of the API. One form for the calls and for the stream. */
public final class OrderJson {
    private static final String FILLED = OrderEvent.Filled.class.getSimpleName();
    private static final String ACCEPTED = OrderEvent.Accepted.class.getSimpleName();
    private static final String MODIFY_REQUESTED = OrderEvent.ModifyRequested.class.getSimpleName();

    private final JsonMapper mapper = new JsonMapper();

    /** The order as a JSON object. */
    public JsonBuffer order(Order order) {
        JsonBuffer out = new JsonBuffer(1_024);
        order(out, order);
        return out;
    }

    void order(JsonBuffer out, Order order) {
        order(out, order, Optional.empty());
    }

    /** @param candidates the broker numbers that it may be, for an operator who has to decide */
    void order(JsonBuffer out, Order order, List<Long> candidates) {
        order(out, order, order.status() == OrderStatus.UNKNOWN ? Optional.of(candidates) : Optional.empty());
    }

    private void order(JsonBuffer out, Order order, Optional<List<Long>> candidates) {
        Terms terms = order.terms();
        out.beginObject()
                .field("order_id", order.id().text())
                .field("status", order.status().publicName())
                .field("error", order.error())
                .field("updated_at", seconds(order.updatedAt()))
                .field("account_id", terms.accountId())
                .field("symbol", terms.symbol().code())
                .field("side", terms.side().name())
                .field("qty", terms.qty())
                .field("order_type", terms.type().name())
                .field("price", terms.price())
                .field("venue", terms.venue().name())
                .field("strategy_id", terms.strategyId())
                .field("filled_qty", order.filled())
                .field("remaining_qty", order.remaining())
                .field("avg_price", order.averagePrice().orElse(null));
        out.field("kis_order_no", number(order))
                .field("external", order.external())
                .field(
                        "by",
                        order.external()
                                ? Optional.empty()
                                : Optional.of(order.key().principal()));
        if (order.lastChange().isPresent()) {
            Order.Change change = order.lastChange().get();
            out.name("last_change")
                    .beginObject()
                    .field("kind", change.kind().name())
                    .field("by", change.by())
                    .field("at", at(change.at()))
                    .endObject();
        } else {
            out.fieldNull("last_change");
        }
        out.name("kis_order_nos").beginArray();
        order.brokerRefs().forEach(ref -> out.value(padded(ref.odno())));
        out.endArray();
        candidates.ifPresent(numbers -> {
            out.name("candidates").beginArray();
            numbers.forEach(number -> out.value(padded(number)));
            out.endArray();
        });
        out.field("reason", order.reason())
                .field("idempotency_key", order.key().key())
                .field("trading_day", order.tradingDay().toString())
                .field("created_at", at(order.createdAt()))
                .field("dispatch_by", at(terms.dispatchBy()))
                .field("seq", order.seq());
        out.name("fills").beginArray();
        for (Fill fill : order.fills()) {
            out.beginObject();
            fill(out, fill);
            out.endObject();
        }
        out.endArray().endObject();
    }

    /** The broker's number under which the order rests, or rested last. */
    private static Optional<String> number(Order order) {
        return order.liveRef()
                .or(() -> order.brokerRefs().isEmpty()
                        ? Optional.empty()
                        : Optional.of(order.brokerRefs().getLast()))
                .map(ref -> padded(ref.odno()));
    }

    private static String padded(long odno) {
        return "%010d".formatted(odno);
    }

    /** An execution of {@code order}. */
    public JsonBuffer execution(Order order, Fill fill) {
        JsonBuffer out = new JsonBuffer(512);
        out.beginObject()
                .field("account_id", order.terms().accountId())
                .field("order_id", order.id().text())
                .field("symbol", order.terms().symbol().code())
                .field("side", order.terms().side().name());
        fill(out, fill);
        return out.field("order_status", order.status().publicName())
                .field("filled_qty", order.filled())
                .field("ts_ms", order.updatedAt().toEpochMilli())
                .endObject();
    }

    private static void fill(JsonBuffer out, Fill fill) {
        out.field("exec_id", fill.execId())
                .field("kind", fill.source() == Fill.Source.NOTICE ? "FILL" : "CORRECTION")
                .field("qty", fill.qty())
                .field("price", fill.price())
                .field("value", BigDecimal.valueOf(fill.value()))
                .field("kis_order_no", padded(fill.odno()))
                .field("time", time(fill.time()))
                .field("source", fill.source().name());
    }

    /** The order's status in the short form of the old API. */
    JsonBuffer state(Order order) {
        return new JsonBuffer(256)
                .beginObject()
                .field("order_id", order.id().text())
                .field("status", order.status().publicName())
                .field("error", order.error())
                .field("updated_at", seconds(order.updatedAt()))
                .field("attempts", (long) order.placing().attempts())
                .field("max_attempts", (long) OrderCore.MAX_ATTEMPTS)
                .field("terminal", order.status().isTerminal())
                .endObject();
    }

    /** The answer to a request that was accepted. */
    static JsonBuffer accepted(Answer.Accepted accepted) {
        JsonBuffer out = new JsonBuffer(160).beginObject();
        accepted(out, accepted);
        return out.endObject();
    }

    private static void accepted(JsonBuffer out, Answer.Accepted accepted) {
        out.field("order_id", accepted.order().text())
                .field("status", accepted.status())
                .field("idempotency_key", accepted.key());
    }

    /** The answer to one order of a batch. */
    static void writeBatchAnswer(JsonBuffer out, Answer answer) {
        out.beginObject();
        switch (answer) {
            case Answer.Accepted accepted -> {
                accepted(out, accepted);
                out.field("replay", accepted.replay());
            }
            case Answer.Refused(Refusal refusal) -> {
                out.fieldNull("order_id")
                        .field("status", "REFUSED")
                        .field("code", refusal.code().name())
                        .field("message", refusal.message())
                        .field("retryable", refusal.code().retryable())
                        .name("details")
                        .tree(refusal.details());
            }
            default -> throw new IllegalStateException("no answer of a batch: " + answer);
        }
        out.endObject();
    }

    /** The orders for which a cancel was requested. */
    static JsonBuffer cancelledAll(Answer.CancelledAll all) {
        JsonBuffer out = new JsonBuffer(1_024).beginObject().field("count", (long)
                all.orders().size());
        out.name("orders").beginArray();
        for (OrderId id : all.orders()) {
            out.beginObject()
                    .field("order_id", id.text())
                    .field("status", KeyUse.Kind.CANCEL.acceptedStatus())
                    .endObject();
        }
        return out.endArray().endObject();
    }

    /** The result of a reconciliation. */
    static JsonBuffer report(Answer.Reconciled report) {
        JsonBuffer out = new JsonBuffer(1_024)
                .beginObject()
                .field("checked", report.checked())
                .field("mismatched", report.mismatched())
                .field("updated", report.corrected())
                .field("corrected", report.corrected())
                .field("adopted", report.adopted());
        out.name("events").beginArray();
        for (OrderEffect.Correction correction : report.corrections()) {
            out.beginObject()
                    .field("order_id", correction.order().text())
                    .field("internal_status", correction.internal().publicName())
                    .field("broker_status", correction.broker())
                    .field("corrected_status", correction.corrected().publicName())
                    .field("ts", seconds(correction.at()))
                    .endObject();
        }
        return out.endArray().endObject();
    }

    /** An entry of an order's journal. */
    void event(JsonBuffer out, JournalEntry entry) {
        out.beginObject()
                .field("seq", entry.seq())
                .field("at", at(entry.at()))
                .field("type", entry.type())
                .field("by", by(entry));
        out.name("data").json(data(entry).getBytes(StandardCharsets.UTF_8)).endObject();
    }

    /** Name of the API key of the call: from the event itself, or from the scope of its idempotency key. */
    private Optional<String> by(JournalEntry entry) {
        JsonNode data = mapper.readTree(entry.payload());
        return Optional.of(data)
                .filter(_ -> !entry.type().equals(MODIFY_REQUESTED))
                .flatMap(OrderEventJson::by)
                .or(() ->
                        data.has("scope") ? Optional.of(OrderEventJson.key(data).principal()) : Optional.empty());
    }

    /**
     * The journal stores the time of a fill as a number, in which 090501 lost its zero, and the send deadline of a
     * modification as {@code by}, in UTC like that of the order; both are written here for readers, in Seoul's time.
     */
    private String data(JournalEntry entry) {
        if (entry.type().equals(MODIFY_REQUESTED)) {
            ObjectNode data = (ObjectNode) mapper.readTree(entry.payload());
            OrderEventJson.by(data).ifPresent(by -> data.put("dispatch_by", at(Instant.parse(by))));
            data.remove("by");
            return mapper.writeValueAsString(data);
        }
        if (entry.type().equals(ACCEPTED)) {
            ObjectNode data = (ObjectNode) mapper.readTree(entry.payload());
            data.put("dispatch_by", at(Instant.parse(data.path("dispatch_by").asString(""))));
            return mapper.writeValueAsString(data);
        }
        if (!entry.type().equals(FILLED)) {
            return entry.payload();
        }
        ObjectNode data = (ObjectNode) mapper.readTree(entry.payload());
        data.put("time", time(data.path("time").asInt(0)));
        return mapper.writeValueAsString(data);
    }

    private static @Nullable String time(int hhmmss) {
        return hhmmss == 0 ? null : "%06d".formatted(hhmmss);
    }

    private static BigDecimal seconds(Instant at) {
        return BigDecimal.valueOf(at.toEpochMilli(), 3).stripTrailingZeros();
    }

    static String at(Instant at) {
        return OffsetDateTime.ofInstant(at.truncatedTo(ChronoUnit.MILLIS), TradingCalendar.SEOUL)
                .toString();
    }
}
