package kr.kisgateway.simulator.us;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsTicks;
import kr.kisgateway.market.UsWindow;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.account.Ledger;
import kr.kisgateway.simulator.account.Refusal;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.entity.OrderKind;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.wire.ExecutionNotice.Kind;

/**
 * The accounts in dollars and the orders for US stocks: validation, execution, and expiry.
 *
 * <p>An order of the day market lives until that ends, any other until the after-market ends. Orders for the open
 * (LOO, MOO) or the close (LOC, MOC) trade at that instant with the resting orders of the book, and their remainder is
 * cancelled [assumed].
 */
public final class UsLedger extends Ledger<UsOrder> {
    /** A million dollars a share, and more shares than any account has: sums stay far below the limit of a long. */
    private static final long HIGHEST_PRICE = 1_000_000 * 10_000L;

    private static final long MAX_SHARES = 99_999_999;

    /** Receives the ledger's events and supplies its surroundings. */
    public interface Environment {
        void save(Change record);

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

        record Refused(Refusal why) implements Answer {}
    }

    /**
     * An order as the body spells it.
     *
     * @param qty above 0
     * @param price in ten-thousandths of a dollar; empty when it has more decimals than that
     */
    public record Request(
            AccountId account,
            UsSymbol symbol,
            Side side,
            String division,
            boolean dayMarket,
            long qty,
            Optional<Long> price) {}

    /** A modify or cancel as the body spells it; {@code qty} 0 is the whole remainder. */
    public record Revision(
            AccountId account,
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

    public UsLedger(UsMarket market, UsRules rules, Environment environment, UsMarket.Listener listener) {
        super(rules);
        this.market = market;
        this.rules = rules;
        this.environment = environment;
        this.listener = listener;
    }

    // ---- the market of this ledger -------------------------------------------------------------------------------

    @Override
    protected void save(Change change) {
        environment.save(change);
    }

    @Override
    protected Instant brokerTime(Instant at) {
        return environment.brokerTime(at);
    }

    @Override
    protected UsOrder order(Change.Order stored) {
        return new UsOrder(stored, rules);
    }

    /** A reservation such that its sum with the order's cost so far never changes: slices cut commission off. */
    @Override
    protected long margin(UsOrder buy, long remaining) {
        long amount = Math.multiplyExact(remaining, buy.price());
        return amount + rules.commission(buy.filledAmount() + amount) - buy.costs();
    }

    @Override
    protected long takeFromQueue(UsOrder order, long qty) {
        return isWaiting(order) ? qty : market.reduce(stock(order), order.id(), qty);
    }

    @Override
    protected void publishNotice(UsOrder order, long qty, Kind kind, Instant at) {
        publishNotice(order, qty, order.price(), kind, at);
    }

    private void publishNotice(UsOrder order, long qty, long price, Kind kind, Instant at) {
        environment.publishNotice(new UsNotice(order, qty, price, koreanTime(brokerTime(at)), kind));
    }

    @Override
    protected void accountOpened() {
        save(new Change.TradingDate(Market.US, market.date()));
    }

    /** The number of shares at a price that an account could buy. */
    public long buyableQuantity(Account<UsOrder> account, long price) {
        return buyableQuantity(account, price, MAX_SHARES);
    }

    /** Fixes the end of the generated past at the first request. */
    public void saveFirstDay() {
        if (!market.dailyHistory().hasFirstDay()) {
            market.dailyHistory().begin(market.date());
            save(new Change.FirstDay(Market.US, market.date()));
            save(new Change.TradingDate(Market.US, market.date()));
        }
    }

    // ---- restart and time ----------------------------------------------------------------------------------------

    @Override
    public void restore(Change change) {
        switch (change) {
            case Change.TradingDate(Market where, LocalDate date) when where.equals(Market.US) -> market.restore(date);
            case Change.FirstDay(Market where, LocalDate day)
            when where.equals(Market.US) -> market.dailyHistory().begin(day);
            case Change.Traded(UsSymbol symbol, String exchange, DailyBar bar) ->
                market.dailyHistory().add(symbol, exchange, bar);
            case Change.Price(UsSymbol symbol, String exchange, Tape.Figures figures) ->
                market.restore(symbol, figures);
            default -> super.restore(change);
        }
    }

    /**
     * Resumes after everything was restored: orders that should have ended during the downtime end, the others rest again.
     */
    public void resumeAfterRestart(Instant at) {
        sortRestored();
        UsSession session = market.window().session();
        for (UsOrder order : openByPriority()) {
            boolean sameDate = order.date().equals(market.window().date()) && session.isOpen();
            boolean over =
                    !sameDate || order.dayMarket() && market.hours().hasDefinedEnd() && session != UsSession.DAY_MARKET;
            boolean missed = order.division().waitsForOpen() && session != UsSession.PRE
                    || order.division().waitsForClose() && session == UsSession.AFTER;
            if (over || missed) {
                end(order);
            } else if (!isWaiting(order)) {
                stock(order).rest(order.id(), order.side(), order.price(), order.remaining());
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
                end(order);
            } else if (window.session() == UsSession.REGULAR && order.division().waitsForOpen()) {
                fillOrCancel(order, at);
            }
        }
    }

    /** Handles a new trading date of the books. */
    public void dayRolled() {
        if (accounts().isEmpty() && market.all().isEmpty()) {
            return;
        }
        save(new Change.TradingDate(Market.US, market.date()));
        market.takeEndedDays().forEach(this::save);
        market.all().forEach(stock -> save(price(stock)));
        rollAccounts(Account::cash);
    }

    private static Change.Price price(UsStock stock) {
        return new Change.Price(stock.symbol(), stock.tape().figures());
    }

    private void end(UsOrder order) {
        market.reduce(stock(order), order.id(), order.remaining());
        expire(order);
    }

    // ---- orders --------------------------------------------------------------------------------------------------

    public Answer place(Request request, Instant now) {
        Optional<UsDivision> division = UsDivision.of(request.division(), request.side())
                .filter(it -> it == UsDivision.LIMIT || !request.dayMarket() && !rules.regularOnly());
        if (division.isEmpty()) {
            return refused(Refusal.UNKNOWN_DIVISION);
        }
        Optional<Refusal> closed = closed(request.dayMarket()).or(() -> tooLate(division.get()));
        if (closed.isPresent()) {
            return refused(closed.get());
        }
        Optional<UsStock> stock = market.find(request.symbol());
        if (stock.isEmpty()) {
            return refused(Refusal.UNKNOWN_SYMBOL);
        }
        Optional<Refusal> refusal = validate(division.get(), request.price(), request.qty());
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        long price = request.price().orElseThrow();
        Account<UsOrder> account = findOrOpenAccount(request.account());
        if (request.side() == Side.SELL) {
            Optional<Account.Position> holding = Optional.ofNullable(
                            account.positions().get(request.symbol()))
                    .filter(position -> position.qty() > 0);
            if (holding.isEmpty() || holding.get().sellable() < request.qty()) {
                return refused(holding.isPresent() ? Refusal.TOO_MANY_SHARES : Refusal.NO_HOLDING);
            }
        } else if (margin(request.qty(), price) > account.spendable()) {
            return refused(Refusal.NOT_ENOUGH_CASH);
        }
        market.wake(stock.get(), now, listener);
        UsOrder order = accept(
                account,
                new NewOrder(
                        request.symbol(),
                        request.side(),
                        OrderKind.NEW,
                        0,
                        request.division(),
                        request.qty(),
                        price,
                        terms(request.dayMarket(), now)),
                now);
        opened(order);
        reserve(order);
        publishNotice(order, order.qty(), Kind.RECEIPT, now);
        if (environment.refusedByExchange(order)) {
            refuse(order, now);
        } else {
            trade(order, now);
        }
        return new Answer.Accepted(order);
    }

    /** The refusal if no session accepts the order; where hours are not timed there is one session, for all kinds. */
    private Optional<Refusal> closed(boolean dayMarket) {
        UsWindow window = market.window();
        if (!market.hours().hasDefinedEnd()) {
            return window.session().isOpen() ? Optional.empty() : Optional.of(Refusal.US_SESSION_CLOSED);
        }
        if (dayMarket) {
            return window.session() == UsSession.DAY_MARKET ? Optional.empty() : Optional.of(Refusal.US_SESSION_CLOSED);
        }
        if (!rules.regularOnly()) {
            return window.session().isOpen() && window.session() != UsSession.DAY_MARKET
                    ? Optional.empty()
                    : Optional.of(Refusal.US_SESSION_CLOSED);
        }
        return switch (window.session()) {
            case REGULAR -> Optional.empty();
            case AFTER -> Optional.of(Refusal.TOO_LATE);
            case CLOSED, DAY_MARKET, PRE ->
                Optional.of(market.hours().isTradingDay(window.date()) ? Refusal.TOO_EARLY : Refusal.CLOSED_DAY);
        };
    }

    private Optional<Refusal> tooLate(UsDivision division) {
        UsSession session = market.window().session();
        boolean late = division.waitsForOpen() && session != UsSession.PRE
                || division.waitsForClose() && session == UsSession.AFTER;
        return late ? Optional.of(Refusal.US_SESSION_CLOSED) : Optional.empty();
    }

    private static Optional<Refusal> validate(UsDivision division, Optional<Long> price, long qty) {
        if (price.isEmpty()) {
            return Optional.of(Refusal.OFF_TICK);
        }
        if (!division.isPriced()) {
            return price.get() == 0 ? Optional.empty() : Optional.of(Refusal.PRICE_OF_MARKET_ORDER);
        }
        if (price.get() <= 0) {
            return Optional.of(Refusal.NO_PRICE);
        }
        if (!UsTicks.isOnTick(price.get())) {
            return Optional.of(Refusal.OFF_TICK);
        }
        return price.get() > HIGHEST_PRICE || qty > MAX_SHARES ? Optional.of(Refusal.OUTSIDE_LIMITS) : Optional.empty();
    }

    private Change.UsTerms terms(boolean dayMarket, Instant now) {
        return new Change.UsTerms(
                dayMarket,
                market.date(),
                brokerTime(now).atZone(UsHours.NEW_YORK).toLocalDateTime().withNano(0));
    }

    private UsOrder accept(Account<UsOrder> account, NewOrder request, Instant now) {
        return accept(account, request, environment.day(), environment.nextNumber(), now);
    }

    /** Submits an accepted order to the market; its remainder rests, or waits for its hour. */
    private void trade(UsOrder order, Instant now) {
        UsStock stock = stock(order);
        if (!isWaiting(order)) {
            long left = market.take(stock, order.id(), order.side(), order.price(), order.remaining(), now, listener);
            if (left > 0) {
                stock.rest(order.id(), order.side(), order.price(), left);
            }
        }
        if (order.isOpen()) {
            queueLast(order);
        }
        save(order.record());
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
            cancelRest(order, left, at);
        }
        save(order.record());
    }

    /** Books a fill of a user's order, during {@link UsMarket#take}. */
    public void filled(UsStock stock, long id, long price, long qty, Instant at) {
        UsOrder order = open(id);
        if (order == null) {
            throw new IllegalStateException("a fill of US order " + id + ", which is not open");
        }
        book(order, price, qty, rules::commission, at);
        save(price(stock));
        publishNotice(order, qty, price, Kind.FILL, at);
    }

    // ---- modify and cancel ---------------------------------------------------------------------------------------

    /**
     * Accepts a modify or cancel and executes it at once. A modified order queues at the end, also at an unchanged price
     * [assumed].
     */
    public Answer revise(Revision revision, Instant now) {
        Optional<Refusal> closed = closed(revision.dayMarket());
        if (closed.isPresent()) {
            return refused(closed.get());
        }
        Account<UsOrder> account = findOrOpenAccount(revision.account());
        Optional<UsOrder> found = account.orders().reversed().stream()
                .filter(order -> order.odno() == revision.originalOdno()
                        && order.date().equals(market.date())
                        && order.symbol().equals(revision.symbol())
                        && order.dayMarket() == revision.dayMarket()
                        && order.kind() != OrderKind.CANCEL)
                .findFirst();
        if (found.isEmpty()) {
            return refused(Refusal.UNKNOWN_ORIGINAL);
        }
        UsOrder original = found.get();
        long qty = revision.qty() == 0 ? original.remaining() : revision.qty();
        Optional<Refusal> refusal = validate(revision, original, qty);
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        market.wake(stock(original), now, listener);
        // Waking makes agents quote, and their quotes may have traded with the order.
        qty = Math.min(qty, original.remaining());
        if (qty == 0) {
            return refused(Refusal.NOTHING_LEFT);
        }
        UsOrder row = accept(
                account,
                new NewOrder(
                        original.symbol(),
                        original.side(),
                        revision.cancel() ? OrderKind.CANCEL : OrderKind.MODIFY,
                        original.odno(),
                        original.divisionCode(),
                        qty,
                        revision.cancel() ? 0 : revision.price().orElseThrow(),
                        terms(original.dayMarket(), now)),
                now);
        if (environment.refusedByExchange(row)) {
            refuse(row, now);
            return new Answer.Accepted(row);
        }
        reduceOriginal(original, qty);
        if (revision.cancel()) {
            row.cancel(qty);
            closed(row);
            save(row.record());
            publishNotice(row, qty, Kind.CONFIRMED, now);
        } else {
            row.arrive();
            opened(row);
            reserve(row);
            publishNotice(row, qty, Kind.CONFIRMED, now);
            trade(row, now);
        }
        return new Answer.Accepted(row);
    }

    private Optional<Refusal> validate(Revision revision, UsOrder original, long qty) {
        if (original.remaining() == 0 || qty > original.remaining()) {
            return Optional.of(original.remaining() == 0 ? Refusal.NOTHING_LEFT : Refusal.MORE_THAN_OPEN);
        }
        if (revision.cancel()) {
            return Optional.empty();
        }
        Optional<Refusal> refusal = validate(original.division(), revision.price(), qty);
        if (refusal.isPresent()) {
            return refusal;
        }
        return isAffordable(original, qty, revision.price().orElseThrow())
                ? Optional.empty()
                : Optional.of(Refusal.NOT_ENOUGH_CASH);
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private UsStock stock(UsOrder order) {
        return market.find(order.symbol())
                .orElseThrow(() -> new IllegalStateException(order.symbol() + " is not listed"));
    }

    private static Answer refused(Refusal why) {
        return new Answer.Refused(why);
    }
}
