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
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.account.Refusal;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.exchange.MarketRules;

/** A market and a ledger with New York's hours, and their records and notices. */
final class UsTestMarket implements UsMarket.Listener, UsLedger.Environment {
    static final UsSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");
    static final AccountId ALICE = AccountId.ofDigits("1000000101");
    static final AccountId BOB = AccountId.ofDigits("2000000201");
    private static final UsHours HOURS = UsHours.of(new KrxCalendar());

    final UsMarket market;
    final UsLedger ledger;
    final List<UsNotice> notices = new ArrayList<>();
    final List<Change.Fill> fills = new ArrayList<>();
    final Map<Object, Change> file;
    final Set<Long> refused = new HashSet<>();
    Instant now;
    private long number;

    UsTestMarket(String seoul, double actionsPerSecond, UsRules rules) {
        this(kst(seoul), actionsPerSecond, rules, Map.of(), 0);
    }

    private UsTestMarket(Instant now, double actionsPerSecond, UsRules rules, Map<Object, Change> file, long number) {
        this.now = now;
        this.file = new HashMap<>(file);
        this.number = number;
        market = new UsMarket(HOURS, 7, actionsPerSecond, MarketRules.defaults().withoutDormantTrading(), now);
        ledger = new UsLedger(market, rules, this, this);
        file.values().stream()
                .filter(record -> !(record instanceof Change.Order) && !(record instanceof Change.Fill))
                .forEach(ledger::restore);
        file.values().stream()
                .filter(Change.Order.class::isInstance)
                .map(Change.Order.class::cast)
                .sorted((a, b) -> Long.compare(a.priority(), b.priority()))
                .forEach(ledger::restore);
        ledger.resumeAfterRestart(now);
    }

    static UsTestMarket at(String seoul) {
        return new UsTestMarket(seoul, 0, UsRules.defaults());
    }

    /** The same file, opened at a later time. */
    UsTestMarket reopened(String seoul) {
        return new UsTestMarket(kst(seoul), 0, UsRules.defaults(), file, number);
    }

    static Instant kst(String local) {
        return LocalDateTime.parse(local).atZone(TradingCalendar.SEOUL).toInstant();
    }

    static long dollars(double amount) {
        return Math.round(amount * 10_000);
    }

    UsTestMarket until(String seoul) {
        now = kst(seoul);
        market.advance(now, this);
        return this;
    }

    void advanceBy(Duration time) {
        now = now.plus(time);
        market.advance(now, this);
    }

    /** Shares at this price each. */
    UsTestMarket withShares(AccountId holder, UsSymbol symbol, long qty, double each) {
        ledger.findOrOpenAccount(holder);
        ledger.restore(new Change.Holding(holder, symbol, qty, qty * dollars(each), 0, 0, 0, 0, 0, 0, 0));
        save(account(holder).holdingRecord(symbol));
        return this;
    }

    Account<UsOrder> account(AccountId holder) {
        return ledger.findOrOpenAccount(holder);
    }

    UsLedger.Answer place(AccountId holder, Side side, String division, long qty, double price) {
        return ledger.place(
                new UsLedger.Request(holder, APPLE, side, division, false, qty, Optional.of(dollars(price))), now);
    }

    UsOrder order(AccountId holder, Side side, String division, long qty, double price) {
        return accepted(place(holder, side, division, qty, price));
    }

    UsOrder limit(AccountId holder, Side side, long qty, double price) {
        return order(holder, side, "00", qty, price);
    }

    UsLedger.Answer revise(UsOrder order, boolean cancel, long qty, double price) {
        return ledger.revise(
                new UsLedger.Revision(
                        order.account(),
                        order.symbol(),
                        order.odno(),
                        cancel,
                        order.dayMarket(),
                        qty,
                        Optional.of(dollars(price))),
                now);
    }

    static UsOrder accepted(UsLedger.Answer answer) {
        return switch (answer) {
            case UsLedger.Answer.Accepted(UsOrder order) -> order;
            case UsLedger.Answer.Refused(Refusal why) -> throw new AssertionError("refused: " + why);
        };
    }

    // ---- events --------------------------------------------------------------------------------------------------

    @Override
    public void filled(UsStock stock, long orderId, long price, long qty, Instant at) {
        ledger.filled(stock, orderId, price, qty, at);
    }

    @Override
    public void traded(UsStock stock, long price, long qty, Optional<Side> aggressor, Instant at) {}

    @Override
    public boolean isWatched(UsStock stock) {
        return ledger.hasOpenOrders(stock.symbol());
    }

    @Override
    public void windowEnding(UsWindow window, Instant at) {
        ledger.windowEnding(window, at);
    }

    @Override
    public void windowBegun(UsWindow before, UsWindow window, boolean rolled, Instant at) {
        ledger.windowBegun(before, window, at);
        if (rolled) {
            ledger.dayRolled();
        }
    }

    @Override
    public void save(Change record) {
        file.put(record.id(), record);
        if (record instanceof Change.Fill fill) {
            fills.add(fill);
        }
    }

    @Override
    public void publishNotice(UsNotice notice) {
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
    public Instant brokerTime(Instant at) {
        return at;
    }
}
