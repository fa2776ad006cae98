package kr.kisgateway.gateway.fanout;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.interruption.StockStatus;
import kr.kisgateway.gateway.interruption.StockStatusMonitor.ObservedStatus;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.DeliveryMode;
import kr.kisgateway.gateway.stream.SessionSnapshot;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;

/** One line from the owner to another gateway: a letter and its values, separated by spaces. */
sealed interface FeedLine {
    /** How a price arrived at the owner. */
    enum Arrival {
        /** A trade. */
        PUSHED('t'),
        /** Polled figures, or the last price before the subscription; no trade. */
        NO_TRADE('p');

        private final char letter;

        Arrival(char letter) {
            this.letter = letter;
        }
    }

    /** A price. */
    record Tick(Arrival arrival, LastTick last) implements FeedLine {}

    /** A book; the last one before the subscription, too. */
    record Book(LastBook last) implements FeedLine {}

    /** Values of {@code TRADES} or {@code BOOKS} are missing. */
    record Gap(Channel channel, MarketSymbol symbol, GapCause cause) implements FeedLine {}

    /** Values now arrive by another delivery mode. */
    record Mode(Channel channel, MarketSymbol symbol, DeliveryMode mode) implements FeedLine {}

    /** KIS's status of a stock, or that it is unknown now. */
    record Status(Symbol symbol, Optional<ObservedStatus> status) implements FeedLine {}

    /** The state of the session with KIS. */
    record Session(SessionSnapshot snapshot) implements FeedLine {}

    /** The port for programs written for KIS is open at the owner. */
    record FacePort(int port) implements FeedLine {}

    /** An alert was raised or settled. */
    record Raised(Alert alert) implements FeedLine {}

    /** The journal has new events of orders. */
    record NewOrders() implements FeedLine {
        static final String TEXT = "W";
    }

    /** Lines were lost, because the reader was too slow. */
    record Overflow() implements FeedLine {
        static final String TEXT = "O";
    }

    /** A text that may have spaces, or be empty. */
    private static String optional(Optional<String> text) {
        return text.map(it -> '='
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(it.getBytes(StandardCharsets.UTF_8)))
                .orElse("-");
    }

    private static Optional<String> optional(String field) {
        return field.equals("-")
                ? Optional.empty()
                : Optional.of(new String(Base64.getUrlDecoder().decode(field.substring(1)), StandardCharsets.UTF_8));
    }

    private static String feed(Optional<PushFeed> feed) {
        return feed.map(PushFeed::name).orElse("-");
    }

    /** The line's text. */
    default String text() {
        return switch (this) {
            case Tick(Arrival arrival, LastTick(Trade t, Optional<PushFeed> feed, long at, long bid, long ask)) ->
                "T " + arrival.letter + ' ' + t.symbol().code() + ' ' + feed(feed) + ' ' + at + ' ' + bid + ' ' + ask
                        + ' '
                        + t.businessDate() + ' ' + t.timeOfDay() + ' ' + t.price() + ' ' + t.qty() + ' ' + t.change()
                        + ' '
                        + t.open() + ' ' + t.high() + ' ' + t.low() + ' ' + t.ask() + ' ' + t.bid() + ' ' + t.volume()
                        + ' '
                        + t.turnover() + ' ' + t.aggressor();
            case Book(LastBook(OrderBook book, Optional<PushFeed> feed, long at)) -> bookText(book, feed, at);
            case Gap(Channel channel, MarketSymbol symbol, GapCause cause) ->
                "G " + channel.name() + ' ' + symbol.code() + ' ' + cause.name();
            case Mode(Channel channel, MarketSymbol symbol, DeliveryMode mode) ->
                "M " + channel.name() + ' ' + symbol.code() + ' '
                        + switch (mode) {
                            case DeliveryMode.Push() -> "push";
                            case DeliveryMode.Poll(long intervalMs) -> Long.toString(intervalMs);
                        };
            case Status(Symbol symbol, Optional<ObservedStatus> status) ->
                "X " + symbol.code() + status.map(it -> ' ' + statusText(it)).orElse("");
            case Session(SessionSnapshot(String state, boolean connected, Optional<String> lastError, String market)) ->
                "N " + state + ' ' + connected + ' ' + market + ' ' + optional(lastError);
            case FacePort(int port) -> "F " + port;
            case Raised(Alert alert) -> alertText(alert);
            case NewOrders() -> NewOrders.TEXT;
            case Overflow() -> Overflow.TEXT;
        };
    }

    private static String bookText(OrderBook book, Optional<PushFeed> feed, long at) {
        var text = new StringBuilder(400).append("B ").append(book.symbol().code());
        text.append(' ').append(feed(feed)).append(' ').append(at).append(' ').append(book.timeOfDay());
        text.append(' ').append(book.totalAskQty()).append(' ').append(book.totalBidQty());
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            text.append(' ').append(book.askPrice(level)).append(' ').append(book.askQty(level));
            text.append(' ').append(book.bidPrice(level)).append(' ').append(book.bidQty(level));
        }
        return text.toString();
    }

    private static String statusText(ObservedStatus observed) {
        StockStatus status = observed.status();
        return status.halted() + " " + status.interrupted() + ' '
                + status.designation().name() + ' ' + optional(Optional.of(status.operation())) + ' '
                + observed.at().toEpochMilli();
    }

    private static String alertText(Alert alert) {
        return String.join(
                " ",
                "A",
                Long.toString(alert.at().toEpochMilli()),
                alert.level(),
                alert.kind().name(),
                optional(Optional.of(alert.subject())),
                optional(Optional.of(alert.message())),
                optional(alert.orderId()),
                optional(alert.by()),
                alert.settledAt().map(at -> Long.toString(at.toEpochMilli())).orElse("-"));
    }

    /**
     * Reads a line.
     *
     * @param symbols finds a symbol by its code; empty for one that is not subscribed any more
     * @return empty for a line about such a symbol, and for one of a kind that a newer release sends
     * @throws RuntimeException for a line that is none
     */
    static Optional<FeedLine> read(String line, Function<String, Optional<MarketSymbol>> symbols) {
        List<String> fields = Arrays.asList(line.split(" "));
        return switch (fields.getFirst()) {
            case "T" -> symbols.apply(fields.get(2)).map(symbol -> tick(fields, symbol));
            case "B" -> symbols.apply(fields.get(1)).map(symbol -> book(fields, symbol));
            case "G" ->
                symbols.apply(fields.get(2))
                        .map(symbol ->
                                new Gap(Channel.valueOf(fields.get(1)), symbol, GapCause.valueOf(fields.get(3))));
            case "M" -> symbols.apply(fields.get(2)).map(symbol -> mode(fields, symbol));
            case "X" ->
                symbols.apply(fields.get(1))
                        .filter(Symbol.class::isInstance)
                        .map(Symbol.class::cast)
                        .map(symbol -> new Status(symbol, status(fields, symbol)));
            case "N" ->
                Optional.of(new Session(new SessionSnapshot(
                        fields.get(1), Boolean.parseBoolean(fields.get(2)), optional(fields.get(4)), fields.get(3))));
            case "F" -> Optional.of(new FacePort(Integer.parseInt(fields.get(1))));
            case "A" -> Optional.of(new Raised(alert(fields)));
            case NewOrders.TEXT -> Optional.of(new NewOrders());
            case Overflow.TEXT -> Optional.of(new Overflow());
            default -> Optional.empty();
        };
    }

    private static Optional<PushFeed> pushFeed(String field) {
        return field.equals("-") ? Optional.empty() : Optional.of(PushFeed.valueOf(field));
    }

    private static FeedLine tick(List<String> fields, MarketSymbol symbol) {
        var trade = new Trade(
                symbol,
                Integer.parseInt(fields.get(7)),
                Integer.parseInt(fields.get(8)),
                number(fields, 9),
                number(fields, 10),
                number(fields, 11),
                number(fields, 12),
                number(fields, 13),
                number(fields, 14),
                number(fields, 15),
                number(fields, 16),
                number(fields, 17),
                number(fields, 18),
                fields.get(19).charAt(0));
        return new Tick(
                fields.get(1).charAt(0) == Arrival.PUSHED.letter ? Arrival.PUSHED : Arrival.NO_TRADE,
                new LastTick(trade, pushFeed(fields.get(3)), number(fields, 4), number(fields, 5), number(fields, 6)));
    }

    private static FeedLine book(List<String> fields, MarketSymbol symbol) {
        long[] levels = new long[4 * OrderBook.LEVELS];
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            int at = 7 + 4 * level;
            levels[level] = number(fields, at);
            levels[2 * OrderBook.LEVELS + level] = number(fields, at + 1);
            levels[OrderBook.LEVELS + level] = number(fields, at + 2);
            levels[3 * OrderBook.LEVELS + level] = number(fields, at + 3);
        }
        var book = new OrderBook(symbol, Integer.parseInt(fields.get(4)), levels, number(fields, 5), number(fields, 6));
        return new Book(new LastBook(book, pushFeed(fields.get(2)), number(fields, 3)));
    }

    private static FeedLine mode(List<String> fields, MarketSymbol symbol) {
        DeliveryMode mode = fields.get(3).equals("push") ? DeliveryMode.push() : DeliveryMode.poll(number(fields, 3));
        return new Mode(Channel.valueOf(fields.get(1)), symbol, mode);
    }

    private static Optional<ObservedStatus> status(List<String> fields, Symbol symbol) {
        if (fields.size() == 2) {
            return Optional.empty();
        }
        return Optional.of(new ObservedStatus(
                new StockStatus(
                        symbol,
                        Boolean.parseBoolean(fields.get(2)),
                        Boolean.parseBoolean(fields.get(3)),
                        Designation.valueOf(fields.get(4)),
                        optional(fields.get(5)).orElse("")),
                Instant.ofEpochMilli(number(fields, 6))));
    }

    private static long number(List<String> fields, int index) {
        return Long.parseLong(fields.get(index));
    }

    private static Alert alert(List<String> fields) {
        return new Alert(
                Instant.ofEpochMilli(number(fields, 1)),
                fields.get(2),
                AlertEvent.valueOf(fields.get(3)),
                optional(fields.get(4)).orElse(""),
                optional(fields.get(5)).orElse(""),
                optional(fields.get(6)),
                optional(fields.get(7)),
                fields.get(8).equals("-") ? Optional.empty() : Optional.of(Instant.ofEpochMilli(number(fields, 8))));
    }
}
