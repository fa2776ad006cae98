package kr.kisgateway.simulator.broker;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.exchange.MatchingBook;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.us.UsNotice;
import kr.kisgateway.simulator.us.UsOrder;
import kr.kisgateway.simulator.us.UsStock;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.ExecutionNotice.Request;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.print.FramePrinter;
import kr.kisgateway.wire.print.Layout;
import kr.kisgateway.wire.print.OverseasNoticeRecord;
import kr.kisgateway.wire.print.Percent;

/** The US market as realtime records: trades of 26 columns, books of 17, notices of 25. */
final class UsFrames {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");
    private static final FramePrinter PRINTER = new FramePrinter(Layout.CURRENT);
    private static final int DECIMALS = 4;

    private UsFrames() {}

    static String frame(String trId, List<List<String>> records) {
        return PRINTER.frame(trId, records);
    }

    /**
     * A trade that the stock's tape already counts, as a record of HDFSCNT0.
     *
     * @param date the trading date
     */
    static List<String> trade(
            String key, UsStock stock, long price, long qty, LocalDate date, String session, Instant at) {
        Tape.Figures f = stock.tape().figures();
        ZonedDateTime newYork = at.atZone(UsHours.NEW_YORK);
        ZonedDateTime seoul = at.atZone(TradingCalendar.SEOUL);
        MatchingBook book = stock.stockBook().book();
        long bid = book.best(Side.BUY);
        long ask = book.best(Side.SELL);
        return List.of(
                key,
                stock.symbol().ticker(),
                Integer.toString(DECIMALS),
                DAY.format(date),
                DAY.format(newYork),
                TIME.format(newYork),
                DAY.format(seoul),
                TIME.format(seoul),
                price(f.open()),
                price(f.high()),
                price(f.low()),
                price(price),
                sign(price - f.base()),
                price(Math.abs(price - f.base())),
                rate(price - f.base(), f.base()),
                price(bid),
                price(ask),
                Long.toString(book.quantityAt(Side.BUY, bid)),
                Long.toString(book.quantityAt(Side.SELL, ask)),
                Long.toString(qty),
                Long.toString(f.volume()),
                dollars(f.turnover()),
                Long.toString(f.sellVolume()),
                Long.toString(f.buyVolume()),
                strength(f),
                session);
    }

    /** The best bid and ask as a record of HDFSASP0. */
    static List<String> book(String key, UsStock stock, Instant at) {
        ZonedDateTime newYork = at.atZone(UsHours.NEW_YORK);
        ZonedDateTime seoul = at.atZone(TradingCalendar.SEOUL);
        MatchingBook book = stock.stockBook().book();
        long bid = book.best(Side.BUY);
        long ask = book.best(Side.SELL);
        return List.of(
                key,
                stock.symbol().ticker(),
                Integer.toString(DECIMALS),
                DAY.format(newYork),
                TIME.format(newYork),
                DAY.format(seoul),
                TIME.format(seoul),
                Long.toString(book.total(Side.BUY)),
                Long.toString(book.total(Side.SELL)),
                "0",
                "0",
                price(bid),
                price(ask),
                Long.toString(book.quantityAt(Side.BUY, bid)),
                Long.toString(book.quantityAt(Side.SELL, ask)),
                "0",
                "0");
    }

    /** The encrypted frame of a notice for the session of {@code htsId}. */
    static String notice(Face face, String htsId, UsNotice n, String name, NoticeKey key) {
        UsOrder o = n.order();
        return PRINTER.encryptedNotice(
                face.overseasNoticeTr(),
                new OverseasNoticeRecord(
                        htsId,
                        o.account().digits(),
                        o.odno(),
                        o.originalOdno(),
                        o.side(),
                        request(n),
                        o.division().noticeCode(),
                        o.symbol().ticker(),
                        n.qty(),
                        n.price(),
                        n.time(),
                        n.kind(),
                        face.orgNo(),
                        o.qty(),
                        "모의계좌" + o.account().digits().substring(6, 8),
                        name,
                        UsKeys.noticeCode(o.symbol().exchange())),
                key);
    }

    /** The request of the notice: for fills always an order, also when a modify made it. */
    private static Request request(UsNotice n) {
        if (n.kind() == Kind.FILL || n.kind() == Kind.REST_CANCELLED) {
            return Request.NEW;
        }
        return switch (n.order().kind()) {
            case NEW -> Request.NEW;
            case MODIFY -> Request.MODIFY;
            case CANCEL -> Request.CANCEL;
        };
    }

    /** MTYP: 1 regular, 2 before, 3 after it; the day market's code is assumed. */
    static String session(UsSession session) {
        return switch (session) {
            case REGULAR -> "1";
            case PRE, DAY_MARKET -> "2";
            case AFTER, CLOSED -> "3";
        };
    }

    /** A price as {@code 309.3500}. */
    static String price(long units) {
        return BigDecimal.valueOf(units, DECIMALS).toPlainString();
    }

    /** Whole dollars, rounded down. */
    static String dollars(long units) {
        return Long.toString(units / 10_000);
    }

    /** A change in percent as {@code +0.12}, half up. */
    static String rate(long change, long base) {
        String percent = Percent.of(change, base);
        return change > 0 ? "+" + percent : percent;
    }

    /** Shares bought per hundred shares sold (체결강도). */
    static String strength(Tape.Figures f) {
        return Percent.of(f.buyVolume(), f.sellVolume());
    }

    /** 2 up, 3 level, 5 down: there are no price limits. */
    static String sign(long change) {
        return change > 0 ? "2" : change < 0 ? "5" : "3";
    }
}
