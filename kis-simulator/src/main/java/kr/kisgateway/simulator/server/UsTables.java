package kr.kisgateway.simulator.server;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.simulator.broker.Change;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.us.AccountHolder;
import kr.kisgateway.simulator.us.UsDivision;
import kr.kisgateway.simulator.us.UsRecord;
import kr.kisgateway.simulator.us.UsRequest;

/** The tables of the US market in the simulator's file: one for each kind of {@link UsRecord}. */
final class UsTables {
    /** Amounts and prices in ten-thousandths of a dollar; a symbol is a ticker and an exchange. */
    static final String SCHEMA = """
            CREATE TABLE us_day (one INTEGER PRIMARY KEY CHECK (one = 1), date TEXT NOT NULL);
            CREATE TABLE us_cash (account TEXT PRIMARY KEY, settled INTEGER NOT NULL, due_tomorrow INTEGER NOT NULL,
                bought_today INTEGER NOT NULL, sold_today INTEGER NOT NULL, costs_today INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE us_holding (account TEXT, ticker TEXT, exchange TEXT, qty INTEGER NOT NULL, cost INTEGER NOT NULL,
                bought_today INTEGER NOT NULL, sold_today INTEGER NOT NULL, bought_amount_today INTEGER NOT NULL,
                sold_amount_today INTEGER NOT NULL, PRIMARY KEY (account, ticker, exchange)) WITHOUT ROWID;
            CREATE TABLE us_order (day TEXT, odno INTEGER, original_odno INTEGER NOT NULL, account TEXT NOT NULL,
                ticker TEXT NOT NULL, exchange TEXT NOT NULL, side TEXT NOT NULL, request TEXT NOT NULL,
                division TEXT NOT NULL, day_market INTEGER NOT NULL, qty INTEGER NOT NULL, price INTEGER NOT NULL,
                time INTEGER NOT NULL, date TEXT NOT NULL, new_york TEXT NOT NULL, accepted_at INTEGER NOT NULL,
                priority INTEGER NOT NULL, filled_qty INTEGER NOT NULL, filled_amount INTEGER NOT NULL,
                costs INTEGER NOT NULL, basis INTEGER NOT NULL, fills INTEGER NOT NULL, cancelled_qty INTEGER NOT NULL,
                rejected_qty INTEGER NOT NULL, is_open INTEGER NOT NULL, PRIMARY KEY (day, odno)) WITHOUT ROWID;
            CREATE TABLE us_fill (day TEXT, odno INTEGER, sequence INTEGER, new_york TEXT NOT NULL, price INTEGER NOT NULL,
                qty INTEGER NOT NULL, PRIMARY KEY (day, odno, sequence)) WITHOUT ROWID;
            CREATE TABLE us_price (ticker TEXT, exchange TEXT, base INTEGER NOT NULL, last INTEGER NOT NULL,
                open INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL, open_at INTEGER NOT NULL,
                high_at INTEGER NOT NULL, low_at INTEGER NOT NULL, volume INTEGER NOT NULL, turnover INTEGER NOT NULL,
                buy_volume INTEGER NOT NULL, sell_volume INTEGER NOT NULL, buy_count INTEGER NOT NULL,
                sell_count INTEGER NOT NULL, close INTEGER NOT NULL, PRIMARY KEY (ticker, exchange)) WITHOUT ROWID;
            CREATE TABLE us_first_day (one INTEGER PRIMARY KEY CHECK (one = 1), date TEXT NOT NULL);
            CREATE TABLE us_traded_day (ticker TEXT, exchange TEXT, date TEXT, base INTEGER NOT NULL, open INTEGER NOT NULL,
                high INTEGER NOT NULL, low INTEGER NOT NULL, close INTEGER NOT NULL, volume INTEGER NOT NULL,
                turnover INTEGER NOT NULL, PRIMARY KEY (ticker, exchange, date)) WITHOUT ROWID;
            """;

    private UsTables() {}

    static void write(Store store, UsRecord record) throws SQLException {
        switch (record) {
            case UsRecord.Day c -> store.put("us_day", 1, c.date().toString());
            case UsRecord.FirstDay c -> store.put("us_first_day", 1, c.date().toString());
            case UsRecord.Traded c ->
                store.put(
                        "us_traded_day",
                        c.symbol().ticker(),
                        c.symbol().exchange().name(),
                        c.bar().date().toString(),
                        c.bar().base(),
                        c.bar().open(),
                        c.bar().high(),
                        c.bar().low(),
                        c.bar().close(),
                        c.bar().volume(),
                        c.bar().turnover());
            case UsRecord.Cash c ->
                store.put(
                        "us_cash",
                        c.holder().digits(),
                        c.settled(),
                        c.dueTomorrow(),
                        c.boughtToday(),
                        c.soldToday(),
                        c.costsToday());
            case UsRecord.Holding c ->
                store.put(
                        "us_holding",
                        c.holder().digits(),
                        c.symbol().ticker(),
                        c.symbol().exchange().name(),
                        c.qty(),
                        c.cost(),
                        c.boughtToday(),
                        c.soldToday(),
                        c.boughtAmountToday(),
                        c.soldAmountToday());
            case UsRecord.Order c ->
                store.put(
                        "us_order",
                        c.day().toString(),
                        c.odno(),
                        c.originalOdno(),
                        c.holder().digits(),
                        c.symbol().ticker(),
                        c.symbol().exchange().name(),
                        c.side().name(),
                        c.request().name(),
                        c.division().name(),
                        c.dayMarket(),
                        c.qty(),
                        c.price(),
                        c.time(),
                        c.date().toString(),
                        c.acceptedAt().toString(),
                        c.acceptedAtMillis(),
                        c.priority(),
                        c.filledQty(),
                        c.filledAmount(),
                        c.costs(),
                        c.basis(),
                        c.fills(),
                        c.cancelledQty(),
                        c.rejectedQty(),
                        c.open());
            case UsRecord.Fill c ->
                store.put("us_fill", c.day().toString(), c.odno(), c.sequence(), c.at().toString(), c.price(), c.qty());
            case UsRecord.Price c -> {
                Tape.Figures f = c.figures();
                store.put(
                        "us_price",
                        c.symbol().ticker(),
                        c.symbol().exchange().name(),
                        f.base(),
                        f.last(),
                        f.open(),
                        f.high(),
                        f.low(),
                        f.openAt(),
                        f.highAt(),
                        f.lowAt(),
                        f.volume(),
                        f.turnover(),
                        f.buyVolume(),
                        f.sellVolume(),
                        f.buyCount(),
                        f.sellCount(),
                        f.close());
            }
        }
    }

    /** Adds all stored records but the fills: an order's own record counts them. */
    static void load(Store store, List<Change> all) throws SQLException {
        store.read("SELECT * FROM us_day", r -> add(all, new UsRecord.Day(LocalDate.parse(r.getString(2)))));
        store.read(
                "SELECT * FROM us_cash",
                r -> add(
                        all,
                        new UsRecord.Cash(
                                new AccountHolder(r.getString(1)),
                                r.getLong(2),
                                r.getLong(3),
                                r.getLong(4),
                                r.getLong(5),
                                r.getLong(6))));
        store.read(
                "SELECT * FROM us_holding",
                r -> add(
                        all,
                        new UsRecord.Holding(
                                new AccountHolder(r.getString(1)),
                                symbol(r, 2),
                                r.getLong(4),
                                r.getLong(5),
                                r.getLong(6),
                                r.getLong(7),
                                r.getLong(8),
                                r.getLong(9))));
        store.read("SELECT * FROM us_first_day", r -> add(all, new UsRecord.FirstDay(LocalDate.parse(r.getString(2)))));
        store.read("SELECT * FROM us_traded_day", r -> add(all, new UsRecord.Traded(symbol(r, 1), Store.bar(r))));
        store.read("SELECT * FROM us_order", r -> add(all, order(r)));
        store.read("SELECT * FROM us_price", r -> add(all, new UsRecord.Price(symbol(r, 1), Store.figures(r, 0))));
    }

    private static void add(List<Change> all, UsRecord record) {
        all.add(new Change.Us(record));
    }

    private static UsSymbol symbol(ResultSet r, int column) throws SQLException {
        return new UsSymbol(UsExchange.valueOf(r.getString(column + 1)), r.getString(column));
    }

    private static UsRecord.Order order(ResultSet r) throws SQLException {
        return new UsRecord.Order(
                LocalDate.parse(r.getString(1)),
                r.getLong(2),
                r.getLong(3),
                new AccountHolder(r.getString(4)),
                symbol(r, 5),
                Side.valueOf(r.getString(7)),
                UsRequest.valueOf(r.getString(8)),
                UsDivision.valueOf(r.getString(9)),
                r.getBoolean(10),
                r.getLong(11),
                r.getLong(12),
                r.getInt(13),
                LocalDate.parse(r.getString(14)),
                LocalDateTime.parse(r.getString(15)),
                r.getLong(16),
                r.getLong(17),
                r.getLong(18),
                r.getLong(19),
                r.getLong(20),
                r.getLong(21),
                r.getLong(22),
                r.getLong(23),
                r.getLong(24),
                r.getBoolean(25));
    }
}
