package kr.kisgateway.gateway.stream;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.bar.Bar;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.http.ErrorAnswer;
import kr.kisgateway.gateway.interruption.StockStatus;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.TradingCalendar;

/** Every message of the stream as text; the schemas are in openapi.yaml. */
final class StreamJson {
    private StreamJson() {}

    static byte[] hello(long epoch) {
        return new JsonBuffer(64)
                .beginObject()
                .field("op", "hello")
                .field("epoch", epoch)
                .endObject()
                .toBytes();
    }

    static byte[] ack(Optional<String> id) {
        return ack(id, List.of(), true, Map.of());
    }

    /**
     * @param polled requested channels that are polled
     * @param pushes whether any requested channel is pushed
     * @param cursors last journal cursor of each account whose orders or executions are requested
     */
    static byte[] ack(Optional<String> id, List<Polled> polled, boolean pushes, Map<String, Long> cursors) {
        var json = new JsonBuffer(64 + 64 * polled.size())
                .beginObject()
                .field("op", "ack")
                .field("id", id)
                .field("mode", polled.isEmpty() ? "push" : pushes ? "mixed" : "poll");
        if (!polled.isEmpty()) {
            json.field(
                    "interval_ms",
                    polled.stream().mapToLong(Polled::intervalMs).max().orElse(0));
            json.name("polled").beginArray();
            for (var polledChannel : polled) {
                json.beginObject()
                        .field("s", polledChannel.symbol().code())
                        .field("ch", polledChannel.channel().wireName())
                        .field("interval_ms", polledChannel.intervalMs())
                        .endObject();
            }
            json.endArray();
        }
        if (!cursors.isEmpty()) {
            json.name("cursors").beginObject();
            new TreeMap<>(cursors).forEach((account, cursor) -> json.field(account, cursor.longValue()));
            json.endObject();
        }
        return json.endObject().toBytes();
    }

    /** One channel of one symbol that is polled. */
    record Polled(Channel channel, MarketSymbol symbol, long intervalMs) {}

    /** Informs a subscriber of a new delivery mode of a symbol's channel. */
    static byte[] mode(Channel channel, MarketSymbol symbol, DeliveryMode mode) {
        var json = new JsonBuffer(96)
                .beginObject()
                .field("op", "mode")
                .field("ch", channel.wireName())
                .field("s", symbol.code());
        switch (mode) {
            case DeliveryMode.Push() -> json.field("mode", "push");
            case DeliveryMode.Poll(long intervalMs) ->
                json.field("mode", "poll").field("interval_ms", intervalMs);
        }
        return json.endObject().toBytes();
    }

    static byte[] error(Optional<String> id, Refusal refusal, String traceId) {
        var json = new JsonBuffer(384)
                .beginObject()
                .field("op", "error")
                .field("id", id)
                .name("error");
        ErrorAnswer.write(json, refusal, traceId);
        return json.endObject().toBytes();
    }

    /** @param status last halt or interruption that KIS pushed */
    static byte[] quote(String code, LastTick last, Optional<StockStatus> status, long seq, boolean snapshot) {
        var trade = last.trade();
        var base = trade.price() - trade.change();
        var json = begin("quotes", code, 320).field("p", trade.price()).field("change", trade.change());
        json.field("change_pct", percent(trade.change(), base))
                .field("open", trade.open())
                .field("high", trade.high())
                .field("low", trade.low())
                .field("v", trade.volume())
                .field("turnover", trade.turnover());
        price(json, "bid", last.bestBid());
        price(json, "ask", last.bestAsk());
        if (status.filter(StockStatus::halted).isPresent()) {
            json.field("halted", true);
        }
        if (status.filter(StockStatus::interrupted).isPresent()) {
            json.field("interrupted", true);
        }
        return end(json, last.tradeAtMs(), seq, snapshot);
    }

    static byte[] trade(String code, LastTick last, long seq, boolean snapshot) {
        var trade = last.trade();
        var json = begin("trades", code, 192)
                .field("p", trade.price())
                .field("q", trade.qty())
                .field("v", trade.volume())
                .field("side", String.valueOf(trade.aggressor()))
                .field("time", clock(trade.timeOfDay()));
        return end(json, last.tradeAtMs(), seq, snapshot);
    }

    static byte[] book(String code, TimedBook timed, long seq, boolean snapshot) {
        var book = timed.book();
        var json = begin("books", code, 640).name("asks").beginArray();
        for (var level = 0; level < OrderBook.LEVELS && book.askPrice(level) > 0; level++) {
            json.beginArray()
                    .value(book.askPrice(level))
                    .value(book.askQty(level))
                    .endArray();
        }
        json.endArray().name("bids").beginArray();
        for (var level = 0; level < OrderBook.LEVELS && book.bidPrice(level) > 0; level++) {
            json.beginArray()
                    .value(book.bidPrice(level))
                    .value(book.bidQty(level))
                    .endArray();
        }
        json.endArray()
                .field("total_ask_qty", book.totalAskQty())
                .field("total_bid_qty", book.totalBidQty())
                .field("time", clock(book.timeOfDay()));
        return end(json, timed.atMs(), seq, snapshot);
    }

    static byte[] bar(Channel channel, String code, Bar bar, long seq, boolean snapshot, long tsMs) {
        var json = begin(channel.wireName(), code, 256)
                .field("ts", bar.epochSecond(TradingCalendar.SEOUL))
                .field("open", bar.open())
                .field("high", bar.high())
                .field("low", bar.low())
                .field("close", bar.close())
                .field("volume", bar.volume())
                .field("turnover", bar.turnover())
                .field("complete", bar.complete())
                .field("final", bar.closed());
        if (bar.corrected()) {
            json.field("corrected", true);
        }
        return end(json, tsMs, seq, snapshot);
    }

    /** Marks the numbers {@code from} to {@code to} as not delivered; {@code code} is empty for a channel without symbols. */
    static byte[] gap(Channel channel, String code, long from, long to, GapCause cause) {
        var json = new JsonBuffer(128).beginObject().field("ch", channel.wireName());
        if (!code.isEmpty()) {
            json.field("s", code);
        }
        return json.name("gap")
                .beginObject()
                .field("from", from)
                .field("to", to)
                .field("cause", cause.name())
                .endObject()
                .field("seq", to)
                .endObject()
                .toBytes();
    }

    static byte[] session(SessionSnapshot now, long seq, boolean snapshot, long tsMs) {
        var json = new JsonBuffer(256)
                .beginObject()
                .field("ch", "session")
                .field("state", now.state())
                .field("connected", now.connected())
                .field("last_error", now.lastError())
                .field("market", now.market());
        return end(json, tsMs, seq, snapshot);
    }

    static byte[] alert(Alert alert, long seq, boolean snapshot) {
        var json = new JsonBuffer(384)
                .beginObject()
                .field("ch", "alerts")
                .field("level", alert.level())
                .field("event", alert.event())
                .field("order_id", alert.orderId())
                .field("by", alert.by())
                .field("message", alert.message())
                .field(
                        "settled_at",
                        alert.settledAt()
                                .map(at -> at.atZone(TradingCalendar.SEOUL)
                                        .toOffsetDateTime()
                                        .toString()));
        return end(json, alert.at().toEpochMilli(), seq, snapshot);
    }

    /** Everything up to {@code to} was replayed; live events follow. */
    static byte[] resumed(Optional<String> id, String accountId, long to) {
        return new JsonBuffer(128)
                .beginObject()
                .field("op", "resumed")
                .field("id", id)
                .field("account_id", accountId)
                .field("to_seq", to)
                .endObject()
                .toBytes();
    }

    /** {@code object} with the channel and, where it lacks them, symbol, account and cursor before its members. */
    static byte[] account(Channel channel, String accountId, String symbol, long seq, boolean snapshot, String object) {
        var json = new JsonBuffer(object.length() + 128)
                .beginObject()
                .field("ch", channel.wireName())
                .field("s", symbol);
        if (!object.contains("\"seq\":")) {
            json.field("seq", seq);
        }
        if (!object.contains("\"account_id\":")) {
            json.field("account_id", accountId);
        }
        if (snapshot) {
            json.field("snapshot", true);
        }
        var rest = object.substring(object.indexOf('{') + 1).stripLeading();
        json.raw((rest.startsWith("}") ? rest : "," + rest).getBytes(StandardCharsets.UTF_8));
        return json.toBytes();
    }

    static JsonBuffer begin(String channel, String code, int expected) {
        return new JsonBuffer(expected).beginObject().field("ch", channel).field("s", code);
    }

    static byte[] end(JsonBuffer json, long tsMs, long seq, boolean snapshot) {
        json.field("ts_ms", tsMs).field("seq", seq);
        if (snapshot) {
            json.field("snapshot", true);
        }
        return json.endObject().toBytes();
    }

    private static void price(JsonBuffer json, String name, long price) {
        if (price > 0) {
            json.field(name, price);
        } else {
            json.fieldNull(name);
        }
    }

    /** {@code HHmmss} with leading zeros. */
    static String clock(int timeOfDay) {
        var text = new char[6];
        var rest = timeOfDay;
        for (var i = 5; i >= 0; i--) {
            text[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
        return new String(text);
    }

    private static BigDecimal percent(long change, long base) {
        return kr.kisgateway.gateway.quote.Quote.percent(change, base);
    }
}
