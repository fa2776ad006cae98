package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.account.OpenOrders;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.MatchingEngine;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.wire.ExecutionNotice.Kind;

/**
 * The orders for domestic stocks from their request to their end: validation, the way to the exchange, fills, modifies and
 * cancels, and expiry. {@link Accounts} keeps the cash and shares.
 */
final class Ledger {
    /** The largest gap between two order numbers. */
    private static final int ODNO_GAP = 7;

    private static final int NOON = 120_000;

    /** Receives everything that becomes an execution notice. */
    interface NoticeSink {
        void publishNotice(Frames.Notice notice, StepOutput out);
    }

    private final Exchange exchange;
    private final MatchingEngine matching;
    private final TradingCalendar calendar;
    private final Face face;
    private final Faults faults;
    private final NoticeSink notices;
    private final Exchange.Listener listener;
    private final SplittableRandom random;
    private final OrderRules rules;
    private final OrderRouter dealer;
    private final Accounts accounts;
    private final OpenOrders<Symbol, UserOrder> open = new OpenOrders<>();
    private final Fingerprints received = new Fingerprints();
    private final Fingerprints revised = new Fingerprints();
    private final RequestsInTransit inTransit = new RequestsInTransit();
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
        this.matching = exchange.matching();
        this.calendar = calendar;
        this.accounts = new Accounts(rules.ledgerPerSecond());
        this.face = rules.face();
        this.lastOdno = face.firstOrderNumber();
        this.faults = faults;
        this.balances = balances;
        this.day = day;
        this.listener = listener;
        this.notices = notices;
        this.random = new SplittableRandom(rules.seed());
        this.rules = new OrderRules(exchange, face);
        this.dealer = new OrderRouter(matching, this.rules, listener);
    }

    LocalDate day() {
        return day;
    }

    /** Whether a user's order rests in the stock. */
    boolean hasOpenOrders(Symbol symbol) {
        return open.existIn(symbol);
    }

    // ---- restart and day roll ------------------------------------------------------------------------------------

    /** Restores one record; orders must come in the order of their priority, so they queue as before. */
    void restore(Change change) {
        switch (change) {
            case Change.Day d -> lastOdno = d.lastOdno();
            case Change.Cash c -> accounts.get(c.account()).restore(c);
            case Change.Holding h -> {
                if (h.daysAtZero() < 2) {
                    accounts.get(h.account()).restore(h);
                }
            }
            case Change.Order o -> {
                UserOrder order = new UserOrder(o);
                accounts.get(order.account).orders.add(order);
                lastPriority = Math.max(lastPriority, order.priority);
                if (order.open) {
                    opened(order);
                    accounts.reserve(order);
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
            case BOOK -> matching.rest(stock, order.odno, order.side, order.restPrice, left);
            case MARKET -> matching.restAtMarket(stock, order.odno, order.side, left);
            case CLOSE_PRICE -> matching.restAtClosePrice(stock, order.odno, order.side, left);
            case MID -> matching.restAtMid(stock, order.odno, order.side, left);
            case STOP -> matching.restStop(stock, order.odno, order.side, order.conditionPrice, left);
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
        accounts.all().forEach(a -> a.orders.sort(byNumber));
        accounts.all().stream()
                .flatMap(a -> a.orders.stream())
                .filter(o -> !o.arrived)
                .sorted(byNumber)
                .forEach(o -> inTransit.add(o, now));
    }

    /** Ends every resting order: what was not filled expires, without a notice (§6.6). */
    void expireAll(StepOutput out) {
        for (UserOrder order : inTransit.removeAll()) {
            if (order.kind != OrderKind.NEW) {
                order.arrived = true;
                order.rejectedQty = order.qty;
                closed(order);
                out.save(order.change());
            }
        }
        List.copyOf(open.all()).forEach(order -> expire(order, out));
    }

    private void expire(UserOrder order, StepOutput out) {
        matching.cancel(stock(order), order.odno);
        accounts.release(order);
        closed(order);
        out.save(order.change());
    }

    /** Handles a stock's phase change: orders valid only in the old phase expire, orders of the new phase are adapted. */
    void phaseChanged(Stock stock, Phase before, Phase after, Instant at, StepOutput out) {
        if (!open.existIn(stock.symbol())) {
            return;
        }
        List<UserOrder> affected = open.all().stream()
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
                matching.cancel(stock, order.odno);
                matching.restAtMarket(stock, order.odno, order.side, order.remaining());
                order.resting = RestingPlace.MARKET;
                out.save(order.change());
            } else if (before == Phase.PRE_MARKET && after == Phase.BREAK && order.division.isPreMarketOnly()) {
                long left = order.remaining();
                matching.cancel(stock, order.odno);
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
        for (Account account : accounts.all()) {
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

    Accounts accounts() {
        return accounts;
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
        } else if (accounts.margin(request.qty(), marginPrice(stock, request.dvsn(), request.price()))
                > account.spendable()) {
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
        accounts.reserve(order);
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
        if (delay == 0 && inTransit.isEmpty()) {
            arrive(order, stock, now, out);
            return;
        }
        inTransit.add(order, now.plusMillis(delay));
        out.save(order.change());
    }

    /** When the next request reaches the exchange; empty when none is in transit. */
    Optional<Instant> nextArrival() {
        return inTransit.nextDue();
    }

    /** Delivers the next request to the exchange. */
    void arrive(StepOutput out) {
        RequestsInTransit.Arrival arrival = inTransit.removeNext();
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
        accounts.release(order);
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
        rules.venues(order.symbol, order.exchange).forEach(entry -> matching.triggerStops(entry, now, listener));
    }

    private void cancelRest(UserOrder order, long left, Stock stock, Instant now, StepOutput out) {
        accounts.release(order);
        order.cancelledQty += left;
        closed(order);
        sendNotice(order, left, Kind.REST_CANCELLED, stock, now, out);
    }

    /** Books a fill of a user's order, during {@link MatchingEngine#take}. */
    void filled(Stock stock, long odno, long price, long qty, Instant at, StepOutput out) {
        UserOrder order = open.get(odno);
        if (order == null) {
            throw new IllegalStateException("a fill of order " + odno + ", which is not open");
        }
        Account account = accounts.get(order.account);
        balances.recordSnapshot(account, at);
        long before = accounts.reservation(order);
        accounts.bookFill(order, stock, price, qty);
        if (order.outstanding() == 0) {
            closed(order);
        }
        accounts.adjustReservation(order, before);
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
        long free = original == null ? 0 : original.remaining() - inTransit.quantity(original);
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
            if (!accounts.isAffordable(original, qty, marginPrice(stock, revision.dvsn(), revision.price()))) {
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
                || !accounts.isAffordable(original, taken, row.marginPrice)
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
            matching.restBehind(stock(original), lastWithPriority(original.priority), row.odno, taken);
            row.venue = original.venue;
            row.resting = RestingPlace.BOOK;
            row.restPrice = original.restPrice;
            row.priority = original.priority;
        }
        reduceOriginal(original, stock, taken, out);
        row.arrived = true;
        row.rejectedQty = row.qty - taken;
        accounts.reserve(row);
        sendNotice(row, taken, Kind.CONFIRMED, stock, at, out);
        if (staysInPlace) {
            out.save(row.change());
        } else {
            trade(row, stock, at, out);
        }
    }

    /** The last of the orders that share a place in the queue, which has the highest number. */
    private long lastWithPriority(long priority) {
        return open.all().stream()
                .filter(o -> o.priority == priority)
                .mapToLong(o -> o.odno)
                .max()
                .orElseThrow();
    }

    private void reduceOriginal(UserOrder original, Stock stock, long qty, StepOutput out) {
        long before = accounts.reservation(original);
        long taken = matching.reduce(stock(original), original.odno, qty);
        if (taken != qty) {
            throw new IllegalStateException("order " + original.odno + " rests with less than it has left");
        }
        original.cancelledQty += qty;
        if (original.outstanding() == 0) {
            closed(original);
        }
        accounts.adjustReservation(original, before);
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
            while (qty > 0 && accounts.margin(qty, unit) > cash) {
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
        return open.all().size();
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

    private void opened(UserOrder order) {
        if (order.kind == OrderKind.CANCEL) {
            return;
        }
        open.add(order.odno, order.symbol, order);
    }

    private void closed(UserOrder order) {
        order.open = false;
        order.resting = RestingPlace.NOWHERE;
        open.remove(order.odno, order.symbol);
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
