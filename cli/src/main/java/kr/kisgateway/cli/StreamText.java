package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import kr.kisgateway.api.stream.StreamAck;
import kr.kisgateway.api.stream.StreamAlert;
import kr.kisgateway.api.stream.StreamBar;
import kr.kisgateway.api.stream.StreamBook;
import kr.kisgateway.api.stream.StreamCalls;
import kr.kisgateway.api.stream.StreamError;
import kr.kisgateway.api.stream.StreamExecution;
import kr.kisgateway.api.stream.StreamGap;
import kr.kisgateway.api.stream.StreamHello;
import kr.kisgateway.api.stream.StreamMessage;
import kr.kisgateway.api.stream.StreamMode;
import kr.kisgateway.api.stream.StreamOrder;
import kr.kisgateway.api.stream.StreamQuote;
import kr.kisgateway.api.stream.StreamResumed;
import kr.kisgateway.api.stream.StreamSession;
import kr.kisgateway.api.stream.StreamTrade;
import kr.kisgateway.api.stream.StreamUsBar;
import kr.kisgateway.api.stream.StreamUsBook;
import kr.kisgateway.api.stream.StreamUsQuote;
import kr.kisgateway.api.stream.StreamUsTrade;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Formats the messages of the stream, a line each; what recurs has fixed columns. Times are Seoul's. */
final class StreamText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final BigDecimal MILLIS = BigDecimal.valueOf(1_000);

    private StreamText() {}

    /** A message in a line; one of a kind that a later version adds, as it came. */
    static String line(JsonNode message) {
        try {
            return StreamCalls.read(message).map(StreamText::line).orElseGet(message::toString);
        } catch (JacksonException otherForm) {
            return message.toString();
        }
    }

    private static String line(StreamMessage message) {
        return switch (message) {
            case StreamHello hello ->
                "Connected to the gateway, which started "
                        + Format.seoulTime(Instant.ofEpochMilli(hello.epoch()).toString()) + ".";
            case StreamAck ack -> subscribed(ack);
            case StreamError refused ->
                "Refused: " + refused.error().code() + ", " + refused.error().message();
            case StreamMode mode ->
                about(mode.ch(), mode.s(), mode.venue()) + "  "
                        + (mode.mode().equals("push")
                                ? "pushed from now on"
                                : "polled" + every(mode.intervalMs()) + " from now on");
            case StreamResumed resumed -> "Account " + resumed.accountId() + ": missed events are complete.";
            case StreamGap gap ->
                about(gap.ch(), gap.s().orElse(""), gap.venue()) + "  "
                        + Format.value(gap.gap().to() - gap.gap().from() + 1) + " missing: "
                        + gap.gap().cause();
            case StreamTrade trade ->
                trade(
                        begin(trade.tsMs(), trade.ch(), trade.s()),
                        Format.value(trade.p()),
                        trade.q(),
                        switch (trade.side()) {
                            case "B" -> "BUY";
                            case "S" -> "SELL";
                            default -> "-";
                        },
                        trade.v(),
                        trade.venue());
            case StreamUsTrade trade ->
                trade(
                        begin(trade.tsMs(), trade.ch(), trade.s()),
                        Format.dollars(trade.p()),
                        trade.q(),
                        "-",
                        trade.v(),
                        Optional.empty());
            case StreamQuote quote ->
                quote(
                        begin(quote.tsMs(), quote.ch(), quote.s()),
                        List.of(Format.value(quote.p()), Format.value(quote.bid()), Format.value(quote.ask())),
                        quote.changePct(),
                        quote.v(),
                        quote.venue().map(it -> "  " + it).orElse("")
                                + (quote.halted() ? "  halted" : "")
                                + (quote.interrupted() ? "  VI" : ""));
            case StreamUsQuote quote ->
                quote(
                        begin(quote.tsMs(), quote.ch(), quote.s()),
                        List.of(Format.dollars(quote.p()), Format.dollars(quote.bid()), Format.dollars(quote.ask())),
                        quote.changePct(),
                        quote.v(),
                        "");
            case StreamBook book ->
                book(
                        begin(book.tsMs(), book.ch(), book.s()),
                        best(book.bids()),
                        best(book.asks()),
                        book.totalBidQty(),
                        book.totalAskQty(),
                        book.venue());
            case StreamUsBook book ->
                book(
                        begin(book.tsMs(), book.ch(), book.s()),
                        bestInDollars(book.bids()),
                        bestInDollars(book.asks()),
                        book.totalBidQty(),
                        book.totalAskQty(),
                        Optional.empty());
            case StreamBar bar ->
                bar(
                        begin(bar.tsMs(), bar.ch(), bar.s()) + "  " + Bars.begin(bar.ts(), SEOUL),
                        List.of(
                                Format.value(bar.open()),
                                Format.value(bar.high()),
                                Format.value(bar.low()),
                                Format.value(bar.close())),
                        bar.volume(),
                        bar.isFinal());
            case StreamUsBar bar ->
                bar(
                        begin(bar.tsMs(), bar.ch(), bar.s()) + "  " + Bars.begin(bar.ts(), Bars.NEW_YORK),
                        List.of(
                                Format.dollars(bar.open()),
                                Format.dollars(bar.high()),
                                Format.dollars(bar.low()),
                                Format.dollars(bar.close())),
                        bar.volume(),
                        bar.isFinal());
            case StreamOrder order ->
                time(order.updatedAt().multiply(MILLIS).longValue()) + "  orders  " + order.orderId() + "  "
                        + order.status() + "  " + order.side() + " " + Format.value(order.qty()) + " "
                        + order.symbol() + " at " + Format.price(order.currency(), order.price()) + ", "
                        + Format.value(order.filledQty()) + " filled"
                        + order.error().map(it -> ", " + it).orElse("");
            case StreamExecution fill ->
                time(fill.tsMs()) + "  executions  " + fill.orderId() + "  " + fill.side() + " "
                        + Format.value(fill.qty()) + " " + fill.symbol() + " at "
                        + Format.money(fill.currency(), fill.price()) + ", order " + fill.orderStatus();
            case StreamSession session ->
                time(session.tsMs()) + "  session  " + session.state() + ", "
                        + (session.connected() ? "connected" : "not connected") + ", market " + session.market()
                        + session.lastError().map(it -> ", last error: " + it).orElse("");
            case StreamAlert alert ->
                time(alert.tsMs()) + "  alerts  " + alert.level() + "  " + alert.event() + "  " + alert.message();
        };
    }

    private static String subscribed(StreamAck ack) {
        String polled = ack.polled().stream()
                .flatMap(List::stream)
                .map(it -> about(it.ch(), it.s(), it.venue()) + every(OptionalLong.of(it.intervalMs())))
                .collect(Collectors.joining(", "));
        return "Subscribed; " + (polled.isEmpty() ? "KIS pushes the values." : "polled: " + polled + ".");
    }

    private static String every(OptionalLong millis) {
        return millis.isEmpty()
                ? ""
                : " every "
                        + Format.value(BigDecimal.valueOf(millis.getAsLong()).divide(MILLIS)) + " s";
    }

    private static String about(String channel, String symbol, Optional<String> venue) {
        return (channel + " " + symbol + venue.map(it -> " " + it).orElse("")).strip();
    }

    private static String begin(long epochMillis, String channel, String symbol) {
        return String.format(Locale.ROOT, "%s  %s  %-6s", time(epochMillis), channel, symbol);
    }

    private static String trade(
            String begin, String price, long qty, String side, long volume, Optional<String> venue) {
        return String.format(
                Locale.ROOT,
                "%s  %9s x %-6s  %-4s  volume %s%s",
                begin,
                price,
                Format.value(qty),
                side,
                Format.value(volume),
                venue.map(it -> "  " + it).orElse(""));
    }

    /** @param prices the last, bid and ask */
    private static String quote(String begin, List<String> prices, BigDecimal changePct, long volume, String more) {
        return String.format(
                Locale.ROOT,
                "%s  %9s  %8s  bid %9s  ask %9s  volume %s%s",
                begin,
                prices.get(0),
                Format.percent(changePct),
                prices.get(1),
                prices.get(2),
                Format.value(volume),
                more);
    }

    private static String book(
            String begin, String bid, String ask, long totalBidQty, long totalAskQty, Optional<String> venue) {
        return begin + "  bid " + bid + "  ask " + ask + "  total " + Format.value(totalBidQty) + " / "
                + Format.value(totalAskQty) + venue.map(it -> "  " + it).orElse("");
    }

    private static String best(List<List<Long>> levels) {
        return levels.isEmpty()
                ? "-"
                : Format.value(levels.getFirst().get(0)) + " x "
                        + Format.value(levels.getFirst().get(1));
    }

    private static String bestInDollars(List<List<BigDecimal>> levels) {
        return levels.isEmpty()
                ? "-"
                : Format.dollars(levels.getFirst().get(0)) + " x "
                        + Format.value(levels.getFirst().get(1));
    }

    /** @param prices open, high, low and close */
    private static String bar(String begin, List<String> prices, long volume, boolean isFinal) {
        return begin + "  open " + prices.get(0) + "  high " + prices.get(1) + "  low " + prices.get(2) + "  close "
                + prices.get(3) + "  volume " + Format.value(volume) + (isFinal ? "  final" : "");
    }

    private static String time(long epochMillis) {
        return TIME.format(Instant.ofEpochMilli(epochMillis).atZone(SEOUL));
    }
}
