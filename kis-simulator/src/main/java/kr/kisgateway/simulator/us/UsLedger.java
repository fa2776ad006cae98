package kr.kisgateway.simulator.us;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsTicks;
import kr.kisgateway.market.UsWindow;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.wire.ExecutionNotice.Kind;

/**
 * Accounts and orders of US stocks: what is accepted, what it holds back, what a fill books, when it ends.
 *
 * <p>An open buy holds back its remaining shares at its limit with the commission; an open sale holds back its shares. Each
 * fill books dollars and shares at once, the commission being worked out on an order's cumulative amount so that it does not
 * depend on how it was sliced.
 *
 * <p>An order of the day market lives until that ends, any other until the after-market ends. What waits for the open
 * (LOO, MOO) or the close (LOC, MOC) trades at that instant with what is in the book, and what is left of it is cancelled
 * [assumed].
 */
public final class UsLedger {
    /** A million dollars a share and more shares than anything here has: sums stay far from the end of a long. */
    private static final long HIGHEST_PRICE = 1_000_000 * 10_000L;

    private static final long MOST_SHARES = 99_999_999;

    /** What becomes of what the ledger does. */
    public interface Told {
        void keep(UsRecord record);

        void notice(UsNotice notice);

        /** Whether the exchange refuses what was accepted, as a fault may have it. */
        boolean refusedByExchange(UsOrder order);

        /** The next order number of the broker, all markets together. */
        long nextNumber();

        /** The business date in Korea that numbers are counted in. */
        LocalDate day();

        /** The time as the broker's clock shows it. */
        Instant shown(Instant at);
    }

    /** What became of a request. */
    public sealed interface Answer {
        record Accepted(UsOrder order) implements Answer {}

        record Refused(UsRefusal why) implements Answer {}
    }

    /**
     * An order as the body spelled it.
     *
     * @param qty above 0
     * @param price in ten-thousandths of a dollar; empty when it has more decimals than that
     */
    public record Request(
            Holder holder,
            UsSymbol symbol,
            Side side,
            String division,
            boolean dayMarket,
            long qty,
            Optional<Long> price) {}

    /** A modify or cancel as the body spelled it; {@code qty} 0 is all that is left. */
    public record Revision(
            Holder holder,
            UsSymbol symbol,
            long originalOdno,
            boolean cancel,
            boolean dayMarket,
            long qty,
            Optional<Long> price) {}

    private final UsMarket market;
    private final UsRules rules;
    private final Told told;
    private final UsMarket.Listener listener;
    private final Map<Holder, UsAccount> accounts = new TreeMap<>();
    private final Map<Long, UsOrder> open = new TreeMap<>();
    private final Map<UsSymbol, Integer> openPerStock = new HashMap<>();
    private long lastPriority;

    public UsLedger(UsMarket market, UsRules rules, Told told, UsMarket.Listener listener) {
        this.market = market;
        this.rules = rules;
        this.told = told;
        this.listener = listener;
    }

    /** Whether a user's order is open in the stock. */
    public boolean holdsAwake(UsSymbol symbol) {
        return openPerStock.containsKey(symbol);
    }

    public Collection<UsAccount> accounts() {
        return accounts.values();
    }

    /** Somebody asks: from here on the past has an end that does not move. */
    public void asked() {
        if (!market.chronicle().hasBegun()) {
            UsRecord.FirstDay first = new UsRecord.FirstDay(market.date());
            market.chronicle().restore(first);
            told.keep(first);
            told.keep(new UsRecord.Day(market.date()));
        }
    }

    // ---- accounts ------------------------------------------------------------------------------------------------

    /** The account, opened at its first use. */
    public UsAccount use(Holder holder) {
        UsAccount there = accounts.get(holder);
        if (there == null) {
            there = account(holder);
            there.settled = rules.openingCash();
            told.keep(there.keptCash());
            told.keep(new UsRecord.Day(market.date()));
        }
        return there;
    }

    private UsAccount account(Holder holder) {
        return accounts.computeIfAbsent(holder, it -> new UsAccount(it, 0));
    }

    // ---- restart and time ----------------------------------------------------------------------------------------

    /** Takes one record in; orders must come in the order of their priority, so they queue as before. */
    public void restore(UsRecord record) {
        switch (record) {
            case UsRecord.Day d -> market.restore(d);
            case UsRecord.FirstDay d -> market.chronicle().restore(d);
            case UsRecord.Traded t -> market.chronicle().add(t);
            case UsRecord.Cash c -> account(c.holder()).restore(c);
            case UsRecord.Holding h -> {
                if (!h.isGone()) {
                    account(h.holder()).restore(h);
                }
            }
            case UsRecord.Order o -> {
                UsOrder order = new UsOrder(o);
                account(order.holder()).orders.add(order);
                lastPriority = Math.max(lastPriority, order.priority);
                if (order.open) {
                    opened(order);
                    holdBack(order, 0, reservation(order));
                }
            }
            case UsRecord.Fill f -> {}
            case UsRecord.Price p -> market.restore(p);
        }
    }

    /**
     * Goes on after everything was restored: what should have ended while nobody ran ends, the rest is in the book again.
     */
    public void goOn(Instant at) {
        accounts.values()
                .forEach(account -> account.orders.sort(Comparator.comparingLong(UsOrder::acceptedAtMillis)
                        .thenComparing(UsOrder::day)
                        .thenComparingLong(UsOrder::odno)));
        UsSession session = market.window().session();
        for (UsOrder order : inOrder()) {
            boolean sameDate = order.date().equals(market.window().date()) && session.isOpen();
            boolean over = !sameDate || order.dayMarket() && market.hours().timed() && session != UsSession.DAY_MARKET;
            boolean missed = order.division().waitsForOpen() && session != UsSession.PRE
                    || order.division().waitsForClose() && session == UsSession.AFTER;
            if (over || missed) {
                expire(order);
            } else if (!waits(order)) {
                market.rest(stock(order), order.id(), order.side(), order.price(), order.remaining());
            }
        }
        if (market.catchUp()) {
            rolled();
        }
        market.all().stream()
                .filter(stock -> holdsAwake(stock.symbol()))
                .forEach(stock -> market.wake(stock, at, listener));
    }

    /** A session ends: what waited for the close trades now. */
    public void ending(UsWindow window, Instant at) {
        if (window.session() == UsSession.REGULAR) {
            inOrder().stream()
                    .filter(order -> order.division().waitsForClose())
                    .forEach(order -> tradeAtOnce(order, at));
        }
    }

    /** Another session has begun: orders of what is over expire, without a notice, and what waited for the open trades. */
    public void begun(UsWindow before, UsWindow window, Instant at) {
        boolean over = !window.session().isOpen() || !window.date().equals(before.date());
        for (UsOrder order : inOrder()) {
            boolean ofTheDayMarket = order.dayMarket() && before.session() == UsSession.DAY_MARKET;
            if (over || ofTheDayMarket) {
                expire(order);
            } else if (window.session() == UsSession.REGULAR && order.division().waitsForOpen()) {
                tradeAtOnce(order, at);
            }
        }
    }

    /** The books are on a new trading date. */
    public void rolled() {
        if (accounts.isEmpty() && market.all().isEmpty()) {
            return;
        }
        told.keep(new UsRecord.Day(market.date()));
        market.takeEnded().forEach(told::keep);
        market.all()
                .forEach(stock -> told.keep(
                        new UsRecord.Price(stock.symbol(), stock.tape().figures())));
        for (UsAccount account : accounts.values()) {
            account.roll();
            told.keep(account.keptCash());
            List.copyOf(account.positions.keySet()).forEach(symbol -> told.keep(account.keptHolding(symbol)));
            account.positions.values().removeIf(position -> position.qty == 0);
        }
    }

    private List<UsOrder> inOrder() {
        return open.values().stream()
                .sorted(Comparator.comparingLong(order -> order.priority))
                .toList();
    }

    private void expire(UsOrder order) {
        market.reduce(stock(order), order.id(), order.remaining());
        holdBack(order, reservation(order), 0);
        closed(order);
        told.keep(order.kept());
    }

    // ---- orders --------------------------------------------------------------------------------------------------

    public Answer place(Request request, Instant now) {
        Optional<UsDivision> division = UsDivision.of(request.division(), request.side())
                .filter(it -> it == UsDivision.LIMIT || !request.dayMarket() && !rules.regularOnly());
        if (division.isEmpty()) {
            return refused(UsRefusal.UNKNOWN_DIVISION);
        }
        Optional<UsRefusal> closed = closed(request.dayMarket()).or(() -> tooLate(division.get()));
        if (closed.isPresent()) {
            return refused(closed.get());
        }
        Optional<UsStock> stock = market.find(request.symbol());
        if (stock.isEmpty()) {
            return refused(UsRefusal.UNKNOWN_SYMBOL);
        }
        Optional<UsRefusal> wrong = wrong(division.get(), request.price(), request.qty());
        if (wrong.isPresent()) {
            return refused(wrong.get());
        }
        long price = request.price().orElseThrow();
        UsAccount account = use(request.holder());
        if (request.side() == Side.SELL) {
            Optional<UsAccount.Position> held =
                    Optional.ofNullable(account.positions.get(request.symbol())).filter(position -> position.qty > 0);
            if (held.isEmpty() || held.get().sellable() < request.qty()) {
                return refused(held.isPresent() ? UsRefusal.TOO_MANY_SHARES : UsRefusal.NOTHING_HELD);
            }
        } else if (margin(request.qty(), price) > account.spendable()) {
            return refused(UsRefusal.NOT_ENOUGH_CASH);
        }
        market.wake(stock.get(), now, listener);
        UsOrder order = accept(
                account,
                request.symbol(),
                request.side(),
                UsRequest.NEW,
                0,
                division.get(),
                request.dayMarket(),
                request.qty(),
                price,
                now);
        opened(order);
        holdBack(order, 0, reservation(order));
        tell(order, order.qty(), Kind.RECEIPT, now);
        if (told.refusedByExchange(order)) {
            refuse(order, now);
        } else {
            trade(order, now);
        }
        return new Answer.Accepted(order);
    }

    /** Which sessions take orders; where hours are not timed there is one, for all kinds. */
    private Optional<UsRefusal> closed(boolean dayMarket) {
        UsWindow window = market.window();
        if (!market.hours().timed()) {
            return window.session().isOpen() ? Optional.empty() : Optional.of(UsRefusal.NOT_NOW);
        }
        if (dayMarket) {
            return window.session() == UsSession.DAY_MARKET ? Optional.empty() : Optional.of(UsRefusal.NOT_NOW);
        }
        if (!rules.regularOnly()) {
            return window.session().isOpen() && window.session() != UsSession.DAY_MARKET
                    ? Optional.empty()
                    : Optional.of(UsRefusal.NOT_NOW);
        }
        return switch (window.session()) {
            case REGULAR -> Optional.empty();
            case AFTER -> Optional.of(UsRefusal.TOO_LATE);
            case CLOSED, DAY_MARKET, PRE ->
                Optional.of(market.hours().isTradingDay(window.date()) ? UsRefusal.TOO_EARLY : UsRefusal.CLOSED_DAY);
        };
    }

    private Optional<UsRefusal> tooLate(UsDivision division) {
        UsSession session = market.window().session();
        boolean late = division.waitsForOpen() && session != UsSession.PRE
                || division.waitsForClose() && session == UsSession.AFTER;
        return late ? Optional.of(UsRefusal.NOT_NOW) : Optional.empty();
    }

    private static Optional<UsRefusal> wrong(UsDivision division, Optional<Long> price, long qty) {
        if (price.isEmpty()) {
            return Optional.of(UsRefusal.OFF_TICK);
        }
        if (!division.isPriced()) {
            return price.get() == 0 ? Optional.empty() : Optional.of(UsRefusal.PRICE_OF_MARKET_ORDER);
        }
        if (price.get() <= 0) {
            return Optional.of(UsRefusal.NO_PRICE);
        }
        if (!UsTicks.isOnTick(price.get())) {
            return Optional.of(UsRefusal.OFF_TICK);
        }
        return price.get() > HIGHEST_PRICE || qty > MOST_SHARES ? Optional.of(UsRefusal.TOO_HIGH) : Optional.empty();
    }

    private UsOrder accept(
            UsAccount account,
            UsSymbol symbol,
            Side side,
            UsRequest request,
            long originalOdno,
            UsDivision division,
            boolean dayMarket,
            long qty,
            long price,
            Instant now) {
        Instant shown = told.shown(now);
        long odno = told.nextNumber();
        UsOrder order = new UsOrder(new UsRecord.Order(
                told.day(),
                odno,
                originalOdno,
                account.holder,
                symbol,
                side,
                request,
                division,
                dayMarket,
                qty,
                price,
                koreanTime(shown),
                market.date(),
                shown.atZone(UsHours.NEW_YORK).toLocalDateTime().withNano(0),
                now.toEpochMilli(),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                true));
        account.orders.add(order);
        return order;
    }

    /** Lets an accepted order meet the market; what it has left rests, or waits for its hour. */
    private void trade(UsOrder order, Instant now) {
        UsStock stock = stock(order);
        if (!waits(order)) {
            long left = market.take(stock, order.id(), order.side(), order.price(), order.remaining(), now, listener);
            if (left > 0) {
                market.rest(stock, order.id(), order.side(), order.price(), left);
            }
        }
        if (order.open) {
            order.priority = ++lastPriority;
        }
        told.keep(order.kept());
    }

    private static boolean waits(UsOrder order) {
        return order.division().waitsForOpen() || order.division().waitsForClose();
    }

    /** The hour of an order has come: it takes what there is, and the rest of it is cancelled. */
    private void tradeAtOnce(UsOrder order, Instant at) {
        UsStock stock = stock(order);
        market.wake(stock, at, listener);
        long limit = order.division().isPriced() ? order.price() : 1;
        long left = market.take(stock, order.id(), order.side(), limit, order.remaining(), at, listener);
        if (left > 0) {
            holdBack(order, reservation(order), 0);
            order.cancelledQty += left;
            closed(order);
            tell(order, left, Kind.REST_CANCELLED, at);
        }
        told.keep(order.kept());
    }

    private void refuse(UsOrder order, Instant at) {
        if (order.request() == UsRequest.NEW) {
            holdBack(order, reservation(order), 0);
        }
        order.rejectedQty = order.qty();
        closed(order);
        told.keep(order.kept());
        tell(order, order.qty(), Kind.REJECTED, at);
    }

    /** A fill of a user's order, in the middle of {@link UsMarket#take}. */
    public void filled(UsStock stock, long id, long price, long qty, Instant at) {
        UsOrder order = open.get(id);
        if (order == null) {
            throw new IllegalStateException("a fill of US order " + id + ", which is not open");
        }
        UsAccount account = account(order.holder());
        long before = reservation(order);
        order.filledQty += qty;
        order.filledAmount += Math.multiplyExact(price, qty);
        order.fills++;
        long costs = rules.commission(order.filledAmount) - order.costs;
        order.costs += costs;
        order.basis += account.book(order.symbol(), order.side(), qty, price * qty, costs);
        if (order.remaining() == 0) {
            closed(order);
        }
        holdBack(order, before, reservation(order));
        Instant shown = told.shown(at);
        told.keep(new UsRecord.Fill(
                order.day(),
                order.odno(),
                order.fills,
                shown.atZone(UsHours.NEW_YORK).toLocalDateTime().withNano(0),
                price,
                qty));
        told.keep(order.kept());
        told.keep(account.keptCash());
        told.keep(account.keptHolding(order.symbol()));
        told.keep(new UsRecord.Price(stock.symbol(), stock.tape().figures()));
        told.notice(new UsNotice(order, qty, price, koreanTime(shown), Kind.FILL));
    }

    // ---- modify and cancel ---------------------------------------------------------------------------------------

    /**
     * Takes a modify or cancel in, and has the exchange do it at once. A modified order queues at the end, also at an
     * unchanged price [assumed].
     */
    public Answer revise(Revision revision, Instant now) {
        Optional<UsRefusal> closed = closed(revision.dayMarket());
        if (closed.isPresent()) {
            return refused(closed.get());
        }
        UsAccount account = use(revision.holder());
        Optional<UsOrder> found = account.orders.reversed().stream()
                .filter(order -> order.odno() == revision.originalOdno()
                        && order.date().equals(market.date())
                        && order.symbol().equals(revision.symbol())
                        && order.dayMarket() == revision.dayMarket()
                        && order.request() != UsRequest.CANCEL)
                .findFirst();
        if (found.isEmpty()) {
            return refused(UsRefusal.UNKNOWN_ORIGINAL);
        }
        UsOrder original = found.get();
        long qty = revision.qty() == 0 ? original.remaining() : revision.qty();
        if (original.remaining() == 0 || qty > original.remaining()) {
            return refused(original.remaining() == 0 ? UsRefusal.NOTHING_LEFT : UsRefusal.TOO_MUCH);
        }
        long price = 0;
        if (!revision.cancel()) {
            Optional<UsRefusal> wrong = wrong(original.division(), revision.price(), qty);
            if (wrong.isPresent()) {
                return refused(wrong.get());
            }
            price = revision.price().orElseThrow();
            long freed = reservation(original) - reservation(original, original.remaining() - qty);
            if (original.side() == Side.BUY && margin(qty, price) > account.spendable() + freed) {
                return refused(UsRefusal.NOT_ENOUGH_CASH);
            }
        }
        market.wake(stock(original), now, listener);
        // Waking lets agents quote, and their quotes may have traded with the order.
        qty = Math.min(qty, original.remaining());
        if (qty == 0) {
            return refused(UsRefusal.NOTHING_LEFT);
        }
        UsOrder row = accept(
                account,
                original.symbol(),
                original.side(),
                revision.cancel() ? UsRequest.CANCEL : UsRequest.MODIFY,
                original.odno(),
                original.division(),
                original.dayMarket(),
                qty,
                price,
                now);
        if (told.refusedByExchange(row)) {
            refuse(row, now);
            return new Answer.Accepted(row);
        }
        takeOff(original, qty);
        if (revision.cancel()) {
            row.cancelledQty = qty;
            closed(row);
            told.keep(row.kept());
            tell(row, qty, Kind.CONFIRMED, now);
        } else {
            opened(row);
            holdBack(row, 0, reservation(row));
            tell(row, qty, Kind.CONFIRMED, now);
            trade(row, now);
        }
        return new Answer.Accepted(row);
    }

    private void takeOff(UsOrder original, long qty) {
        long before = reservation(original);
        if (!waits(original) && market.reduce(stock(original), original.id(), qty) != qty) {
            throw new IllegalStateException("US order " + original.odno() + " rests with less than it has left");
        }
        original.cancelledQty += qty;
        if (original.remaining() == 0) {
            closed(original);
        }
        holdBack(original, before, reservation(original));
        told.keep(original.kept());
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    /** How many shares of a price an account could buy. */
    public long buyable(UsAccount account, long price) {
        long cash = Math.max(0, account.spendable());
        long most = price <= 0 ? 0 : Math.min(MOST_SHARES, cash / price);
        long enough = 0;
        while (enough < most) {
            long middle = enough + (most - enough + 1) / 2;
            if (margin(middle, price) <= cash) {
                enough = middle;
            } else {
                most = middle - 1;
            }
        }
        return enough;
    }

    private UsStock stock(UsOrder order) {
        return market.find(order.symbol())
                .orElseThrow(() -> new IllegalStateException(order.symbol() + " is not listed"));
    }

    /** What {@code qty} shares bought at {@code price} cost with the commission. */
    private long margin(long qty, long price) {
        long amount = Math.multiplyExact(qty, price);
        return amount + rules.commission(amount);
    }

    private long reservation(UsOrder order) {
        return reservation(order, order.remaining());
    }

    /** Of dollars so much that what the order has cost and this together never change: slices cut commission off. */
    private long reservation(UsOrder order, long remaining) {
        if (order.side() == Side.SELL) {
            return remaining;
        }
        long amount = Math.multiplyExact(remaining, order.price());
        return amount + rules.commission(order.filledAmount + amount) - order.costs;
    }

    /** Replaces what the order held back, shares of a sale or dollars of a buy. */
    private void holdBack(UsOrder order, long before, long after) {
        UsAccount account = account(order.holder());
        if (order.side() == Side.SELL) {
            account.position(order.symbol()).reserved += after - before;
        } else {
            account.reserved += after - before;
        }
    }

    private void opened(UsOrder order) {
        open.put(order.id(), order);
        openPerStock.merge(order.symbol(), 1, Integer::sum);
    }

    private void closed(UsOrder order) {
        order.open = false;
        if (open.remove(order.id()) != null) {
            openPerStock.computeIfPresent(order.symbol(), (s, n) -> n == 1 ? null : Integer.valueOf(n - 1));
        }
    }

    private void tell(UsOrder order, long qty, Kind kind, Instant at) {
        told.notice(new UsNotice(order, qty, order.price(), koreanTime(told.shown(at)), kind));
    }

    private static int koreanTime(Instant at) {
        return Tape.timeOfDay(at.atZone(TradingCalendar.SEOUL).toLocalTime());
    }

    private static Answer refused(UsRefusal why) {
        return new Answer.Refused(why);
    }
}
