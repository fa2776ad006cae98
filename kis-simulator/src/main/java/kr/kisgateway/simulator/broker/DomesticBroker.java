package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Stock;

/**
 * The broker's Korean part: runs the business day of the exchange and the ledger, sends the exchange's events to ledger and
 * subscribers, and saves the figures of its stocks.
 */
final class DomesticBroker {
    private final Exchange exchange;
    private final SkewedCalendar calendar;
    private final Faults faults;
    private final Sockets sockets;
    private final Registrations registrations;
    private final RecordedDays recordedDays;
    private final KoreanLedger ledger;
    private final MarketFeed feed;
    private final PricePath pricePath = new PricePath();
    private final MarketListener marketListener = new MarketListener();

    private final UnsavedPrices<String, Stock> unsavedPrices = new UnsavedPrices<>(stock ->
            new Change.Price(stock.symbol(), stock.venue(), stock.tape().figures()));

    /** Stocks with trades order by order since their minutes were last saved, which happens once a minute. */
    private final Map<String, Stock> unsavedMinutes = new TreeMap<>();

    private long lastSavedMinute;

    /** Whether the orders of the business day have expired. */
    private boolean expired;

    private StepOutput out = new StepOutput();

    /** @param day the business date of the stored records */
    DomesticBroker(
            BrokerRules rules,
            Exchange exchange,
            SkewedCalendar calendar,
            Faults faults,
            Sockets sockets,
            Registrations registrations,
            Balances balances,
            RecordedDays recordedDays,
            LocalDate day,
            Function<Symbol, String> names) {
        this.exchange = exchange;
        this.calendar = calendar;
        this.sockets = sockets;
        this.faults = faults;
        this.registrations = registrations;
        this.recordedDays = recordedDays;
        this.ledger = new KoreanLedger(
                exchange, calendar, rules, faults, balances, day, marketListener, names, new StepRecords());
        this.feed = new MarketFeed(exchange, registrations, sockets, faults, rules, ledger::day);
    }

    KoreanLedger ledger() {
        return ledger;
    }

    /** Starts a step, whose records and effects {@code step} collects. */
    void begin(StepOutput step) {
        out = step;
        recordedDays.saveFirstDay(out);
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    /** Plays everything due by {@code now}, and rolls the business day. */
    void advance(Instant now) {
        Instant lastOfDay = calendar.endOf(ledger.day()).minusNanos(1);
        Instant until = now.isBefore(lastOfDay) ? now : lastOfDay;
        for (Optional<Instant> next = nextEventOfDay(until); next.isPresent(); next = nextEventOfDay(until)) {
            advanceToEvent(next.get());
            if (ledger.nextArrival().equals(next)) {
                ledger.arrive();
            }
        }
        LocalDate today = calendar.tradingDay(now);
        Instant end = calendar.endOf(ledger.day());
        if (!expired && !end.isAfter(now)) {
            // However long the clock was not checked, the pending events of the day precede its end.
            if (end.isAfter(exchange.now())) {
                exchange.advance(end, marketListener);
            }
            expired = true;
            ledger.expireAll();
        }
        if (today.isAfter(ledger.day())) {
            rollDay(today, now);
        }
        for (Optional<Instant> next = nextMove(now); next.isPresent(); next = nextMove(now)) {
            advanceToEvent(next.get());
        }
        exchange.advance(now, marketListener);
    }

    private void advanceToEvent(Instant at) {
        exchange.advance(at, marketListener);
        faults.setClock(at);
        applyPriceMoves(at);
    }

    /** The next order request that reaches the exchange, or the next price of a scenario. */
    private Optional<Instant> nextEventOfDay(Instant until) {
        return Stream.of(ledger.nextArrival(), pricePath.nextDue())
                .flatMap(Optional::stream)
                .filter(at -> !at.isAfter(until))
                .min(Comparator.naturalOrder());
    }

    private Optional<Instant> nextMove(Instant until) {
        return pricePath.nextDue().filter(at -> !at.isAfter(until));
    }

    /** The next instant at which {@link #advance} has work; empty when there is none. */
    Optional<Instant> nextDue() {
        return Stream.of(exchange.nextAction(), ledger.nextArrival(), pricePath.nextDue())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /** Schedules the prices of a scenario. */
    void play(Scenario scenario, Instant start, Instant now) {
        pricePath.play(scenario, start);
        applyPriceMoves(now);
    }

    private void applyPriceMoves(Instant now) {
        pricePath.applyDueMoves(
                now,
                to -> exchange.find(to.symbol())
                        .ifPresent(stock -> exchange.move(stock, to.price(), now, marketListener)));
    }

    /** Ends the business day ahead of its time. */
    void beginNextDay(Instant now) {
        rollDay(calendar.beginNextDay(ledger.day()), now);
    }

    private void rollDay(LocalDate next, Instant now) {
        if (calendar.isTradingDay(ledger.day())) {
            exchange.finishDay();
            recordedDays.saveDay(ledger.day(), exchange, out);
        }
        ledger.rollDay(next, now);
        expired = false;
    }

    /** Adds the ledger's records and notices to the current step. */
    private final class StepRecords implements KoreanLedger.Output {
        @Override
        public void save(Change change) {
            out.save(change);
        }

        @Override
        public void publishNotice(Frames.Notice notice) {
            sockets.publishNotice(notice, out);
        }
    }

    /** Receives the exchange's events: fills go to the ledger, trades to the tape and its subscribers. */
    private final class MarketListener implements Exchange.Listener {
        @Override
        public void filled(Stock stock, long orderId, long price, long qty, Instant at) {
            faults.setClock(at);
            ledger.filled(stock, orderId, price, qty, at);
        }

        @Override
        public void traded(Stock stock, long price, long qty, Optional<Side> aggressor, Instant at) {
            feed.traded(stock, price, qty, aggressor, at, out);
            String key = key(stock);
            unsavedPrices.add(key, stock);
            unsavedMinutes.put(key, stock);
        }

        @Override
        public boolean isWatched(Stock stock) {
            return ledger.hasOpenOrders(stock.symbol()) || feed.isWatched(stock);
        }

        @Override
        public void phaseChanged(Stock stock, Phase before, Phase after, Instant at) {
            faults.setClock(at);
            ledger.phaseChanged(stock, before, after, at);
            feed.publishPhaseChange(stock, before, after, out);
            unsavedPrices.add(key(stock), stock);
        }

        @Override
        public void stopTriggered(Stock stock, long orderId, Instant at) {
            faults.setClock(at);
            ledger.stopTriggered(orderId, at);
        }
    }

    // ---- market data ---------------------------------------------------------------------------------------------

    /** Wakes a stock that was registered in this step, and publishes its books. */
    void publishBooks(Symbol symbol, Instant now) {
        for (Venue venue : registrations.watchesNxt(symbol) ? List.of(Venue.KRX, Venue.NXT) : List.of(Venue.KRX)) {
            exchange.find(symbol, venue).ifPresent(stock -> {
                exchange.wake(stock, now, marketListener);
                stock.requestBookPublication();
            });
        }
    }

    /** Wakes the requested stock and makes sure that its published figures are stored. */
    Optional<MarketSnapshot> currentSnapshot(Symbol symbol, VenueScope scope, Instant now) {
        for (Venue venue : List.of(Venue.KRX, Venue.NXT)) {
            if (scope.includes(venue)) {
                exchange.find(symbol, venue).ifPresent(stock -> {
                    exchange.wake(stock, now, marketListener);
                    if (unsavedPrices.remove(key(stock)) | stock.consumeCaughtUp()) {
                        out.save(new Change.Price(symbol, venue, stock.tape().figures()));
                    }
                });
            }
        }
        return MarketSnapshot.of(exchange, symbol, scope);
    }

    /** Halts, resumes, interrupts or moves stocks, or pays dividends, at the request of a tester. */
    HttpAnswer operate(Map<String, Object> command, Instant now) {
        return new MarketOperator(exchange, marketListener, ledger).operate(command, now);
    }

    /** Publishes the trades of this step, and the books that are due. */
    void publish(Instant now) {
        feed.flush(now, out);
    }

    /** Saves the figures of every stock that traded. */
    void savePrices() {
        unsavedPrices.saveAll(out);
    }

    /** Saves the figures and minutes whose interval has passed. */
    void saveDueFigures(Instant now) {
        saveMinutes(now);
        unsavedPrices.saveIfDue(now, out);
    }

    private void saveMinutes(Instant now) {
        long minute = now.getEpochSecond() / 60;
        if (minute == lastSavedMinute || unsavedMinutes.isEmpty()) {
            return;
        }
        lastSavedMinute = minute;
        unsavedMinutes
                .values()
                .forEach(stock -> out.save(new Change.TodaysMinutes(
                        stock.symbol(), stock.venue(), ledger.day(), stock.minutesToStore(now))));
        unsavedMinutes.clear();
    }

    private static String key(Stock stock) {
        return stock.venue() + " " + stock.symbol();
    }
}
