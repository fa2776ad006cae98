package kr.kisgateway.simulator.us;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsWindow;

/** A market and a ledger with New York's hours, and what they keep and tell. */
final class Books implements UsMarket.Listener, UsLedger.Told {
    static final UsSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");
    static final Holder ALICE = new Holder("1000000101");
    static final Holder BOB = new Holder("2000000201");
    private static final UsHours HOURS = UsHours.of(new KrxCalendar());

    final UsMarket market;
    final UsLedger ledger;
    final List<UsNotice> notices = new ArrayList<>();
    final List<UsRecord.Fill> fills = new ArrayList<>();
    final Map<Object, UsRecord> file;
    final Set<Long> refused = new HashSet<>();
    Instant now;
    private long number;

    Books(String seoul, double actionsPerSecond, UsRules rules) {
        this(kst(seoul), actionsPerSecond, rules, Map.of(), 0);
    }

    private Books(Instant now, double actionsPerSecond, UsRules rules, Map<Object, UsRecord> file, long number) {
        this.now = now;
        this.file = new HashMap<>(file);
        this.number = number;
        market = new UsMarket(HOURS, 7, actionsPerSecond, now);
        ledger = new UsLedger(market, rules, this, this);
        file.values().stream()
                .filter(record -> !(record instanceof UsRecord.Order) && !(record instanceof UsRecord.Fill))
                .forEach(ledger::restore);
        file.values().stream()
                .filter(UsRecord.Order.class::isInstance)
                .map(UsRecord.Order.class::cast)
                .sorted((a, b) -> Long.compare(a.priority(), b.priority()))
                .forEach(ledger::restore);
        ledger.goOn(now);
    }

    static Books at(String seoul) {
        return new Books(seoul, 0, UsRules.usual());
    }

    /** The same file, opened at a later time. */
    Books reopened(String seoul) {
        return new Books(kst(seoul), 0, UsRules.usual(), file, number);
    }

    static Instant kst(String local) {
        return LocalDateTime.parse(local).atZone(TradingCalendar.SEOUL).toInstant();
    }

    static long dollars(double amount) {
        return Math.round(amount * 10_000);
    }

    Books until(String seoul) {
        now = kst(seoul);
        market.advance(now, this);
        return this;
    }

    void pass(Duration time) {
        now = now.plus(time);
        market.advance(now, this);
    }

    /** Shares that cost so much each. */
    Books withShares(Holder holder, UsSymbol symbol, long qty, double each) {
        ledger.use(holder);
        ledger.restore(new UsRecord.Holding(holder, symbol, qty, qty * dollars(each), 0, 0, 0, 0));
        keep(account(holder).keptHolding(symbol));
        return this;
    }

    UsAccount account(Holder holder) {
        return ledger.use(holder);
    }

    UsLedger.Answer ask(Holder holder, Side side, String division, long qty, double price) {
        return ledger.place(
                new UsLedger.Request(holder, APPLE, side, division, false, qty, Optional.of(dollars(price))), now);
    }

    UsOrder order(Holder holder, Side side, String division, long qty, double price) {
        return taken(ask(holder, side, division, qty, price));
    }

    UsOrder limit(Holder holder, Side side, long qty, double price) {
        return order(holder, side, "00", qty, price);
    }

    UsLedger.Answer revise(UsOrder order, boolean cancel, long qty, double price) {
        return ledger.revise(
                new UsLedger.Revision(
                        order.holder(),
                        order.symbol(),
                        order.odno(),
                        cancel,
                        order.dayMarket(),
                        qty,
                        Optional.of(dollars(price))),
                now);
    }

    static UsOrder taken(UsLedger.Answer answer) {
        return switch (answer) {
            case UsLedger.Answer.Accepted(UsOrder order) -> order;
            case UsLedger.Answer.Refused(UsRefusal why) -> throw new AssertionError("refused: " + why);
        };
    }

    // ---- listening -----------------------------------------------------------------------------------------------

    @Override
    public void filled(UsStock stock, long orderId, long price, long qty, Instant at) {
        ledger.filled(stock, orderId, price, qty, at);
    }

    @Override
    public void traded(UsStock stock, long price, long qty, Side aggressor, Instant at) {}

    @Override
    public boolean watched(UsStock stock) {
        return ledger.holdsAwake(stock.symbol());
    }

    @Override
    public void ending(UsWindow window, Instant at) {
        ledger.ending(window, at);
    }

    @Override
    public void begun(UsWindow before, UsWindow window, boolean rolled, Instant at) {
        ledger.begun(before, window, at);
        if (rolled) {
            ledger.rolled();
        }
    }

    @Override
    public void keep(UsRecord record) {
        file.put(record.key(), record);
        if (record instanceof UsRecord.Fill fill) {
            fills.add(fill);
        }
    }

    @Override
    public void notice(UsNotice notice) {
        notices.add(notice);
    }

    @Override
    public boolean refusedByExchange(UsOrder order) {
        return refused.remove(order.odno());
    }

    @Override
    public long nextNumber() {
        return ++number;
    }

    @Override
    public LocalDate day() {
        return now.atZone(TradingCalendar.SEOUL).toLocalDate();
    }

    @Override
    public Instant shown(Instant at) {
        return at;
    }
}
