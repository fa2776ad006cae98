package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsWindow;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.MarketView;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.entity.OrderKind;
import kr.kisgateway.simulator.us.UsLedger;
import kr.kisgateway.simulator.us.UsMarket;
import kr.kisgateway.simulator.us.UsNotice;
import kr.kisgateway.simulator.us.UsOrder;
import kr.kisgateway.simulator.us.UsRules;
import kr.kisgateway.simulator.us.UsStock;

/**
 * The broker's US part: runs the trading day of the market and the ledger, sends their events to subscribers, and saves the
 * figures of its stocks. {@link UsCalls} answers the calls.
 */
final class UsBroker {
    private final BrokerRules rules;
    private final Faults faults;
    private final Sockets sockets;
    private final LongSupplier numbers;
    private final Supplier<LocalDate> day;
    private final UsMarket market;
    private final UsLedger ledger;
    private final UsFeed feed;
    private final UsCalls calls;
    private final MarketListener marketListener = new MarketListener();

    private final UnsavedPrices<UsSymbol, UsStock> unsavedPrices = new UnsavedPrices<>(
            stock -> new Change.Price(stock.symbol(), stock.tape().figures()));

    private boolean started;
    private StepOutput out = new StepOutput();

    /**
     * @param domestic the domestic market, which the table of answers may use too
     * @param numbers the broker's next order number
     * @param day the business date in Korea
     */
    UsBroker(
            BrokerRules rules,
            UsHours hours,
            Faults faults,
            Sockets sockets,
            Registrations registrations,
            MarketView domestic,
            LongSupplier numbers,
            Supplier<LocalDate> day,
            Instant now) {
        this.rules = rules;
        this.faults = faults;
        this.sockets = sockets;
        this.numbers = numbers;
        this.day = day;
        UsRules defaults = UsRules.defaults();
        UsRules applicable = rules.face() == Face.PAPER ? defaults.inRegularSessionOnly() : defaults;
        this.market = new UsMarket(hours, rules.seed(), rules.actionsPerSecond(), rules.market(), now);
        this.ledger = new UsLedger(market, applicable, new LedgerEnvironment(), marketListener);
        this.feed = new UsFeed(market, registrations, faults, rules);
        this.calls = new UsCalls(rules, applicable, faults, market, ledger, domestic, marketListener);
    }

    /** The fault target of a request. */
    static String target(UsOrder order) {
        return order.kind() == OrderKind.NEW ? Faults.ORDERS : Faults.REVISIONS;
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    void restore(Change change) {
        ledger.restore(change);
    }

    /** Starts a step, whose records and effects {@code step} collects. */
    void begin(StepOutput step) {
        out = step;
    }

    void advance(Instant now) {
        if (!started) {
            started = true;
            ledger.resumeAfterRestart(now);
        }
        market.advance(now, marketListener);
    }

    Optional<Instant> nextAction() {
        return market.nextAction();
    }

    /** Wakes the stocks whose keys were registered in this step, and publishes their books. */
    void publishBooks(List<String> keys, Instant now) {
        keys.stream()
                .flatMap(key -> UsKeys.symbol(key).flatMap(market::find).stream())
                .forEach(stock -> {
                    market.wake(stock, now, marketListener);
                    stock.requestBookPublication();
                });
    }

    /** Publishes the trades of this step and the books that are due, and saves the figures whose interval has passed. */
    void flush(Instant now) {
        feed.flush(now, out);
        unsavedPrices.saveIfDue(now, out);
    }

    /** Receives the market's events: fills go to the ledger, trades to the subscribers. */
    private final class MarketListener implements UsMarket.Listener {
        @Override
        public void filled(UsStock stock, long orderId, long price, long qty, Instant at) {
            faults.setClock(at);
            ledger.filled(stock, orderId, price, qty, at);
        }

        @Override
        public void traded(UsStock stock, long price, long qty, Optional<Side> aggressor, Instant at) {
            feed.traded(stock, price, qty, at, out);
            unsavedPrices.add(stock.symbol(), stock);
        }

        @Override
        public boolean isWatched(UsStock stock) {
            return ledger.hasOpenOrders(stock.symbol()) || feed.isWatched(stock);
        }

        @Override
        public void windowEnding(UsWindow window, Instant at) {
            faults.setClock(at);
            ledger.windowEnding(window, at);
        }

        @Override
        public void windowBegun(UsWindow before, UsWindow window, boolean rolled, Instant at) {
            faults.setClock(at);
            ledger.windowBegun(before, window, at);
            if (rolled) {
                ledger.dayRolled();
            }
            market.all().forEach(stock -> unsavedPrices.add(stock.symbol(), stock));
        }
    }

    /** Receives the ledger's events. */
    private final class LedgerEnvironment implements UsLedger.Environment {
        @Override
        public void save(Change record) {
            out.save(record);
        }

        @Override
        public void publishNotice(UsNotice notice) {
            String name = market.listing()
                    .find(notice.order().symbol())
                    .map(it -> it.name())
                    .orElse("");
            sockets.publishNotice(
                    rules.face().overseasNoticeTr(),
                    notice.order().account(),
                    notice.kind(),
                    (htsId, key) -> UsFrames.notice(rules.face(), htsId, notice, name, key),
                    out);
        }

        @Override
        public boolean refusedByExchange(UsOrder order) {
            return faults.hits("reject_by_exchange", target(order));
        }

        @Override
        public long nextNumber() {
            return numbers.getAsLong();
        }

        @Override
        public LocalDate day() {
            return day.get();
        }

        @Override
        public Instant brokerTime(Instant at) {
            return faults.brokerTime(at);
        }
    }

    // ---- answers -------------------------------------------------------------------------------------------------

    /** @param account whose ledger is queried; empty for calls without one */
    Optional<HttpAnswer> answer(CatalogRequest request, Optional<AccountId> account, Instant now) {
        if (!request.call().category().equals("overseas_stock")) {
            return Optional.empty();
        }
        ledger.saveFirstDay();
        Optional<HttpAnswer> answer = calls.answer(request, account, now);
        // Published prices must be in the file.
        unsavedPrices.saveAll(out);
        return answer;
    }

    /** The account's US assets; it is opened as by any other request. */
    UsAssets assets(AccountId account) {
        return calls.assets(account);
    }
}
