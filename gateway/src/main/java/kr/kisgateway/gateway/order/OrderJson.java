package kr.kisgateway.gateway.order;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.market.TradingCalendar;

/** Orders and executions as users read them. One form for the calls and for the stream. */
public final class OrderJson {
    /** The order as an object of its own. */
    public JsonBuffer order(Order order) {
        JsonBuffer out = new JsonBuffer(1_024);
        order(out, order);
        return out;
    }

    void order(JsonBuffer out, Order order) {
        Terms terms = order.terms();
        out.beginObject()
                .field("order_id", order.id().text())
                .field("status", order.status().outward())
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
        if (order.placing().odno().isPresent()) {
            out.field("kis_order_no", "%010d".formatted(order.placing().odno().getAsLong()));
        } else {
            out.fieldNull("kis_order_no");
        }
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

    /** An execution of {@code order}. */
    public JsonBuffer execution(Order order, Fill fill) {
        JsonBuffer out = new JsonBuffer(512);
        out.beginObject()
                .field("account_id", order.terms().accountId())
                .field("order_id", order.id().text())
                .field("symbol", order.terms().symbol().code())
                .field("side", order.terms().side().name());
        fill(out, fill);
        return out.field("order_status", order.status().outward())
                .field("filled_qty", order.filled())
                .field("ts_ms", order.updatedAt().toEpochMilli())
                .endObject();
    }

    private static void fill(JsonBuffer out, Fill fill) {
        out.field("exec_id", fill.execId())
                .field("kind", "FILL")
                .field("qty", fill.qty())
                .field("price", fill.price())
                .field("value", BigDecimal.valueOf(fill.value()))
                .field("kis_order_no", "%010d".formatted(fill.odno()))
                .field("time", fill.time() == 0 ? null : "%06d".formatted(fill.time()))
                .field("source", fill.source().name());
    }

    /** Where an order stands, in the short form of the old API. */
    JsonBuffer state(Order order) {
        return new JsonBuffer(256)
                .beginObject()
                .field("order_id", order.id().text())
                .field("status", order.status().outward())
                .field("error", order.error())
                .field("updated_at", seconds(order.updatedAt()))
                .field("attempts", (long) order.placing().attempts())
                .field("max_attempts", (long) OrderCore.MAX_ATTEMPTS)
                .field("terminal", order.status().terminal())
                .endObject();
    }

    /** An entry of an order's journal. */
    void event(JsonBuffer out, JournalEntry entry) {
        out.beginObject().field("seq", entry.seq()).field("at", at(entry.at())).field("type", entry.type());
        out.name("data").json(entry.payload().getBytes(StandardCharsets.UTF_8)).endObject();
    }

    private static BigDecimal seconds(Instant at) {
        return BigDecimal.valueOf(at.toEpochMilli(), 3).stripTrailingZeros();
    }

    private static String at(Instant at) {
        return OffsetDateTime.ofInstant(at.truncatedTo(ChronoUnit.MILLIS), TradingCalendar.SEOUL)
                .toString();
    }
}
