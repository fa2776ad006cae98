package kr.kisgateway.simulator.us;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
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
import kr.kisgateway.simulator.account.OpenOrders;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.wire.ExecutionNotice.Kind;

/**
 * Accounts and orders of US stocks: validation, reservations, the booking of fills, and expiry.
 *
 * <p>An open buy reserves its remaining shares at its limit with the commission; an open sale reserves its shares. Each
 * fill books dollars and shares at once; the commission is computed on an order's cumulative amount so that it does not
 * depend on how it was sliced.
 *
 * <p>An order of the day market lives until that ends, any other until the after-market ends. Orders for the open
 * (LOO, MOO) or the close (LOC, MOC) trade at that instant with the resting orders of the book, and their remainder is
 * cancelled [assumed].
 */
public final class UsLedger {
    /** A million dollars a share, and more shares than any account has: sums stay far below the limit of a long. */
    private static final long HIGHEST_PRICE = 1_000_000 * 10_000L;

    private static final long MAX_SHARES = 99_999_999;

    /** Receives the ledger's events and supplies its surroundings. */
    public interface Environment {
        void save(UsRecord record);

        void publishNotice(UsNotice notice);

        /** Whether the exchange refuses an accepted order, because of a fault. */
        boolean refusedByExchange(UsOrder order);

        /** The next order number of the broker, all markets together. */
        long nextNumber();

        /** The business date in Korea, within which numbers are unique. */
        LocalDate day();

        /** The time by the broker's clock. */
        Instant brokerTime(Instant at);
    }

    /** The outcome of a request. */
    public sealed interface Answer {
        record Accepted(UsOrder order) implements Answer {}

        record Refused(UsRefusal why) implements Answer {}
    }

    /**
     * An order as the body spells it.
     *
     * @param qty above 0
     * @param price in ten-thousandths of a dollar; empty when it has more decimals than that
     */
    public record Request(
            AccountHolder holder,
            UsSymbol symbol,
            Side side,
            String division,
            boolean dayMarket,
            long qty,
            Optional<Long> price) {}

    /** A modify or cancel as the body spells it; {@code qty} 0 is the whole remainder. */
    public record Revision(
            AccountHolder holder,
            UsSymbol symbol,
            long originalOdno,
            boolean cancel,
            boolean dayMarket,
            long qty,
            Optional<Long> price) {}

    private final UsMarket market;
    private final UsRules rules;
    private final Environment environment;
    private final UsMarket.Listener listener;
    private final Map<AccountHolder, UsAccount> accounts = new TreeMap<>();
    private final OpenOrders<UsSymbol, UsOrder> open = new OpenOrders<>();
    private long lastPriority;

    public UsLedger(UsMarket market, UsRules rules, Environment environment, UsMarket.Listener listener) {
        this.market = market;
        this.rules = rules;
        this.environment = environment;
        this.listener = listener;
    }

    /** Whether a user's order is open in the stock. */
    public boolean hasOpenOrders(UsSymbol symbol) {
        return open.existIn(symbol);
    }

    public Collection<UsAccount> accounts() {
        return accounts.values();
    }

    /** Fixes the end of the generated past at the first request. */
    public void saveFirstDay() {
        if (!market.dailyHistory().hasFirstDay()) {
            UsRecord.FirstDay first = new UsRecord.FirstDay(market.date());
            market.dailyHistory().restore(first);
            environment.save(first);
            environment.save(new UsRecord.Day(market.date()));
        }
    }

    // ---- accounts ------------------------------------------------------------------------------------------------

    /** The account, opened at its first use. */
    public UsAccount findOrOpenAccount(AccountHolder holder) {
        UsAccount account = accounts.get(holder);
        if (account == null) {
            account = account(holder);
            account.settled = rules.openingCash();
            environment.save(account.cashRecord());
            environment.save(new UsRecord.Day(market.date()));
        }
        return account;
    }

    private UsAccount account(AccountHolder holder) {
        return accounts.computeIfAbsent(holder, it -> new UsAccount(it, 0));
    }

    // ---- restart and time ----------------------------------------------------------------------------------------

    /** Restores one record; orders must come in the order of their priority, so they queue as before. */
    public void restore(UsRecord record) {
        switch (record) {
            case UsRecord.Day d -> market.restore(d);
            case UsRecord.FirstDay d -> market.dailyHistory().restore(d);
            case UsRecord.Traded t -> market.dailyHistory().add(t);
            case UsRecord.Cash c -> account(c.holder()).restore(c);
            case UsRecord.Holding h -> {
                if (!h.isEmpty()) {
                    account(h.holder()).restore(h);
                }
            }
            case UsRecord.Order o -> {
                UsOrder order = new UsOrder(o);
                account(order.holder()).orders.add(order);
                lastPriority = Math.max(lastPriority, order.priority);
                if (order.open) {
                    opened(order);
                    adjustReservation(order, 0, reservation(order));
                }
            }
            case UsRecord.Fill f -> {}
            case UsRecord.Price p -> market.restore(p);
        }
    }

    /**
     * Resumes after everything was restored: orders that should have ended during the downtime end, the others rest again.
     */
    public void resumeAfterRestart(Instant at) {
        accounts.values()
                .forEach(account -> account.orders.sort(Comparator.comparingLong(UsOrder::acceptedAtMillis)
                        .thenComparing(UsOrder::day)
                        .thenComparingLong(UsOrder::odno)));
        UsSession session = market.window().session();
        for (UsOrder order : openByPriority()) {
            boolean sameDate = order.date().equals(market.window().date()) && session.isOpen();
            boolean over =
                    !sameDate || order.dayMarket() && market.hours().hasDefinedEnd() && session != UsSession.DAY_MARKET;
            boolean missed = order.division().waitsForOpen() && session != UsSession.PRE
                    || order.division().waitsForClose() && session == UsSession.AFTER;
            if (over || missed) {
                expire(order);
            } else if (!isWaiting(order)) {
                market.rest(stock(order), order.id(), order.side(), order.price(), order.remaining());
            }
        }
        if (market.catchUp()) {
            dayRolled();
        }
        market.all().stream()
                .filter(stock -> hasOpenOrders(stock.symbol()))
                .forEach(stock -> market.wake(stock, at, listener));
    }

    /** Handles the end of a session: orders for the close trade now. */
    public void windowEnding(UsWindow window, Instant at) {
        if (window.session() == UsSession.REGULAR) {
            openByPriority().stream()
                    .filter(order -> order.division().waitsForClose())
                    .forEach(order -> fillOrCancel(order, at));
        }
    }

    /** Handles the start of another session: expired orders end without a notice, and orders for the open trade. */
    public void windowBegun(UsWindow before, UsWindow window, Instant at) {
        boolean over = !window.session().isOpen() || !window.date().equals(before.date());
        for (UsOrder order : openByPriority()) {
            boolean isDayMarketOrder = order.dayMarket() && before.session() == UsSession.DAY_MARKET;
            if (over || isDayMarketOrder) {
                expire(order);
            } else if (window.session() == UsSession.REGULAR && order.division().waitsForOpen()) {
                fillOrCancel(order, at);
            }
        }
    }

    /** Handles a new trading date of the books. */
    public void dayRolled() {
        if (accounts.isEmpty() && market.all().isEmpty()) {
            return;
        }
        environment.save(new UsRecord.Day(market.date()));
        market.takeEndedDays().forEach(environment::save);
        market.all()
                .forEach(stock -> environment.save(
                        new UsRecord.Price(stock.symbol(), stock.tape().figures())));
        for (UsAccount account : accounts.values()) {
            account.rollDay();
            environment.save(account.cashRecord());
            List.copyOf(account.positions.keySet()).forEach(symbol -> environment.save(account.holdingRecord(symbol)));
            account.positions.values().removeIf(position -> position.qty == 0);
        }
    }

    private List<UsOrder> openByPriority() {
        return open.all().stream()
                .sorted(Comparator.comparingLong(order -> order.priority))
                .toList();
    }

    private void expire(UsOrder order) {
        market.reduce(stock(order), order.id(), order.remaining());
        adjustReservation(order, reservation(order), 0);
        closed(order);
        environment.save(order.toRecord());
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
        Optional<UsRefusal> refusal = validate(division.get(), request.price(), request.qty());
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        long price = request.price().orElseThrow();
        UsAccount account = findOrOpenAccount(request.holder());
        if (request.side() == Side.SELL) {
            Optional<UsAccount.Position> holding =
                    Optional.ofNullable(account.positions.get(request.symbol())).filter(position -> position.qty > 0);
            if (holding.isEmpty() || holding.get().sellable() < request.qty()) {
                return refused(holding.isPresent() ? UsRefusal.TOO_MANY_SHARES : UsRefusal.NO_HOLDING);
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
        adjustReservation(order, 0, reservation(order));
        sendNotice(order, order.qty(), Kind.RECEIPT, now);
        if (environment.refusedByExchange(order)) {
            refuse(order, now);
        } else {
            trade(order, now);
        }
        return new Answer.Accepted(order);
    }

    /** The refusal if no session accepts the order; where hours are not timed there is one session, for all kinds. */
    private Optional<UsRefusal> closed(boolean dayMarket) {
        UsWindow window = market.window();
        if (!market.hours().hasDefinedEnd()) {
            return window.session().isOpen() ? Optional.empty() : Optional.of(UsRefusal.SESSION_CLOSED);
        }
        if (dayMarket) {
            return window.session() == UsSession.DAY_MARKET ? Optional.empty() : Optional.of(UsRefusal.SESSION_CLOSED);
        }
        if (!rules.regularOnly()) {
            return window.session().isOpen() && window.session() != UsSession.DAY_MARKET
                    ? Optional.empty()
                    : Optional.of(UsRefusal.SESSION_CLOSED);
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
        return late ? Optional.of(UsRefusal.SESSION_CLOSED) : Optional.empty();
    }

    private static Optional<UsRefusal> validate(UsDivision division, Optional<Long> price, long qty) {
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
        return price.get() > HIGHEST_PRICE || qty > MAX_SHARES ? Optional.of(UsRefusal.TOO_HIGH) : Optional.empty();
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
        Instant brokerTime = environment.brokerTime(now);
        long odno = environment.nextNumber();
        UsOrder order = new UsOrder(new UsRecord.Order(
                environment.day(),
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
                koreanTime(brokerTime),
                market.date(),
                brokerTime.atZone(UsHours.NEW_YORK).toLocalDateTime().withNano(0),
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

    /** Submits an accepted order to the market; its remainder rests, or waits for its hour. */
    private void trade(UsOrder order, Instant now) {
        UsStock stock = stock(order);
        if (!isWaiting(order)) {
            long left = market.take(stock, order.id(), order.side(), order.price(), order.remaining(), now, listener);
            if (left > 0) {
                market.rest(stock, order.id(), order.side(), order.price(), left);
            }
        }
        if (order.open) {
            order.priority = ++lastPriority;
        }
        environment.save(order.toRecord());
    }

    private static boolean isWaiting(UsOrder order) {
        return order.division().waitsForOpen() || order.division().waitsForClose();
    }

    /** Executes an order whose hour has come; its remainder is cancelled. */
    private void fillOrCancel(UsOrder order, Instant at) {
        UsStock stock = stock(order);
        market.wake(stock, at, listener);
        long limit = order.division().isPriced() ? order.price() : 1;
        long left = market.take(stock, order.id(), order.side(), limit, order.remaining(), at, listener);
        if (left > 0) {
            adjustReservation(order, reservation(order), 0);
            order.cancelledQty += left;
            closed(order);
            sendNotice(order, left, Kind.REST_CANCELLED, at);
        }
        environment.save(order.toRecord());
    }

    private void refuse(UsOrder order, Instant at) {
        if (order.request() == UsRequest.NEW) {
            adjustReservation(order, reservation(order), 0);
        }
        order.rejectedQty = order.qty();
        closed(order);
        environment.save(order.toRecord());
        sendNotice(order, order.qty(), Kind.REJECTED, at);
    }

    /** Books a fill of a user's order, during {@link UsMarket#take}. */
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
        order.basis += account.bookFill(order.symbol(), order.side(), qty, price * qty, costs);
        if (order.remaining() == 0) {
            closed(order);
        }
        adjustReservation(order, before, reservation(order));
        Instant brokerTime = environment.brokerTime(at);
        environment.save(new UsRecord.Fill(
                order.day(),
                order.odno(),
                order.fills,
                brokerTime.atZone(UsHours.NEW_YORK).toLocalDateTime().withNano(0),
                price,
                qty));
        environment.save(order.toRecord());
        environment.save(account.cashRecord());
        environment.save(account.holdingRecord(order.symbol()));
        environment.save(new UsRecord.Price(stock.symbol(), stock.tape().figures()));
        environment.publishNotice(new UsNotice(order, qty, price, koreanTime(brokerTime), Kind.FILL));
    }

    // ---- modify and cancel ---------------------------------------------------------------------------------------

    /**
     * Accepts a modify or cancel and executes it at once. A modified order queues at the end, also at an unchanged price
     * [assumed].
     */
    public Answer revise(Revision revision, Instant now) {
        Optional<UsRefusal> closed = closed(revision.dayMarket());
        if (closed.isPresent()) {
            return refused(closed.get());
        }
        UsAccount account = findOrOpenAccount(revision.holder());
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
        Optional<UsRefusal> refusal = validate(revision, original, qty, account);
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        market.wake(stock(original), now, listener);
        // Waking makes agents quote, and their quotes may have traded with the order.
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
                revision.cancel() ? 0 : revision.price().orElseThrow(),
                now);
        if (environment.refusedByExchange(row)) {
            refuse(row, now);
            return new Answer.Accepted(row);
        }
        reduceOriginal(original, qty);
        if (revision.cancel()) {
            row.cancelledQty = qty;
            closed(row);
            environment.save(row.toRecord());
            sendNotice(row, qty, Kind.CONFIRMED, now);
        } else {
            opened(row);
            adjustReservation(row, 0, reservation(row));
            sendNotice(row, qty, Kind.CONFIRMED, now);
            trade(row, now);
        }
        return new Answer.Accepted(row);
    }

    private Optional<UsRefusal> validate(Revision revision, UsOrder original, long qty, UsAccount account) {
        if (original.remaining() == 0 || qty > original.remaining()) {
            return Optional.of(original.remaining() == 0 ? UsRefusal.NOTHING_LEFT : UsRefusal.MORE_THAN_OPEN);
        }
        if (revision.cancel()) {
            return Optional.empty();
        }
        Optional<UsRefusal> refusal = validate(original.division(), revision.price(), qty);
        if (refusal.isPresent()) {
            return refusal;
        }
        long freed = reservation(original) - reservation(original, original.remaining() - qty);
        return original.side() == Side.BUY && margin(qty, revision.price().orElseThrow()) > account.spendable() + freed
                ? Optional.of(UsRefusal.NOT_ENOUGH_CASH)
                : Optional.empty();
    }

    private void reduceOriginal(UsOrder original, long qty) {
        long before = reservation(original);
        if (!isWaiting(original) && market.reduce(stock(original), original.id(), qty) != qty) {
            throw new IllegalStateException("US order " + original.odno() + " rests with less than it has left");
        }
        original.cancelledQty += qty;
        if (original.remaining() == 0) {
            closed(original);
        }
        adjustReservation(original, before, reservation(original));
        environment.save(original.toRecord());
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    /** The number of shares at a price that an account could buy. */
    public long buyableQuantity(UsAccount account, long price) {
        long cash = Math.max(0, account.spendable());
        long max = price <= 0 ? 0 : Math.min(MAX_SHARES, cash / price);
        long affordable = 0;
        while (affordable < max) {
            long middle = affordable + (max - affordable + 1) / 2;
            if (margin(middle, price) <= cash) {
                affordable = middle;
            } else {
                max = middle - 1;
            }
        }
        return affordable;
    }

    private UsStock stock(UsOrder order) {
        return market.find(order.symbol())
                .orElseThrow(() -> new IllegalStateException(order.symbol() + " is not listed"));
    }

    /** The cost of {@code qty} shares bought at {@code price}, with the commission. */
    private long margin(long qty, long price) {
        long amount = Math.multiplyExact(qty, price);
        return amount + rules.commission(amount);
    }

    private long reservation(UsOrder order) {
        return reservation(order, order.remaining());
    }

    /** A reservation in dollars such that its sum with the order's cost so far never changes: slices cut commission off. */
    private long reservation(UsOrder order, long remaining) {
        if (order.side() == Side.SELL) {
            return remaining;
        }
        long amount = Math.multiplyExact(remaining, order.price());
        return amount + rules.commission(order.filledAmount + amount) - order.costs;
    }

    /** Replaces the order's reservation, shares of a sale or dollars of a buy. */
    private void adjustReservation(UsOrder order, long before, long after) {
        UsAccount account = account(order.holder());
        if (order.side() == Side.SELL) {
            account.position(order.symbol()).reserved += after - before;
        } else {
            account.reserved += after - before;
        }
    }

    private void opened(UsOrder order) {
        open.add(order.id(), order.symbol(), order);
    }

    private void closed(UsOrder order) {
        order.open = false;
        open.remove(order.id(), order.symbol());
    }

    private void sendNotice(UsOrder order, long qty, Kind kind, Instant at) {
        environment.publishNotice(
                new UsNotice(order, qty, order.price(), koreanTime(environment.brokerTime(at)), kind));
    }

    private static int koreanTime(Instant at) {
        return Tape.timeOfDay(at.atZone(TradingCalendar.SEOUL).toLocalTime());
    }

    private static Answer refused(UsRefusal why) {
        return new Answer.Refused(why);
    }
}
