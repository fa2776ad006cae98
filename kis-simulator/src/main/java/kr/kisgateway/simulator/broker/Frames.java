package kr.kisgateway.simulator.broker;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.ExecutionNotice.Condition;
import kr.kisgateway.wire.ExecutionNotice.Exchange;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.ExecutionNotice.Request;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.print.BookRecord;
import kr.kisgateway.wire.print.FramePrinter;
import kr.kisgateway.wire.print.Layout;
import kr.kisgateway.wire.print.TapeRecord;

/** What the market looks like as realtime frames of today's layouts: trades of 47 columns, books of 60, notices of 26. */
final class Frames {
    static final String TRADES = "H0STCNT0";
    static final String BOOKS = "H0STASP0";

    private static final FramePrinter PRINTER = new FramePrinter(Layout.CURRENT);

    private Frames() {}

    static String trades(List<TapeRecord> records) {
        return PRINTER.trades(records);
    }

    /** A trade that the stock's tape already counts. */
    static TapeRecord trade(Stock stock, long price, long qty, Optional<Side> aggressor, int day, int time) {
        Tape.Figures f = stock.tape().figures();
        long ask = stock.book().best(Side.SELL);
        long bid = stock.book().best(Side.BUY);
        Trade trade = new Trade(
                stock.symbol(),
                day,
                time,
                price,
                qty,
                price - f.base(),
                f.open(),
                f.high(),
                f.low(),
                ask,
                bid,
                f.volume(),
                f.turnover(),
                aggressor.map(taker -> taker == Side.BUY ? 'B' : 'S').orElse('N'));
        return new TapeRecord(
                trade,
                sign(price, f.base(), stock.upper(), stock.lower()),
                f.sellCount(),
                f.buyCount(),
                f.sellVolume(),
                f.buyVolume(),
                f.openAt(),
                f.highAt(),
                f.lowAt(),
                "20",
                false,
                stock.book().quantityAt(Side.SELL, ask),
                stock.book().quantityAt(Side.BUY, bid),
                stock.book().total(Side.SELL),
                stock.book().total(Side.BUY),
                stock.instrument().listedShares(),
                stock.instrument().volume(),
                stock.instrument().volume(),
                '0',
                f.base(),
                '2');
    }

    static String book(Stock stock, int time) {
        OrderBook book = new OrderBook(
                stock.symbol(),
                time,
                stock.book().visible(),
                stock.book().total(Side.SELL),
                stock.book().total(Side.BUY));
        return PRINTER.books(
                List.of(BookRecord.continuous(book, stock.tape().figures().volume(), 0, 0)));
    }

    /**
     * A notice before it is addressed.
     *
     * @param venue of a fill where it happened, else where the order is
     * @param qty of a fill the fill's, else the request's
     * @param price of a fill the fill's, else the request's
     * @param name the stock's Korean name
     */
    record Notice(UserOrder order, Venue venue, long qty, long price, int time, Kind kind, String name) {}

    /** The encrypted frame for the session of {@code htsId}. */
    static String notice(Face face, String htsId, Notice n, NoticeKey key) {
        UserOrder o = n.order();
        return PRINTER.encryptedNotice(
                face.noticeTr(),
                new ExecutionNotice(
                        htsId,
                        o.account.digits(),
                        o.odno,
                        o.originalOdno,
                        o.side,
                        request(n),
                        o.dvsn,
                        condition(o.division),
                        o.symbol,
                        n.qty(),
                        n.price(),
                        n.time(),
                        n.kind(),
                        face.orgNo(),
                        o.qty,
                        "모의계좌" + o.account.cano().substring(6),
                        o.conditionPrice,
                        Optional.of(exchange(o, n.venue())),
                        true,
                        "10",
                        "",
                        n.name(),
                        n.kind() == Kind.FILL ? o.price : 0),
                key);
    }

    private static Exchange exchange(UserOrder order, Venue venue) {
        boolean routed = order.exchange.equals("SOR");
        return venue == Venue.NXT ? routed ? Exchange.SOR_NXT : Exchange.NXT : routed ? Exchange.SOR_KRX : Exchange.KRX;
    }

    /** What the notice is about: of fills always an order, also when a modify made it. */
    private static Request request(Notice n) {
        if (n.kind() == Kind.FILL || n.kind() == Kind.REST_CANCELLED) {
            return Request.NEW;
        }
        return switch (n.order().kind) {
            case NEW -> Request.NEW;
            case MODIFY -> Request.MODIFY;
            case CANCEL -> Request.CANCEL;
        };
    }

    private static Condition condition(OrderDivision division) {
        return switch (division.timeInForce()) {
            case DAY -> Condition.NONE;
            case IOC -> Condition.IOC;
            case FOK -> Condition.FOK;
        };
    }

    static String padded(long value, int width) {
        String digits = Long.toString(value);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }

    /** {@code part ÷ whole} in percent with two decimals, cut; "0.00" when there is no whole. */
    static String percent(long part, long whole) {
        // Shares of a day reach 10^10 and holdings 10^13 won, so 10^4 times that is far from the end of a long.
        long hundredths = whole == 0 ? 0 : part * 10_000 / whole;
        long positive = Math.abs(hundredths);
        return (hundredths < 0 ? "-" : "") + positive / 100 + '.' + padded(positive % 100, 2);
    }

    /** 1 upper limit, 2 up, 3 level, 4 lower limit, 5 down. */
    static char sign(long price, long base, long upper, long lower) {
        if (price == upper) {
            return '1';
        }
        if (price == lower) {
            return '4';
        }
        return price > base ? '2' : price < base ? '5' : '3';
    }
}
