package kr.kisgateway.gateway.stream;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.stream.StreamAck;
import kr.kisgateway.api.stream.StreamAlert;
import kr.kisgateway.api.stream.StreamError;
import kr.kisgateway.api.stream.StreamGap;
import kr.kisgateway.api.stream.StreamHello;
import kr.kisgateway.api.stream.StreamMode;
import kr.kisgateway.api.stream.StreamResumed;
import kr.kisgateway.api.stream.StreamSession;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.bar.LiveBar;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.http.ErrorAnswer;
import kr.kisgateway.gateway.interruption.StockStatus;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.VenueSymbol;

/**
 * Every message of the stream as text. Values of the market are written by hand, because each is encoded for thousands of
 * symbols many times a second; all other messages are the records of the API.
 */
final class StreamJson {
    private StreamJson() {}

    static byte[] hello(long epoch) {
        return ApiJson.bytes(new StreamHello("hello", epoch));
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
        return ApiJson.bytes(new StreamAck(
                "ack",
                id,
                polled.isEmpty() ? "push" : pushes ? "mixed" : "poll",
                polled.stream().mapToLong(Polled::intervalMs).max(),
                Optional.of(polled.stream()
                                .map(it -> new StreamAck.PolledChannel(
                                        it.symbol().listed().code(),
                                        VenueSymbol.venueOf(it.symbol()),
                                        it.channel().wireName(),
                                        it.intervalMs()))
                                .toList())
                        .filter(list -> !list.isEmpty()),
                Optional.<Map<String, Long>>of(new TreeMap<>(cursors)).filter(map -> !map.isEmpty())));
    }

    /** One channel of one symbol that is polled. */
    record Polled(Channel channel, MarketSymbol symbol, long intervalMs) {}

    /** Informs a subscriber of a new delivery mode of a symbol's channel. */
    static byte[] mode(Channel channel, MarketSymbol symbol, DeliveryMode mode) {
        var interval =
                mode instanceof DeliveryMode.Poll(long intervalMs) ? OptionalLong.of(intervalMs) : OptionalLong.empty();
        return ApiJson.bytes(new StreamMode(
                "mode",
                channel.wireName(),
                symbol.listed().code(),
                VenueSymbol.venueOf(symbol),
                interval.isPresent() ? "poll" : "push",
                interval));
    }

    static byte[] error(Optional<String> id, Refusal refusal, String traceId) {
        return ApiJson.bytes(new StreamError("error", id, ErrorAnswer.of(refusal, traceId)));
    }

    /** @param status last halt or interruption that KIS pushed */
    static byte[] quote(Subject subject, LastTick last, Optional<StockStatus> status, long seq, boolean snapshot) {
        var trade = last.trade();
        var currency = trade.symbol().market().currency();
        var base = trade.price() - trade.change();
        var json = begin("quotes", subject, 320)
                .amount("p", currency, trade.price())
                .amount("change", currency, trade.change())
                .field("change_pct", percent(trade.change(), base));
        if (isKorean(trade)) {
            json.field("open", trade.open()).field("high", trade.high()).field("low", trade.low());
        } else {
            price(json, "open", currency, trade.open());
            price(json, "high", currency, trade.high());
            price(json, "low", currency, trade.low());
        }
        json.field("v", trade.volume()).amount("turnover", currency, trade.turnover());
        price(json, "bid", currency, last.bestBid());
        price(json, "ask", currency, last.bestAsk());
        if (!isKorean(trade)) {
            json.field("feed", last.feed().map(PushFeed::wireName));
        }
        if (status.filter(StockStatus::halted).isPresent()) {
            json.field("halted", true);
        }
        if (status.filter(StockStatus::interrupted).isPresent()) {
            json.field("interrupted", true);
        }
        return end(json, last.tradeAtMs(), seq, snapshot);
    }

    private static boolean isKorean(Trade trade) {
        return trade.symbol().market().equals(Market.KOREA);
    }

    static byte[] trade(Subject subject, LastTick last, long seq, boolean snapshot) {
        var trade = last.trade();
        var json = begin("trades", subject, 192)
                .amount("p", trade.symbol().market().currency(), trade.price())
                .field("q", trade.qty())
                .field("v", trade.volume());
        if (isKorean(trade)) {
            json.field("side", String.valueOf(trade.aggressor()));
        }
        json.field("time", clock(trade.timeOfDay()));
        if (!isKorean(trade)) {
            json.field("feed", last.feed().map(PushFeed::wireName));
        }
        return end(json, last.tradeAtMs(), seq, snapshot);
    }

    static byte[] book(Subject subject, LastBook last, long seq, boolean snapshot) {
        var book = last.book();
        var currency = book.symbol().market().currency();
        var json = begin("books", subject, 640).name("asks").beginArray();
        for (var level = 0; level < OrderBook.LEVELS && book.askPrice(level) > 0; level++) {
            json.beginArray()
                    .amount(currency, book.askPrice(level))
                    .value(book.askQty(level))
                    .endArray();
        }
        json.endArray().name("bids").beginArray();
        for (var level = 0; level < OrderBook.LEVELS && book.bidPrice(level) > 0; level++) {
            json.beginArray()
                    .amount(currency, book.bidPrice(level))
                    .value(book.bidQty(level))
                    .endArray();
        }
        json.endArray()
                .field("total_ask_qty", book.totalAskQty())
                .field("total_bid_qty", book.totalBidQty())
                .field("time", clock(book.timeOfDay()));
        return end(json, last.atMs(), seq, snapshot);
    }

    static byte[] bar(
            Channel channel, Subject subject, Market market, LiveBar bar, long seq, boolean snapshot, long tsMs) {
        var currency = market.currency();
        var json = begin(channel.wireName(), subject, 256)
                .field("ts", bar.epochSecond(market.zone()))
                .amount("open", currency, bar.open())
                .amount("high", currency, bar.high())
                .amount("low", currency, bar.low())
                .amount("close", currency, bar.close())
                .field("volume", bar.volume())
                .amount("turnover", currency, bar.turnover())
                .field("complete", bar.complete())
                .field("final", bar.closed());
        if (bar.corrected()) {
            json.field("corrected", true);
        }
        return end(json, tsMs, seq, snapshot);
    }

    /** Marks the numbers {@code from} to {@code to} as not delivered; {@code subject} is empty for a channel without symbols. */
    static byte[] gap(Channel channel, Subject subject, long from, long to, GapCause cause) {
        return ApiJson.bytes(new StreamGap(
                channel.wireName(),
                Optional.of(subject.code()).filter(it -> !it.isEmpty()),
                subject.venue(),
                new StreamGap.MissedRange(from, to, cause.name()),
                to));
    }

    static byte[] session(SessionSnapshot now, long seq, boolean snapshot, long tsMs) {
        return ApiJson.bytes(new StreamSession(
                "session",
                now.state(),
                now.connected(),
                now.lastError(),
                now.market(),
                tsMs,
                seq,
                OptionalLong.empty(),
                snapshot));
    }

    static byte[] alert(Alert alert, long seq, boolean snapshot) {
        return ApiJson.bytes(new StreamAlert(
                "alerts",
                alert.level(),
                alert.event(),
                alert.orderId(),
                alert.by(),
                alert.message(),
                alert.settledAt().map(ApiValues::time),
                alert.at().toEpochMilli(),
                seq,
                snapshot));
    }

    /** Everything up to {@code to} was replayed; live events follow. */
    static byte[] resumed(Optional<String> id, String accountId, long to) {
        return ApiJson.bytes(new StreamResumed("resumed", id, accountId, to));
    }

    static JsonBuffer begin(String channel, Subject subject, int expected) {
        var json = new JsonBuffer(expected).beginObject().field("ch", channel).field("s", subject.code());
        return subject.venue().isPresent() ? json.field("venue", subject.venue()) : json;
    }

    static byte[] end(JsonBuffer json, long tsMs, long seq, boolean snapshot) {
        json.field("ts_ms", tsMs).field("seq", seq);
        if (snapshot) {
            json.field("snapshot", true);
        }
        return json.endObject().toBytes();
    }

    private static void price(JsonBuffer json, String name, Currency currency, long units) {
        if (units > 0) {
            json.amount(name, currency, units);
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
