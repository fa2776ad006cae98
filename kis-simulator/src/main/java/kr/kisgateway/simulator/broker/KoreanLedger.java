package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.account.AccountRules;
import kr.kisgateway.simulator.account.Ledger;
import kr.kisgateway.simulator.account.LoanKey;
import kr.kisgateway.simulator.account.Refusal;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.entity.Credit;
import kr.kisgateway.simulator.entity.OrderKind;
import kr.kisgateway.simulator.entity.RestingPlace;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.MatchingEngine;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.wire.ExecutionNotice.Kind;

/**
 * The accounts in won and the orders for domestic stocks from their request to their end: validation, the way to the exchange,
 * fills, modifies and cancels, and expiry. A market buy reserves cash at the upper limit.
 */
final class KoreanLedger extends Ledger<UserOrder> {
    /** The largest gap between two order numbers. */
    private static final int ODNO_GAP = 7;

    private static final int NOON = 120_000;

    private static final long USUAL_MARGIN_PERCENT = 40;

    /** A billion won for a new account; trades settle on the second business day after the trade (T+2). */
    private static final class Rules implements AccountRules {
        private final Costs costs = Costs.usual();

        @Override
        public Market market() {
            return Market.KOREA;
        }

        @Override
        public long openingCash() {
            return 1_000_000_000;
        }

        @Override
        public int settlementDays() {
            return 2;
        }

        @Override
        public int daysListedAtZero() {
            return 2;
        }

        @Override
        public long commission(long amount) {
            return costs.commission(amount);
        }
    }

    /** Receives the ledger's records and execution notices. */
    interface Output {
        void save(Change change);

        void publishNotice(Frames.Notice notice);
    }

    private final Exchange exchange;
    private final MatchingEngine matching;
    private final TradingCalendar calendar;
    private final Face face;
    private final Faults faults;
    private final Output output;
    private final Function<Symbol, String> names;
    private final Exchange.Listener listener;
    private final SplittableRandom random;
    private final OrderRules rules;
    private final OrderRouter dealer;
    private final Costs costs = Costs.usual();
    private final Fingerprints received = new Fingerprints();
    private final Fingerprints revised = new Fingerprints();
    private final RequestsInTransit inTransit = new RequestsInTransit();
    private final Balances balances;

    private LocalDate day;
    private long lastOdno;

    KoreanLedger(
            Exchange exchange,
            TradingCalendar calendar,
            BrokerRules rules,
            Faults faults,
            Balances balances,
            LocalDate day,
            Exchange.Listener listener,
            Function<Symbol, String> names,
            Output output) {
        super(new Rules());
        this.exchange = exchange;
        this.matching = exchange.matching();
        this.calendar = calendar;
        this.face = rules.face();
        this.lastOdno = face.firstOrderNumber();
        this.faults = faults;
        this.balances = balances;
        this.day = day;
        this.listener = listener;
        this.names = names;
        this.output = output;
        this.random = new SplittableRandom(rules.seed());
        this.rules = new OrderRules(exchange, face);
        this.dealer = new OrderRouter(matching, this.rules, listener);
    }

    LocalDate day() {
        return day;
    }

    // ---- the market of this ledger -------------------------------------------------------------------------------

    @Override
    protected void save(Change change) {
        output.save(change);
    }

    @Override
    protected Instant brokerTime(Instant at) {
        return faults.brokerTime(at);
    }

    @Override
    protected UserOrder order(Change.Order stored) {
        return new UserOrder(stored, (Change.KoreanTerms) stored.terms());
    }

    @Override
    protected long margin(UserOrder buy, long remaining) {
        return margin(buy, remaining, buy.marginPrice);
    }

    @Override
    protected long margin(UserOrder order, long qty, long price) {
        return margin(order.credit, qty, price);
    }

    /** The cash that a buy needs: all of its price, or the part that is not lent, with the commission on all of it. */
    private long margin(Optional<Credit> credit, long qty, long price) {
        long inCash = margin(qty, price);
        return credit.map(it -> inCash - it.lent(Math.multiplyExact(qty, price)))
                .orElse(inCash);
    }

    @Override
    protected long lent(UserOrder buy, long amount) {
        return buy.credit.map(credit -> credit.lent(amount)).orElse(0L);
    }

    @Override
    protected long takeFromQueue(UserOrder order, long qty) {
        return matching.reduce(stock(order), order.odno(), qty);
    }

    @Override
    protected void publishNotice(UserOrder order, long qty, Kind kind, Instant at) {
        publishNotice(order, order.venue, qty, order.price(), kind, at);
    }

    private void publishNotice(UserOrder order, Venue venue, long qty, long price, Kind kind, Instant at) {
        output.publishNotice(new Frames.Notice(
                order, venue, qty, price, koreanTime(brokerTime(at)), kind, names.apply(order.symbol)));
    }

    // ---- restart and day roll ------------------------------------------------------------------------------------

    @Override
    public void restore(Change change) {
        if (change instanceof Change.Day restored) {
            lastOdno = restored.lastOdno();
        } else {
            super.restore(change);
        }
    }

    @Override
    protected void restored(UserOrder order) {
        if (order.hasArrived()) {
            restoreResting(order);
        }
    }

    private void restoreResting(UserOrder order) {
        Stock stock = stock(order);
        long left = order.remaining();
        switch (order.resting) {
            case BOOK -> matching.rest(stock, order.odno(), order.side(), order.restPrice, left);
            case MARKET -> matching.restAtMarket(stock, order.odno(), order.side(), left);
            case CLOSE_PRICE -> matching.restAtClosePrice(stock, order.odno(), order.side(), left);
            case MID -> matching.restAtMid(stock, order.odno(), order.side(), left);
            case STOP -> matching.restStop(stock, order.odno(), order.side(), order.conditionPrice, left);
            case NOWHERE -> throw new IllegalStateException("order " + order.odno() + " rests nowhere");
        }
    }

    /** The stock on the order's venue. */
    private Stock stock(UserOrder order) {
        return exchange.find(order.symbol, order.venue)
                .orElseThrow(() -> new IllegalStateException(order.symbol + " is not listed on " + order.venue));
    }

    /** Completes the restoration, and resends what had not reached the exchange. */
    void finishRestore(Instant now) {
        sortRestored();
        accounts().stream()
                .flatMap(account -> account.orders().stream())
                .filter(order -> !order.hasArrived())
                .sorted(Comparator.comparing(UserOrder::day).thenComparingLong(UserOrder::odno))
                .forEach(order -> inTransit.add(order, now));
    }

    /** Ends every resting order: what was not filled expires, without a notice (§6.6). */
    void expireAll() {
        for (UserOrder order : inTransit.removeAll()) {
            if (order.kind() != OrderKind.NEW) {
                order.arrive();
                order.reject(order.qty());
                closed(order);
                save(order.record());
            }
        }
        List.copyOf(open()).forEach(this::end);
    }

    private void end(UserOrder order) {
        matching.cancel(stock(order), order.odno());
        expire(order);
    }

    /** Handles a stock's phase change: orders valid only in the old phase expire, orders of the new phase are adapted. */
    void phaseChanged(Stock stock, Phase before, Phase after, Instant at) {
        if (!hasOpenOrders(stock.symbol())) {
            return;
        }
        List<UserOrder> affected = open().stream()
                .filter(order ->
                        order.hasArrived() && order.symbol.equals(stock.symbol()) && order.venue == stock.venue())
                .sorted(Comparator.comparingLong((UserOrder o) -> o.priority()).thenComparingLong(o -> o.odno()))
                .toList();
        boolean closePrice = before == Phase.PREVIOUS_CLOSE || before == Phase.CLOSE_PRICE;
        for (UserOrder order : affected) {
            if (after == Phase.CLOSED && closePrice == (order.resting == RestingPlace.CLOSE_PRICE)) {
                end(order);
            } else if (after == Phase.CLOSING_AUCTION
                    && order.division.pricing() == OrderDivision.Pricing.CONDITIONAL
                    && order.resting == RestingPlace.BOOK) {
                matching.cancel(stock, order.odno());
                matching.restAtMarket(stock, order.odno(), order.side(), order.remaining());
                order.resting = RestingPlace.MARKET;
                save(order.record());
            } else if (before == Phase.PRE_MARKET && after == Phase.BREAK && order.division.isPreMarketOnly()) {
                long left = order.remaining();
                matching.cancel(stock, order.odno());
                cancelRest(order, left, at);
                save(order.record());
            }
        }
        // The rest of market orders after an auction gets a price. A halt leaves them unchanged.
        affected.stream()
                .filter(order -> order.isOpen()
                        && order.resting == RestingPlace.MARKET
                        && stock.book().priceOf(order.odno()) > 0)
                .forEach(order -> {
                    order.resting = RestingPlace.BOOK;
                    order.restPrice = stock.book().priceOf(order.odno());
                    queueLast(order);
                    save(order.record());
                });
    }

    /** Turns a stop order that the last price triggered into a limit order. */
    void stopTriggered(long odno, Instant at) {
        UserOrder order = open(odno);
        if (order == null) {
            throw new IllegalStateException("stop order " + odno + " is triggered and not open");
        }
        order.triggeredAtMillis = at.toEpochMilli();
        order.resting = RestingPlace.NOWHERE;
        trade(order, stock(order), at);
    }

    void rollDay(LocalDate newDay, Instant now) {
        expireAll();
        boolean isTradingDay = calendar.isTradingDay(newDay);
        day = newDay;
        lastOdno = face.firstOrderNumber();
        save(new Change.Day(day, lastOdno));
        exchange.rollDay(newDay, now);
        for (Stock stock : exchange.all()) {
            save(price(stock));
        }
        if (!isTradingDay) {
            return;
        }
        balances.clearSnapshots();
        rollAccounts(account -> account.cash()
                - account.lent()
                + balances.rows(account).stream()
                        .mapToLong(AnswerBodies.BalanceRow::value)
                        .sum());
    }

    // ---- order-cash, order-credit
    // ----------------------------------------------------------------------------------------------

    /**
     * An order as the body spells it, numbers checked for form only.
     *
     * @param loan of a credit order; empty for an order in cash
     */
    record Request(
            Account<UserOrder> account,
            String symbol,
            Side side,
            String dvsn,
            String exchange,
            long qty,
            long price,
            long condition,
            Optional<RequestedLoan> loan) {
        String fingerprint() {
            return account.id()
                    + " "
                    + symbol
                    + ' '
                    + side
                    + ' '
                    + qty
                    + ' '
                    + price
                    + ' '
                    + dvsn
                    + ' '
                    + exchange
                    + loan.map(it -> " CREDIT " + it.type() + ' ' + it.date()).orElse("");
        }
    }

    /**
     * The loan of an order.
     *
     * @param type CRDT_TYPE
     * @param date LOAN_DT
     */
    record RequestedLoan(String type, String date) {}

    private sealed interface LoanCheck {
        /** @param credit empty for an order in cash */
        record Fine(Optional<Credit> credit) implements LoanCheck {}

        record Wrong(Refusal why) implements LoanCheck {}
    }

    /** The loan of an order: a buy's is of today, and a sale repays one of any day. */
    private LoanCheck checkLoan(Request request) {
        if (request.loan().isEmpty()) {
            return new LoanCheck.Fine(Optional.empty());
        }
        RequestedLoan loan = request.loan().get();
        if (Credit.isStockBorrowing(loan.type())) {
            return new LoanCheck.Wrong(Refusal.NO_STOCK_LENDING); // not simulated
        }
        boolean buy = request.side() == Side.BUY;
        if (buy ? !Credit.borrows(loan.type()) : !Credit.repays(loan.type())) {
            return new LoanCheck.Wrong(Refusal.NO_SUCH_CREDIT);
        }
        Optional<LocalDate> date = DailyOrders.Query.day(loan.date());
        if (date.isEmpty() || buy && !date.get().equals(day)) {
            return new LoanCheck.Wrong(Refusal.OTHER_LOAN_DATE);
        }
        return new LoanCheck.Fine(Optional.of(new Credit(loan.type(), date.get(), marginPercent())));
    }

    /** The part of its price that a buy on credit pays itself. [assumed] */
    private long marginPercent() {
        long switched = faults.time("credit_margin_percent", "");
        return switched > 0 ? Math.min(switched, 100) : USUAL_MARGIN_PERCENT;
    }

    HttpAnswer place(Request request, Instant now) {
        Optional<HttpAnswer> closed = closed(now);
        if (closed.isPresent()) {
            return closed.get();
        }
        Optional<Stock> found = Symbol.parse(request.symbol()).flatMap(exchange::find);
        if (found.isEmpty()) {
            return refused(Refusal.UNKNOWN_SYMBOL);
        }
        Stock stock = found.get();
        Optional<Credit> credit;
        switch (checkLoan(request)) {
            case LoanCheck.Fine(Optional<Credit> fine) -> credit = fine;
            case LoanCheck.Wrong(Refusal why) -> {
                return refused(why);
            }
        }
        exchange.wake(stock, now, listener);
        Optional<Refusal> wrong = rules.check(
                stock, request.dvsn(), request.exchange(), request.price(), request.condition(), day, koreanTime(now));
        if (wrong.isPresent()) {
            return refused(wrong.get());
        }
        rules.venues(stock.symbol(), request.exchange()).forEach(entry -> exchange.wake(entry, now, listener));
        Account<UserOrder> account = request.account();
        long marginPrice = marginPrice(stock, request.dvsn(), request.price());
        if (request.side() == Side.SELL) {
            Account.Position position = credit.isPresent()
                    ? account.loans().get(LoanKey.of(stock.symbol(), credit.get()))
                    : account.positions().get(stock.symbol());
            if (position == null || position.sellable() < request.qty()) {
                return refused(position == null ? Refusal.NO_HOLDING : Refusal.TOO_MANY_SHARES);
            }
        } else if (margin(credit, request.qty(), marginPrice) > account.spendable()) {
            return refused(Refusal.NOT_ENOUGH_CASH);
        }
        received.count(request.fingerprint());
        UserOrder order = accept(
                account,
                new NewOrder(
                        stock.symbol(),
                        request.side(),
                        OrderKind.NEW,
                        0,
                        request.dvsn(),
                        request.qty(),
                        request.price(),
                        terms(request.exchange(), marginPrice, request.condition(), credit)),
                now);
        publishNotice(order, order.qty(), Kind.RECEIPT, now);
        forwardToExchange(order, stock, now);
        return HttpAnswer.of(200, AnswerBodies.accepted(face, order));
    }

    private static Change.KoreanTerms terms(
            String exchangeId, long marginPrice, long condition, Optional<Credit> credit) {
        return new Change.KoreanTerms(
                exchangeId,
                marginPrice,
                condition,
                0,
                exchangeId.equals("NXT") ? Venue.NXT : Venue.KRX,
                RestingPlace.NOWHERE,
                0,
                credit);
    }

    private UserOrder accept(Account<UserOrder> account, NewOrder request, Instant now) {
        UserOrder order = accept(account, request, day, nextNumber(), now);
        opened(order);
        reserve(order);
        return order;
    }

    /** The next order number of the day. */
    long nextNumber() {
        lastOdno += 1 + random.nextInt(ODNO_GAP);
        save(new Change.Day(day, lastOdno));
        return lastOdno;
    }

    // ---- on the way to the exchange ------------------------------------------------------------------------------

    /** Forwards an accepted request; it arrives at once, or after the delay and behind those already in transit. */
    private void forwardToExchange(UserOrder order, Stock stock, Instant now) {
        long delay = faults.time("exchange_delay_ms", target(order));
        if (delay == 0 && inTransit.isEmpty()) {
            arrive(order, stock, now);
            return;
        }
        inTransit.add(order, now.plusMillis(delay));
        save(order.record());
    }

    /** When the next request reaches the exchange; empty when none is in transit. */
    Optional<Instant> nextArrival() {
        return inTransit.nextDue();
    }

    /** Delivers the next request to the exchange. */
    void arrive() {
        RequestsInTransit.Arrival arrival = inTransit.removeNext();
        exchange.find(arrival.order().symbol).ifPresent(stock -> arrive(arrival.order(), stock, arrival.due()));
    }

    private void arrive(UserOrder order, Stock stock, Instant at) {
        switch (order.kind()) {
            case NEW -> {
                if (faults.hits("reject_by_exchange", Faults.ORDERS)) {
                    refuse(order, at);
                } else {
                    order.arrive();
                    trade(order, stock, at);
                }
            }
            case MODIFY -> modifyArrives(order, stock, at);
            case CANCEL -> cancelArrives(order, stock, at);
        }
    }

    /** Submits an accepted order to the market and books the result. */
    private void trade(UserOrder order, Stock stock, Instant now) {
        switch (dealer.execute(order, now)) {
            case OrderRouter.Outcome.Accepted stays -> {
                if (order.isOpen()) {
                    queueLast(order);
                }
                save(order.record());
            }
            case OrderRouter.Outcome.Cancelled(long left) -> {
                cancelRest(order, left, now);
                save(order.record());
            }
            case OrderRouter.Outcome.Refused none -> refuse(order, now);
        }
        rules.venues(order.symbol, order.exchange).forEach(entry -> matching.triggerStops(entry, now, listener));
    }

    /** Books a fill of a user's order, during {@link MatchingEngine#take}. */
    void filled(Stock stock, long odno, long price, long qty, Instant at) {
        UserOrder order = open(odno);
        if (order == null) {
            throw new IllegalStateException("a fill of order " + odno + ", which is not open");
        }
        balances.recordSnapshot(findOrOpenAccount(order.account()), at);
        Instrument instrument = stock.instrument();
        book(
                order,
                price,
                qty,
                amount -> costs.of(order.side(), instrument.board(), instrument.product(), amount, order.day()),
                at);
        save(price(stock));
        publishNotice(order, stock.venue(), qty, price, Kind.FILL, at);
    }

    // ---- order-rvsecncl ------------------------------------------------------------------------------------------

    /** A modify or cancel as the body spells it; {@code qty} counts only when not {@code all}. */
    record Revision(
            Account<UserOrder> account,
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
            return account.id()
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
    HttpAnswer revise(Revision revision, Instant now) {
        Optional<HttpAnswer> closed = closed(now);
        if (closed.isPresent()) {
            return closed.get();
        }
        boolean rightBranch = revision.orgNo().isEmpty() || revision.orgNo().equals(face.orgNo());
        Account<UserOrder> account = revision.account();
        UserOrder original = open(revision.originalOdno());
        // Another account's order is not found either.
        boolean originalExists = original != null
                ? original.account().equals(account.id())
                : account.orders().reversed().stream()
                        .takeWhile(o -> o.day().equals(day))
                        .anyMatch(o -> o.odno() == revision.originalOdno() && o.kind() != OrderKind.CANCEL);
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
        long marginPrice = marginPrice(stock, revision.dvsn(), revision.price());
        if (!revision.cancel()) {
            Optional<Refusal> wrong = rules.check(
                    stock,
                    revision.dvsn(),
                    original.exchange,
                    revision.price(),
                    revision.condition(),
                    day,
                    koreanTime(now));
            if (wrong.isPresent()) {
                return refused(wrong.get());
            }
            if (!isAffordable(original, qty, marginPrice)) {
                return refused(Refusal.NOT_ENOUGH_CASH);
            }
        }
        revised.count(revision.fingerprint(qty));
        UserOrder row = accept(account, row(revision, original, qty, marginPrice), now);
        forwardToExchange(row, stock, now);
        return HttpAnswer.of(200, AnswerBodies.accepted(face, row));
    }

    private static NewOrder row(Revision revision, UserOrder original, long qty, long marginPrice) {
        boolean cancel = revision.cancel();
        return new NewOrder(
                original.symbol,
                original.side(),
                cancel ? OrderKind.CANCEL : OrderKind.MODIFY,
                original.odno(),
                cancel ? original.divisionCode() : revision.dvsn(),
                qty,
                cancel ? 0 : revision.price(),
                cancel
                        ? terms(original.exchange, 0, 0, original.credit)
                        : terms(original.exchange, marginPrice, revision.condition(), original.credit));
    }

    private void cancelArrives(UserOrder row, Stock stock, Instant at) {
        UserOrder original = open(row.originalOdno());
        long taken = original == null ? 0 : Math.min(row.qty(), original.remaining());
        if (original == null || taken == 0 || faults.hits("reject_by_exchange", Faults.REVISIONS)) {
            refuse(row, at);
            return;
        }
        reduceOriginal(original, taken);
        row.arrive();
        row.cancel(taken);
        row.reject(row.qty() - taken);
        closed(row);
        save(row.record());
        publishNotice(row, taken, Kind.CONFIRMED, at);
    }

    /**
     * Cancels the order and places the new one. At another price it queues at the end; at the same price it keeps its place, and
     * so does the rest of an order that is modified in part, which is ahead of the part.
     */
    private void modifyArrives(UserOrder row, Stock stock, Instant at) {
        UserOrder original = open(row.originalOdno());
        long taken = original == null ? 0 : Math.min(row.qty(), original.remaining());
        if (original == null
                || taken == 0
                || !isAffordable(original, taken, row.marginPrice)
                || dealer.route(row).isEmpty()
                || faults.hits("reject_by_exchange", Faults.REVISIONS)) {
            refuse(row, at);
            return;
        }
        boolean staysInPlace = row.division.pricing() == OrderDivision.Pricing.LIMIT
                && !row.division.isImmediate()
                && original.resting == RestingPlace.BOOK
                && row.price() == original.restPrice;
        if (staysInPlace) {
            matching.restBehind(stock(original), lastWithPriority(original.priority()), row.odno(), taken);
            row.venue = original.venue;
            row.resting = RestingPlace.BOOK;
            row.restPrice = original.restPrice;
            row.setPriority(original.priority());
        }
        reduceOriginal(original, taken);
        row.arrive();
        row.reject(row.qty() - taken);
        reserve(row);
        publishNotice(row, taken, Kind.CONFIRMED, at);
        if (staysInPlace) {
            save(row.record());
        } else {
            trade(row, stock, at);
        }
    }

    /** The last of the orders that share a place in the queue, which has the highest number. */
    private long lastWithPriority(long priority) {
        return open().stream()
                .filter(o -> o.priority() == priority)
                .mapToLong(o -> o.odno())
                .max()
                .orElseThrow();
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
    Optional<BuyingPower> buyingPower(Account<UserOrder> account, String symbol, String dvsn, long price) {
        long cash = Math.max(0, account.spendable());
        if (symbol.isBlank()) {
            return Optional.of(new BuyingPower(cash, 0, 0));
        }
        return Symbol.parse(symbol).flatMap(exchange::find).map(stock -> {
            long unit = marginPrice(stock, dvsn, price);
            return new BuyingPower(cash, unit, buyableQuantity(account, unit, Long.MAX_VALUE));
        });
    }

    /**
     * The buying power of an account on credit for a stock: the amount of which its cash is the own part, commission left out. Empty
     * when the stock does not exist.
     */
    Optional<BuyingPower> creditBuyingPower(
            Account<UserOrder> account, String symbol, String dvsn, String type, long price) {
        var credit = Optional.of(new Credit(type, day, marginPercent()));
        long cash = Credit.borrows(type) ? Math.max(0, account.spendable()) : 0;
        return Symbol.parse(symbol).flatMap(exchange::find).map(stock -> {
            long unit = marginPrice(stock, dvsn, price);
            long affordable = 0;
            long tooMany = unit <= 0 ? 1 : cash * 100 / (unit * credit.get().marginPercent()) + 1;
            while (tooMany - affordable > 1) {
                long middle = affordable + (tooMany - affordable) / 2;
                if (margin(credit, middle, unit) <= cash) {
                    affordable = middle;
                } else {
                    tooMany = middle;
                }
            }
            return new BuyingPower(cash * 100 / credit.get().marginPercent(), unit, affordable);
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
        return open().size();
    }

    /** The account's orders that a modify or cancel could reach, newest first. */
    List<UserOrder> open(Account<UserOrder> account) {
        return account.orders().reversed().stream()
                .filter(order -> order.isOpen() && order.remaining() > 0)
                .toList();
    }

    static String target(UserOrder order) {
        return order.kind() == OrderKind.NEW ? Faults.ORDERS : Faults.REVISIONS;
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private Optional<HttpAnswer> closed(Instant now) {
        if (!calendar.isTradingDay(day)) {
            return Optional.of(refused(Refusal.CLOSED_DAY));
        }
        return exchange.anyOpen(now)
                ? Optional.empty()
                : Optional.of(refused(koreanTime(brokerTime(now)) < NOON ? Refusal.TOO_EARLY : Refusal.TOO_LATE));
    }

    private static long marginPrice(Stock stock, String dvsn, long price) {
        return OrderDivision.of(dvsn)
                .map(division -> OrderRules.marginPrice(stock, division, price))
                .orElse(stock.upper());
    }

    private static Change.Price price(Stock stock) {
        return new Change.Price(stock.symbol(), stock.venue(), stock.tape().figures());
    }

    private HttpAnswer refused(Refusal why) {
        return AnswerBodies.refused(why, face);
    }
}
