package kr.kisgateway.simulator.broker;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.entity.Credit;
import kr.kisgateway.simulator.exchange.Auction;
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

/**
 * The market as realtime frames of the day's layouts: trades of 46 columns and books of 59, since 2026-09-14 one more each;
 * notices of 26.
 */
final class Frames {
    private static final FramePrinter PRINTER = new FramePrinter(Layout.CURRENT);
    private static final FramePrinter CLASSIC_PRINTER = new FramePrinter(Layout.CLASSIC);

    /** KIS's codes of the venues in EXCH_CLS_CODE. [assumed] */
    private static final String KRX_CODE = "1";

    private static final String NXT_CODE = "2";

    private Frames() {}

    private static FramePrinter printer(Columns columns) {
        return columns == Columns.CLASSIC ? CLASSIC_PRINTER : PRINTER;
    }

    static String trades(VenueScope scope, Columns columns, List<TapeRecord> records) {
        return named(scope.tradesTr(), printer(columns).trades(records));
    }

    /** The frame with its TR id. All three venue scopes have the columns of KRX's. */
    private static String named(String trId, String frame) {
        return "0|" + trId + frame.substring(frame.indexOf('|', 2));
    }

    /** The record of a trade that the stock's tape already counts. */
    static TapeRecord trade(
            MarketSnapshot snapshot, long price, long qty, Optional<Side> aggressor, int day, int time) {
        return record(
                snapshot,
                price,
                qty,
                aggressor.map(taker -> taker == Side.BUY ? 'B' : 'S').orElse('N'),
                '0',
                day,
                time);
    }

    /** The expected auction result in the columns of a trade; KRX's record has one less. */
    static String expected(VenueScope scope, MarketSnapshot snapshot, LocalDate day, int time) {
        Auction.Match match = snapshot.expected();
        TapeRecord record = record(
                snapshot,
                match.qty() == 0 ? 0 : match.price(),
                match.qty(),
                'N',
                hourClass(snapshot.stock()),
                yyyymmdd(day),
                time);
        String frame = named(scope.expectedTr(), CLASSIC_PRINTER.trades(List.of(record)));
        return scope == VenueScope.KRX ? frame.substring(0, frame.lastIndexOf('^')) : frame;
    }

    private static TapeRecord record(
            MarketSnapshot snapshot, long price, long qty, char aggressor, char hourClass, int day, int time) {
        Stock stock = snapshot.stock();
        Tape.Figures f = snapshot.figures();
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
                snapshot.ask(),
                snapshot.bid(),
                f.volume(),
                f.turnover(),
                aggressor);
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
                newMarketClass(stock.session()),
                stock.phase() == Phase.HALTED,
                snapshot.askQty(),
                snapshot.bidQty(),
                snapshot.totalAsk(),
                snapshot.totalBid(),
                stock.instrument().listedShares(),
                stock.instrument().volume(),
                stock.instrument().volume(),
                hourClass,
                stock.interruptionReference(),
                marketClass(stock));
    }

    /** NEW_MKOP_CLS_CODE: 1 before, 2 in, 3 after the session, 4 the auctions after it; the second digit 0. */
    private static String newMarketClass(Phase session) {
        return switch (session) {
            case OPENING_AUCTION, PRE_MARKET, PREVIOUS_CLOSE -> "10";
            case SINGLE_PRICE -> "40";
            case AFTER_MARKET, AFTER_INTAKE, CLOSE_PRICE, CLOSE_PRICE_INTAKE, CLOSED, BREAK -> "30";
            case REGULAR, CLOSING_AUCTION, INTERRUPTED, RESUMING, HALTED -> "20";
        };
    }

    /** HOUR_CLS_CODE: 0 in the session, B before the opening, A before the close, C in an interruption, D after it. */
    private static char hourClass(Stock stock) {
        return switch (stock.phase()) {
            case OPENING_AUCTION -> 'B';
            case CLOSING_AUCTION -> 'A';
            case INTERRUPTED, RESUMING -> 'C';
            case SINGLE_PRICE, AFTER_INTAKE -> 'D';
            default -> '0';
        };
    }

    /** MARKET_CLS_CODE: 1 pre-market, 2 regular, 3 after-market, 5 at the closing price. */
    private static char marketClass(Stock stock) {
        boolean atClose = stock.closePricePhase() == Phase.CLOSE_PRICE;
        return switch (stock.session()) {
            case PRE_MARKET -> '1';
            case AFTER_MARKET, AFTER_INTAKE -> '3';
            default -> atClose ? '5' : '2';
        };
    }

    static String book(VenueScope scope, MarketSnapshot snapshot, Columns columns, int time) {
        Stock stock = snapshot.stock();
        OrderBook book =
                new OrderBook(stock.symbol(), time, snapshot.visible(), snapshot.totalAsk(), snapshot.totalBid());
        long expected = snapshot.expected().qty();
        BookRecord record = new BookRecord(
                book,
                hourClass(stock),
                expected == 0 ? 0 : snapshot.expected().price(),
                expected,
                expected,
                expected == 0 ? 0 : snapshot.figures().base(),
                snapshot.figures().volume(),
                0,
                0,
                "",
                marketClass(stock),
                0,
                0,
                ' ');
        if (scope == VenueScope.KRX) {
            return printer(columns).books(List.of(record));
        }
        // NXT's and the unified book include the mid-price and the quantity at it, KRX's first.
        String middle = mid(stock.main()) + (scope == VenueScope.NXT ? mid(stock) : mid(stock.main()));
        boolean widened = scope == VenueScope.BOTH && columns == Columns.CURRENT;
        return named(
                scope.booksTr(), CLASSIC_PRINTER.books(List.of(record)) + middle + (widened ? "^" + KRX_CODE : ""));
    }

    private static String mid(Stock stock) {
        long bids = stock.midTotal(Side.BUY);
        long asks = stock.midTotal(Side.SELL);
        return "^" + stock.mid() + '^' + Math.max(bids, asks) + '^' + (bids == asks ? '0' : bids > asks ? '2' : '1');
    }

    /**
     * The market status of a stock (장운영정보).
     *
     * @param operation MKOP_CLS_CODE, "" when no operation began or ended
     */
    static String status(VenueScope scope, Stock stock, String operation) {
        boolean halted = stock.phase() == Phase.HALTED;
        return PRINTER.frame(
                scope.statusTr(),
                List.of(List.of(
                        stock.symbol().code(),
                        halted ? "Y" : "N",
                        halted ? "매매거래정지" : "",
                        operation,
                        "",
                        "",
                        "",
                        "55",
                        stock.phase() == Phase.INTERRUPTED ? "Y" : "N",
                        "N",
                        stock.venue() == Venue.NXT ? NXT_CODE : KRX_CODE)));
    }

    static int yyyymmdd(LocalDate day) {
        return day.getYear() * 10_000 + day.getMonthValue() * 100 + day.getDayOfMonth();
    }

    /**
     * A notice before it is addressed.
     *
     * @param venue of a fill the fill's, else the order's
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
                        o.account().digits(),
                        o.odno(),
                        o.originalOdno(),
                        o.side(),
                        request(n),
                        o.divisionCode(),
                        condition(o.division),
                        o.symbol,
                        n.qty(),
                        n.price(),
                        n.time(),
                        n.kind(),
                        face.orgNo(),
                        o.qty(),
                        "모의계좌" + o.account().cano().substring(6),
                        o.conditionPrice,
                        Optional.of(exchange(o, n.venue())),
                        true,
                        // The codes of orders on credit are assumed to be those of CRDT_TYPE.
                        o.credit.map(Credit::type).orElse("10"),
                        o.credit
                                .map(it -> Integer.toString(yyyymmdd(it.date())))
                                .orElse(""),
                        n.name(),
                        n.kind() == Kind.FILL ? o.price() : 0),
                key);
    }

    private static Exchange exchange(UserOrder order, Venue venue) {
        boolean routed = order.exchange.equals("SOR");
        return venue == Venue.NXT ? routed ? Exchange.SOR_NXT : Exchange.NXT : routed ? Exchange.SOR_KRX : Exchange.KRX;
    }

    /** The request of the notice: for fills always an order, also when a modify made it. */
    private static Request request(Notice n) {
        if (n.kind() == Kind.FILL || n.kind() == Kind.REST_CANCELLED) {
            return Request.NEW;
        }
        return switch (n.order().kind()) {
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

    /** A plain data frame with one more column at the end of each record, as KIS adds them without announcement. */
    static String widened(String frame) {
        String[] parts = frame.split("\\|", 4);
        String[] values = parts[3].split("\\^", -1);
        int columns = values.length / Integer.parseInt(parts[2]);
        StringBuilder wide = new StringBuilder(frame.length() + 16);
        wide.append(parts[0]).append('|').append(parts[1]).append('|').append(parts[2]);
        for (int i = 0; i < values.length; i++) {
            wide.append(i == 0 ? '|' : '^').append(values[i]);
            if (i % columns == columns - 1) {
                wide.append("^0");
            }
        }
        return wide.toString();
    }

    /** An encrypted notice with one more column. */
    static String widened(String frame, NoticeKey key) {
        String[] parts = frame.split("\\|", 4);
        return key.decrypt(parts[3])
                .map(text -> parts[0] + '|' + parts[1] + '|' + parts[2] + '|' + key.encrypt(text + '^'))
                .orElseThrow(() -> new IllegalArgumentException("a notice of another key"));
    }

    static String padded(long value, int width) {
        String digits = Long.toString(value);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
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
