package kr.kisgateway.gateway.face;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.print.BookRecord;
import kr.kisgateway.wire.print.FramePrinter;
import kr.kisgateway.wire.print.Percent;
import kr.kisgateway.wire.print.TapeRecord;

/** Polled values as frames of KIS; columns that a poll does not have are 0. */
final class PolledFrames {
    private static final ZoneId SEOUL = Market.KOREA.zone();
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");
    private static final String DECIMALS = "4";

    private PolledFrames() {}

    /** A price, as a trade of no shares. */
    static String price(RealtimeKey key, LastTick last, FrameLayout layout) {
        var printer = new FramePrinter(layout.printed());
        return switch (last.trade().symbol()) {
            case Symbol _ -> printer.trades(List.of(korean(last)));
            case UsSymbol us -> printer.frame(key.trId(), List.of(american(key.trKey(), us, last)));
            default -> throw unsupported(last.trade());
        };
    }

    /** A book. */
    static String book(RealtimeKey key, LastBook last, FrameLayout layout) {
        var printer = new FramePrinter(layout.printed());
        return last.book().symbol() instanceof UsSymbol us
                ? printer.frame(key.trId(), List.of(american(key.trKey(), us, last)))
                : printer.books(List.of(BookRecord.continuous(last.book(), 0, 0, 0)));
    }

    private static IllegalArgumentException unsupported(Trade trade) {
        return new IllegalArgumentException(
                "KIS has no frames of " + trade.symbol().code());
    }

    private static TapeRecord korean(LastTick last) {
        return new TapeRecord(
                last.trade(),
                sign(last.trade().change()),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                "20",
                false,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                '0',
                0,
                '2');
    }

    private static List<String> american(String key, UsSymbol symbol, LastTick last) {
        var trade = last.trade();
        var times = times(last.tradeAtMs());
        var columns = new ArrayList<>(List.of(key, symbol.ticker(), DECIMALS));
        columns.add(trade.businessDate() == 0 ? times.getFirst() : Integer.toString(trade.businessDate()));
        columns.addAll(times);
        columns.addAll(List.of(
                dollars(trade.open()),
                dollars(trade.high()),
                dollars(trade.low()),
                dollars(trade.price()),
                Character.toString(sign(trade.change())),
                dollars(Math.abs(trade.change())),
                Percent.of(trade.change(), trade.price() - trade.change())));
        columns.addAll(List.of(dollars(last.bestBid()), dollars(last.bestAsk()), "0", "0", "0"));
        columns.addAll(List.of(Long.toString(trade.volume()), dollars(trade.turnover()), "0", "0", "0", "0"));
        return columns;
    }

    private static List<String> american(String key, UsSymbol symbol, LastBook last) {
        OrderBook book = last.book();
        var columns = new ArrayList<>(List.of(key, symbol.ticker(), DECIMALS));
        columns.addAll(times(last.atMs()));
        columns.addAll(List.of(Long.toString(book.totalBidQty()), Long.toString(book.totalAskQty()), "0", "0"));
        columns.addAll(List.of(
                dollars(book.bidPrice(0)),
                dollars(book.askPrice(0)),
                Long.toString(book.bidQty(0)),
                Long.toString(book.askQty(0)),
                "0",
                "0"));
        return columns;
    }

    /** Day and time in New York, then in Seoul. */
    private static List<String> times(long atMs) {
        var at = Instant.ofEpochMilli(atMs);
        ZonedDateTime local = at.atZone(Market.US.zone());
        ZonedDateTime korean = at.atZone(SEOUL);
        return List.of(DAY.format(local), TIME.format(local), DAY.format(korean), TIME.format(korean));
    }

    private static char sign(long change) {
        return change > 0 ? '2' : change < 0 ? '5' : '3';
    }

    private static String dollars(long units) {
        return Dollars.ofUnits(units).toPlainString();
    }
}
