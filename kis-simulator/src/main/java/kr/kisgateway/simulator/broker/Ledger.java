package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.wire.ExecutionNotice.Kind;

/**
 * Accounts and orders: validation, reservations, and the booking of fills.
 *
 * <p>An open buy reserves its remaining shares at the margin price (a market order's is the upper limit) with the commission;
 * an open sell reserves its shares. Each fill books cash and shares at once; costs are computed on an order's cumulative
 * amount so that they do not depend on how it was sliced.
 */
final class Ledger {
    /** The largest gap between two order numbers. */
    private static final int ODNO_GAP = 7;

    private static final int NOON = 120_000;

    /** Receives everything that becomes an execution notice. */
    interface NoticeSink {
        void publishNotice(Frames.Notice notice, StepOutput out);
    }

    private record Arrival(Instant due, UserOrder order) {}

    private final Exchange exchange;
    private final TradingCalendar calendar;
    private final Costs costs = Costs.usual();
    private final double ledgerPerSecond;
    private final Face face;
    private final Faults faults;
    private final NoticeSink notices;
    private final Exchange.Listener listener;
    private final SplittableRandom random;
    private final OrderRules rules;
    private final OrderRouter dealer;
    private final Map<AccountId, Account> accounts = new TreeMap<>();
    private final Map<Long, UserOrder> open = new TreeMap<>();
    private final Map<Symbol, Integer> openPerStock = new HashMap<>();
    private final Fingerprints received = new Fingerprints();
    private final Fingerprints revised = new Fingerprints();
    /** Requests that the broker accepted and the exchange does not have yet, in the order in which they arrive. */
    private final Deque<Arrival> arrivals = new ArrayDeque<>();

    private final Balances balances;

    private LocalDate day;
    private long lastOdno;
    private long lastPriority;

    Ledger(
            Exchange exchange,
            TradingCalendar calendar,
            BrokerRules rules,
            Faults faults,
            Balances balances,
            LocalDate day,
            Exchange.Listener listener,
            NoticeSink notices) {
        this.exchange = exchange;
        this.calendar = calendar;
        this.ledgerPerSecond = rules.ledgerPerSecond();
        this.face = rules.face();
        this.lastOdno = face.firstOrderNumber();
        this.faults = faults;
        this.balances = balances;
        this.day = day;
        this.listener = listener;
        this.notices = notices;
        this.random = new SplittableRandom(rules.seed());
        this.rules = new OrderRules(exchange, face);
        this.dealer = new OrderRouter(exchange, this.rules, listener);
    }

    LocalDate day() {
        return day;
    }

    /** Whether a user's order rests in the stock. */
    boolean hasOpenOrders(Symbol symbol) {
        return openPerStock.containsKey(symbol);
    }

    // ---- restart and day roll ------------------------------------------------------------------------------------

    /** Restores one record; orders must come in the order of their priority, so they queue as before. */
    void restore(Change change) {
        switch (change) {
            case Change.Day d -> lastOdno = d.lastOdno();
            case Change.Cash c -> account(c.account()).restore(c);
            case Change.Holding h -> {
                if (h.daysAtZero() < 2) {
                    account(h.account()).restore(h);
                }
            }
            case Change.Order o -> {
                UserOrder order = new UserOrder(o);
                account(order.account).orders.add(order);
                lastPriority = Math.max(lastPriority, order.priority);
                if (order.open) {
                    opened(order);
                    adjustReservation(order, 0, reservation(order));
                }
                if (order.open && order.arrived) {
                    restoreResting(order);
                }
            }
            case Change.Fill f -> {}
            case Change.Price p -> {}
            case Change.FirstDay d -> {}
            case Change.Traded t -> {}
            case Change.TradedMinutes t -> {}
            case Change.TodaysMinutes t -> {}
            case Change.Us u -> {}
            case Change.Identity i -> {}
            case Change.Key k -> {}
            case Change.KeyAccount a -> {}
            case Change.Token t -> {}
        }
    }

    private void restoreResting(UserOrder order) {
        Stock stock = stock(order);
        long left = order.remaining();
        switch (order.resting) {
            case BOOK -> exchange.rest(stock, order.odno, order.side, order.restPrice, left);
            case MARKET -> exchange.restAtMarket(stock, order.odno, order.side, left);
            case CLOSE_PRICE -> exchange.restAtClosePrice(stock, order.odno, order.side, left);
            case MID -> exchange.restAtMid(stock, order.odno, order.side, left);
            case STOP -> exchange.restStop(stock, order.odno, order.side, order.conditionPrice, left);
            case NOWHERE -> throw new IllegalStateException("order " + order.odno + " rests nowhere");
        }
    }

    /** The stock on the order's venue. */
    private Stock stock(UserOrder order) {
        return exchange.find(order.symbol, order.venue)
                .orElseThrow(() -> new IllegalStateException(order.symbol + " is not listed on " + order.venue));
    }

    /**
     * Sorts the rows, which were restored by priority, by their numbers again, and resends what had not reached the exchange.
     */
    void finishRestore(Instant now) {
        Comparator<UserOrder> byNumber =
                Comparator.comparing((UserOrder o) -> o.day).thenComparingLong(o -> o.odno);
        accounts.values().forEach(a -> a.orders.sort(byNumber));
        accounts.values().stream()
                .flatMap(a -> a.orders.stream())
                .filter(o -> !o.arrived)
                .sorted(byNumber)
                .forEach(o -> arrivals.add(new Arrival(now, o)));
    }

    /** Ends every resting order: what was not filled expires, without a notice (§6.6). */
    void expireAll(StepOutput out) {
        for (Arrival late : arrivals) {
            UserOrder order = late.order();
            if (order.kind != OrderKind.NEW) {
                order.arrived = true;
                order.rejectedQty = order.qty;
                closed(order);
                out.save(order.change());
            }
        }
        arrivals.clear();
        List.copyOf(open.values()).forEach(order -> expire(order, out));
    }

    private void expire(UserOrder order, StepOutput out) {
        exchange.cancel(stock(order), order.odno);
        adjustReservation(order, reservation(order), 0);
        closed(order);
        out.save(order.change());
    }

    /** Handles a stock's phase change: orders valid only in the old phase expire, orders of the new phase are adapted. */
    void phaseChanged(Stock stock, Phase before, Phase after, Instant at, StepOutput out) {
        if (!openPerStock.containsKey(stock.symbol())) {
            return;
        }
        List<UserOrder> affected = open.values().stream()
                .filter(order -> order.arrived && order.symbol.equals(stock.symbol()) && order.venue == stock.venue())
                .sorted(Comparator.comparingLong((UserOrder o) -> o.priority).thenComparingLong(o -> o.odno))
                .toList();
        boolean closePrice = before == Phase.PREVIOUS_CLOSE || before == Phase.CLOSE_PRICE;
        for (UserOrder order : affected) {
            if (after == Phase.CLOSED && closePrice == (order.resting == RestingPlace.CLOSE_PRICE)) {
                expire(order, out);
            } else if (after == Phase.CLOSING_AUCTION
                    && order.division.pricing() == OrderDivision.Pricing.CONDITIONAL
                    && order.resting == RestingPlace.BOOK) {
                exchange.cancel(stock, order.odno);
                exchange.restAtMarket(stock, order.odno, order.side, order.remaining());
                order.resting = RestingPlace.MARKET;
                out.save(order.change());
            } else if (before == Phase.PRE_MARKET && after == Phase.BREAK && order.division.isPreMarketOnly()) {
                long left = order.remaining();
                exchange.cancel(stock, order.odno);
                cancelRest(order, left, stock, at, out);
                out.save(order.change());
            }
        }
        // The rest of market orders after an auction gets a price. A halt leaves them unchanged.
        affected.stream()
                .filter(order -> order.open
                        && order.resting == RestingPlace.MARKET
                        && stock.book().priceOf(order.odno) > 0)
                .forEach(order -> {
                    order.resting = RestingPlace.BOOK;
                    order.restPrice = stock.book().priceOf(order.odno);
                    order.priority = ++lastPriority;
                    out.save(order.change());
                });
    }

    /** Turns a stop order that the last price triggered into a limit order. */
    void stopTriggered(long odno, Instant at, StepOutput out) {
        UserOrder order = open.get(odno);
        if (order == null) {
            throw new IllegalStateException("stop order " + odno + " is triggered and not open");
        }
        order.triggeredAtMillis = at.toEpochMilli();
        order.resting = RestingPlace.NOWHERE;
        trade(order, stock(order), at, out);
    }

    void rollDay(LocalDate newDay, Instant now, StepOutput out) {
        expireAll(out);
        boolean isTradingDay = calendar.isTradingDay(newDay);
        day = newDay;
        lastOdno = face.firstOrderNumber();
        out.save(new Change.Day(day, lastOdno));
        exchange.rollDay(newDay, now);
        for (Stock stock : exchange.all()) {
            out.save(price(stock));
        }
        if (!isTradingDay) {
            return;
        }
        balances.clearSnapshots();
        for (Account account : accounts.values()) {
            account.rollDay(account.cashD2()
                    + balances.rows(account).stream()
                            .mapToLong(AnswerBodies.BalanceRow::value)
                            .sum());
            out.save(account.cashChange());
            List<Symbol> symbols = List.copyOf(account.positions.keySet());
            for (Symbol symbol : symbols) {
                out.save(account.holdingChange(symbol));
            }
            account.positions.values().removeIf(p -> p.qty == 0 && p.daysAtZero >= 2);
        }
    }

    // ---- accounts ------------------------------------------------------------------------------------------------

    /** The account, opened with 1 billion won at its first use. */
    Account findOrOpenAccount(AccountId id, StepOutput out) {
        Account entry = accounts.get(id);
        if (entry == null) {
            entry = account(id);
            entry.settled = Account.OPENING_CASH;
            entry.assetsYesterday = Account.OPENING_CASH;
            out.save(entry.cashChange());
        }
        return entry;
    }

    private Account account(AccountId id) {
        return accounts.computeIfAbsent(id, i -> new Account(i, 0, new RateWindow(ledgerPerSecond)));
    }

    // ---- order-cash ----------------------------------------------------------------------------------------------

    /** An order as the body spells it, numbers checked for form only. */
    record Request(
            Account account,
            String symbol,
            Side side,
            String dvsn,
            String exchange,
            long qty,
            long price,
            long condition) {
        String fingerprint() {
            return account.id + " " + symbol + ' ' + side + ' ' + qty + ' ' + price + ' ' + dvsn + ' ' + exchange;
        }
    }

    HttpAnswer place(Request request, Instant now, StepOutput out) {
        Optional<HttpAnswer> closed = closed(now);
        if (closed.isPresent()) {
            return closed.get();
        }
        Optional<Stock> found = Symbol.parse(request.symbol()).flatMap(exchange::find);
        if (found.isEmpty()) {
            return refused(Refusal.UNKNOWN_SYMBOL);
        }
        Stock stock = found.get();
        exchange.wake(stock, now, listener);
        Optional<Refusal> wrong = rules.check(
                stock, request.dvsn(), request.exchange(), request.price(), request.condition(), day, time(now));
        if (wrong.isPresent()) {
            return refused(wrong.get());
        }
        rules.venues(stock.symbol(), request.exchange()).forEach(entry -> exchange.wake(entry, now, listener));
        Account account = request.account();
        if (request.side() == Side.SELL) {
            Account.Position position = account.positions.get(stock.symbol());
            if (position == null || position.sellable() < request.qty()) {
                return refused(position == null ? Refusal.NO_HOLDING : Refusal.TOO_MANY_SHARES);
            }
        } else if (margin(request.qty(), marginPrice(stock, request.dvsn(), request.price())) > account.spendable()) {
            return refused(Refusal.NOT_ENOUGH_CASH);
        }
        received.count(request.fingerprint());
        UserOrder order = accept(
                stock,
                account,
                OrderKind.NEW,
                0,
                request.side(),
                request.dvsn(),
                request.exchange(),
                request.qty(),
                request.price(),
                request.condition(),
                now,
                out);
        sendNotice(order, order.qty, Kind.RECEIPT, stock, now, out);
        forwardToExchange(order, stock, now, out);
        return HttpAnswer.of(200, AnswerBodies.accepted(face, order));
    }

    private UserOrder accept(
            Stock stock,
            Account account,
            OrderKind kind,
            long originalOdno,
            Side side,
            String dvsn,
            String exchangeId,
            long qty,
            long price,
            long condition,
            Instant now,
            StepOutput out) {
        nextNumber(out);
        long marginPrice = kind == OrderKind.CANCEL ? 0 : marginPrice(stock, dvsn, price);
        UserOrder order = new UserOrder(new Change.Order(
                day,
                lastOdno,
                originalOdno,
                account.id,
                stock.symbol(),
                side,
                kind,
                dvsn,
                exchangeId,
                qty,
                price,
                time(faults.brokerTime(now)),
                marginPrice,
                0,
                0,
                0,
                0,
                0,
                0,
                true,
                now.toEpochMilli(),
                0,
                exchangeId.equals("NXT") ? Venue.NXT : Venue.KRX,
                RestingPlace.NOWHERE,
                condition,
                0,
                0));
        account.orders.add(order);
        opened(order);
        adjustReservation(order, 0, reservation(order));
        return order;
    }

    /** The next order number of the day. */
    long nextNumber(StepOutput out) {
        lastOdno += 1 + random.nextInt(ODNO_GAP);
        out.save(new Change.Day(day, lastOdno));
        return lastOdno;
    }

    // ---- on the way to the exchange ------------------------------------------------------------------------------

    /** Forwards an accepted request; it arrives at once, or after the delay and behind those already in transit. */
    private void forwardToExchange(UserOrder order, Stock stock, Instant now, StepOutput out) {
        long delay = faults.time("exchange_delay_ms", target(order));
        if (delay == 0 && arrivals.isEmpty()) {
            arrive(order, stock, now, out);
            return;
        }
        Instant due = now.plusMillis(delay);
        Instant last = arrivals.isEmpty() ? due : arrivals.getLast().due();
        arrivals.add(new Arrival(due.isBefore(last) ? last : due, order));
        out.save(order.change());
    }

    /** When the next request reaches the exchange; empty when none is in transit. */
    Optional<Instant> nextArrival() {
        return Optional.ofNullable(arrivals.peek()).map(Arrival::due);
    }

    /** Delivers the next request to the exchange. */
    void arrive(StepOutput out) {
        Arrival arrival = arrivals.remove();
        exchange.find(arrival.order().symbol).ifPresent(stock -> arrive(arrival.order(), stock, arrival.due(), out));
    }

    private void arrive(UserOrder order, Stock stock, Instant at, StepOutput out) {
        switch (order.kind) {
            case NEW -> {
                if (faults.hits("reject_by_exchange", Faults.ORDERS)) {
                    refuse(order, stock, at, out);
                } else {
                    order.arrived = true;
                    trade(order, stock, at, out);
                }
            }
            case MODIFY -> modifyArrives(order, stock, at, out);
            case CANCEL -> cancelArrives(order, stock, at, out);
        }
    }

    /** Books the exchange's refusal of what the broker accepted; the original order stays unchanged. */
    private void refuse(UserOrder order, Stock stock, Instant at, StepOutput out) {
        adjustReservation(order, reservation(order), 0);
        order.arrived = true;
        order.rejectedQty = order.qty;
        closed(order);
        out.save(order.change());
        sendNotice(order, order.qty, Kind.REJECTED, stock, at, out);
    }

    /** Submits an accepted order to the market and books the result. */
    private void trade(UserOrder order, Stock stock, Instant now, StepOutput out) {
        switch (dealer.execute(order, now)) {
            case OrderRouter.Outcome.Accepted stays -> {
                if (order.open) {
                    order.priority = ++lastPriority;
                }
                out.save(order.change());
            }
            case OrderRouter.Outcome.Cancelled(long left) -> {
                cancelRest(order, left, stock, now, out);
                out.save(order.change());
            }
            case OrderRouter.Outcome.Refused none -> refuse(order, stock, now, out);
        }
        rules.venues(order.symbol, order.exchange).forEach(entry -> exchange.triggerStops(entry, now, listener));
    }

    private void cancelRest(UserOrder order, long left, Stock stock, Instant now, StepOutput out) {
        adjustReservation(order, reservation(order), 0);
        order.cancelledQty += left;
        closed(order);
        sendNotice(order, left, Kind.REST_CANCELLED, stock, now, out);
    }

    /** Books a fill of a user's order, during {@link Exchange#take}. */
    void filled(Stock stock, long odno, long price, long qty, Instant at, StepOutput out) {
        UserOrder order = open.get(odno);
        if (order == null) {
            throw new IllegalStateException("a fill of order " + odno + ", which is not open");
        }
        Account account = account(order.account);
        balances.recordSnapshot(account, at);
        long before = reservation(order);
        long costsBefore = costs(order, stock);
        order.filledQty += qty;
        order.filledAmount += price * qty;
        order.fills++;
        order.basis += account.bookFill(order.symbol, order.side, qty, price * qty, costs(order, stock) - costsBefore);
        if (order.outstanding() == 0) {
            closed(order);
        }
        adjustReservation(order, before, reservation(order));
        int time = time(faults.brokerTime(at));
        out.save(new Change.Fill(order.day, odno, order.fills, time, price, qty));
        out.save(order.change());
        out.save(account.cashChange());
        out.save(account.holdingChange(order.symbol));
        out.save(price(stock));
        notices.publishNotice(
                new Frames.Notice(
                        order,
                        stock.venue(),
                        qty,
                        price,
                        time,
                        Kind.FILL,
                        stock.instrument().name()),
                out);
    }

    // ---- order-rvsecncl ------------------------------------------------------------------------------------------

    /** A modify or cancel as the body spells it; {@code qty} counts only when not {@code all}. */
    record Revision(
            Account account,
            String orgNo,
            long originalOdno,
            boolean cancel,
            boolean all,
            String dvsn,
            String exchange,
            long qty,
            long price,
            long condition) {
        String fingerprint(long taken) {
            return account.id
                    + (cancel ? " CANCEL " : " MODIFY ")
                    + originalOdno
                    + ' '
                    + taken
                    + (cancel ? "" : " " + price + ' ' + dvsn);
        }
    }

    /**
     * Accepts a modify or cancel. The answer means that it was sent: its result arrives by notice and in the order list, because
     * the order may trade until the exchange has the revision.
     */
    HttpAnswer revise(Revision revision, Instant now, StepOutput out) {
        Optional<HttpAnswer> closed = closed(now);
        if (closed.isPresent()) {
            return closed.get();
        }
        boolean rightBranch = revision.orgNo().isEmpty() || revision.orgNo().equals(face.orgNo());
        Account account = revision.account();
        UserOrder original = open.get(revision.originalOdno());
        // Another account's order is not found either.
        boolean originalExists = original != null
                ? original.account.equals(account.id)
                : account.orders.reversed().stream()
                        .takeWhile(o -> o.day.equals(day))
                        .anyMatch(o -> o.odno == revision.originalOdno() && o.kind != OrderKind.CANCEL);
        if (!rightBranch || !originalExists) {
            return refused(Refusal.UNKNOWN_ORIGINAL);
        }
        long free = original == null ? 0 : original.remaining() - quantityInTransit(original);
        if (original == null || free == 0) {
            return refused(Refusal.NOTHING_LEFT);
        }
        if (!revision.exchange().equals(original.exchange)) {
            return refused(Refusal.OTHER_VENUE);
        }
        long qty = revision.all() ? free : revision.qty();
        if (qty <= 0 || qty > free) {
            return refused(Refusal.MORE_THAN_OPEN);
        }
        Stock stock = exchange.find(original.symbol).orElseThrow();
        if (!revision.cancel()) {
            Optional<Refusal> wrong = rules.check(
                    stock, revision.dvsn(), original.exchange, revision.price(), revision.condition(), day, time(now));
            if (wrong.isPresent()) {
                return refused(wrong.get());
            }
            if (!isAffordable(original, qty, marginPrice(stock, revision.dvsn(), revision.price()))) {
                return refused(Refusal.NOT_ENOUGH_CASH);
            }
        }
        revised.count(revision.fingerprint(qty));
        UserOrder row = accept(
                stock,
                account,
                revision.cancel() ? OrderKind.CANCEL : OrderKind.MODIFY,
                original.odno,
                original.side,
                revision.cancel() ? original.dvsn : revision.dvsn(),
                original.exchange,
                qty,
                revision.cancel() ? 0 : revision.price(),
                revision.cancel() ? 0 : revision.condition(),
                now,
                out);
        forwardToExchange(row, stock, now, out);
        return HttpAnswer.of(200, AnswerBodies.accepted(face, row));
    }

    /** Shares of the order for which a modify or cancel is on its way to the exchange. */
    private long quantityInTransit(UserOrder original) {
        return arrivals.stream()
                .filter(a -> a.order().originalOdno == original.odno)
                .mapToLong(a -> a.order().qty)
                .sum();
    }

    /** Whether {@code qty} shares of the order may be re-priced: their current reservation is free for it. */
    private boolean isAffordable(UserOrder original, long qty, long newMarginPrice) {
        long freed = reservation(original) - margin(original.remaining() - qty, original.marginPrice);
        return original.side == Side.SELL
                || margin(qty, newMarginPrice) <= account(original.account).spendable() + freed;
    }

    private void cancelArrives(UserOrder row, Stock stock, Instant at, StepOutput out) {
        UserOrder original = open.get(row.originalOdno);
        long taken = original == null ? 0 : Math.min(row.qty, original.remaining());
        if (original == null || taken == 0 || faults.hits("reject_by_exchange", Faults.REVISIONS)) {
            refuse(row, stock, at, out);
            return;
        }
        reduceOriginal(original, stock, taken, out);
        row.arrived = true;
        row.cancelledQty = taken;
        row.rejectedQty = row.qty - taken;
        closed(row);
        out.save(row.change());
        sendNotice(row, taken, Kind.CONFIRMED, stock, at, out);
    }

    /**
     * Cancels the order and places the new one. At another price it queues at the end; at the same price it keeps its place, and
     * so does the rest of an order that is modified in part, which is ahead of the part.
     */
    private void modifyArrives(UserOrder row, Stock stock, Instant at, StepOutput out) {
        UserOrder original = open.get(row.originalOdno);
        long taken = original == null ? 0 : Math.min(row.qty, original.remaining());
        if (original == null
                || taken == 0
                || !isAffordable(original, taken, row.marginPrice)
                || dealer.route(row).isEmpty()
                || faults.hits("reject_by_exchange", Faults.REVISIONS)) {
            refuse(row, stock, at, out);
            return;
        }
        boolean staysInPlace = row.division.pricing() == OrderDivision.Pricing.LIMIT
                && !row.division.isImmediate()
                && original.resting == RestingPlace.BOOK
                && row.price == original.restPrice;
        if (staysInPlace) {
            exchange.restBehind(stock(original), lastWithPriority(original.priority), row.odno, taken);
            row.venue = original.venue;
            row.resting = RestingPlace.BOOK;
            row.restPrice = original.restPrice;
            row.priority = original.priority;
        }
        reduceOriginal(original, stock, taken, out);
        row.arrived = true;
        row.rejectedQty = row.qty - taken;
        adjustReservation(row, 0, reservation(row));
        sendNotice(row, taken, Kind.CONFIRMED, stock, at, out);
        if (staysInPlace) {
            out.save(row.change());
        } else {
            trade(row, stock, at, out);
        }
    }

    /** The last of the orders that share a place in the queue, which has the highest number. */
    private long lastWithPriority(long priority) {
        return open.values().stream()
                .filter(o -> o.priority == priority)
                .mapToLong(o -> o.odno)
                .max()
                .orElseThrow();
    }

    private void reduceOriginal(UserOrder original, Stock stock, long qty, StepOutput out) {
        long before = reservation(original);
        long taken = exchange.reduce(stock(original), original.odno, qty);
        if (taken != qty) {
            throw new IllegalStateException("order " + original.odno + " rests with less than it has left");
        }
        original.cancelledQty += qty;
        if (original.outstanding() == 0) {
            closed(original);
        }
        adjustReservation(original, before, reservation(original));
        out.save(original.change());
    }

    // ---- queries -------------------------------------------------------------------------------------------------

    /**
     * The buying power of an account.
     *
     * @param cash in won, commissions included
     * @param unit the price per share; 0 where the request names no stock or no price
     * @param qty whole shares; 0 where it names none
     */
    record BuyingPower(long cash, long unit, long qty) {}

    /** The buying power for a stock, or without one in total; empty when the stock does not exist. */
    Optional<BuyingPower> buyingPower(Account account, String symbol, String dvsn, long price) {
        long cash = Math.max(0, account.spendable());
        if (symbol.isBlank()) {
            return Optional.of(new BuyingPower(cash, 0, 0));
        }
        return Symbol.parse(symbol).flatMap(exchange::find).map(stock -> {
            long unit = marginPrice(stock, dvsn, price);
            long qty = unit <= 0 ? 0 : cash / unit;
            while (qty > 0 && margin(qty, unit) > cash) {
                qty--;
            }
            return new BuyingPower(cash, unit, qty);
        });
    }

    /** Accepted orders, counted by account (masked), symbol, side, quantity, price, ORD_DVSN and exchange. */
    Map<String, Integer> received() {
        return received.counts();
    }

    /** Accepted modifies and cancels, counted by account (masked), kind, original number, shares and price. */
    Map<String, Integer> revised() {
        return revised.counts();
    }

    int openOrders() {
        return open.size();
    }

    /** The account's orders that a modify or cancel could reach, newest first. */
    List<UserOrder> open(Account account) {
        return account.orders.reversed().stream()
                .filter(order -> order.open && order.remaining() > 0)
                .toList();
    }

    static String target(UserOrder order) {
        return order.kind == OrderKind.NEW ? Faults.ORDERS : Faults.REVISIONS;
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private Optional<HttpAnswer> closed(Instant now) {
        if (!calendar.isTradingDay(day)) {
            return Optional.of(refused(Refusal.CLOSED_DAY));
        }
        return exchange.anyOpen(now)
                ? Optional.empty()
                : Optional.of(refused(time(faults.brokerTime(now)) < NOON ? Refusal.TOO_EARLY : Refusal.TOO_LATE));
    }

    private static long marginPrice(Stock stock, String dvsn, long price) {
        return OrderDivision.of(dvsn)
                .map(division -> OrderRules.marginPrice(stock, division, price))
                .orElse(stock.upper());
    }

    private static Change.Price price(Stock stock) {
        return new Change.Price(stock.symbol(), stock.venue(), stock.tape().figures());
    }

    /** The cost of {@code qty} shares bought at {@code price}, with the commission. */
    private long margin(long qty, long price) {
        long amount = Math.multiplyExact(qty, price);
        return amount + costs.commission(amount);
    }

    private long reservation(UserOrder order) {
        long remaining = order.remaining();
        return order.side == Side.SELL ? remaining : margin(remaining, order.marginPrice);
    }

    /** Replaces the order's reservation, shares of a sell or won of a buy. */
    private void adjustReservation(UserOrder order, long before, long after) {
        Account account = account(order.account);
        if (order.side == Side.SELL) {
            account.position(order.symbol).reserved += after - before;
        } else {
            account.reserved += after - before;
        }
    }

    private long costs(UserOrder order, Stock stock) {
        return costs.of(
                order.side, stock.instrument().market(), stock.instrument().product(), order.filledAmount, order.day);
    }

    private void opened(UserOrder order) {
        if (order.kind == OrderKind.CANCEL) {
            return;
        }
        open.put(order.odno, order);
        openPerStock.merge(order.symbol, 1, Integer::sum);
    }

    private void closed(UserOrder order) {
        order.open = false;
        order.resting = RestingPlace.NOWHERE;
        if (open.remove(order.odno) != null) {
            openPerStock.computeIfPresent(order.symbol, (s, n) -> n == 1 ? null : Integer.valueOf(n - 1));
        }
    }

    /** Sends a notice about the request itself, with its own price. */
    private void sendNotice(UserOrder order, long qty, Kind kind, Stock stock, Instant at, StepOutput out) {
        notices.publishNotice(
                new Frames.Notice(
                        order,
                        order.venue,
                        qty,
                        order.price,
                        time(faults.brokerTime(at)),
                        kind,
                        stock.instrument().name()),
                out);
    }

    static int time(Instant now) {
        return Tape.timeOfDay(now.atZone(TradingCalendar.SEOUL).toLocalTime());
    }

    private HttpAnswer refused(Refusal why) {
        return why.answer(face);
    }
}
