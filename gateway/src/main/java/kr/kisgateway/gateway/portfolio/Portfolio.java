package kr.kisgateway.gateway.portfolio;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.cache.SingleFlight;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.MarketSymbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts in one market as last reported by KIS: current, stale with their age, or unknown. Bounded by the number of accounts.
 *
 * <p>Two kinds of callers. Readers ({@link #currentHoldings}) get an answer at most a second old, from another gateway at
 * most as old as the shared cache allows, and a fill invalidates earlier ones, also those in flight and those of other
 * gateways. The evaluation of an order ({@link #holdingsForOrder}) uses an older answer, because what own orders did
 * since is recorded and subtracted, and because a request before each order would use up the call budget: with a
 * thousand orders a second there is one request in five seconds, and only an order that an older answer does not cover
 * causes another. Simultaneous callers share one request, and after a failure none is sent for a second.
 */
public final class Portfolio {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.portfolio");
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
    private static final Duration FAILURE_PAUSE = Duration.ofSeconds(1);

    /** An answer younger than this serves orders unchanged; an older one is refreshed in the background. */
    static final Duration ORDER_REFRESH_AGE = Duration.ofSeconds(5);

    /** An answer older than this serves no order before a new request to KIS. */
    static final Duration ORDER_AGE_MAX = Duration.ofSeconds(30);

    /** While KIS fails, the last answer is returned this long, marked as stale; then it is unknown. */
    static final Duration STALE_AGE_MAX = Duration.ofMinutes(10);

    private final Optional<PortfolioSource> source;
    private final InstantSource clock;
    private final Executor background;
    private final ConcurrentHashMap<String, CachedHoldings> cachedByAccount = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Failure> failures = new ConcurrentHashMap<>();
    private final SingleFlight<FetchKey, Result<Holdings>> fetches = new SingleFlight<>("holdings");
    private final SingleFlight<PowerKey, Result<BrokerBuyingPower>> powerFetches = new SingleFlight<>("buying_power");
    private final ConcurrentHashMap<String, Boolean> refreshing = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();
    private final SharedCache<String, Holdings> sharedCache;
    private final List<String> accounts;
    /** The last change published to other gateways: until it is, nothing in the shared cache is used. */
    private final AtomicLong publishedGeneration = new AtomicLong();

    private final AtomicBoolean publishing = new AtomicBoolean();
    /** Answers requested before serve no order. */
    private volatile Instant ordersNotBefore = Instant.MIN;

    private final LongAdder calls = new LongAdder();

    /** @param edition the valid edition of the shared cache when KIS was queried */
    private record CachedHoldings(Holdings holdings, Instant at, long generation, String edition) {}

    private record Failure(Refusal refusal, Instant at) {}

    /** Joining a request that was sent before the last change would answer with the state before it. */
    private record FetchKey(String accountId, long generation) {}

    private record PowerKey(
            String accountId, MarketSymbol symbol, Optional<CreditType> credit, OptionalLong price, long generation) {}

    /**
     * @param source empty when none is configured
     * @param background runs requests without a waiting caller; at most one an account
     */
    public Portfolio(Optional<PortfolioSource> source, InstantSource clock, Executor background) {
        this(source, SharedCache.none(), List.of(), clock, background);
    }

    /**
     * @param source empty when none is configured
     * @param sharedCache answers of other gateways about the same accounts; never used to evaluate orders
     * @param accounts whose shared answers a change invalidates
     * @param background runs requests without a waiting caller; at most one an account
     */
    public Portfolio(
            Optional<PortfolioSource> source,
            SharedCache<String, Holdings> sharedCache,
            List<String> accounts,
            InstantSource clock,
            Executor background) {
        this.sharedCache = sharedCache;
        this.accounts = List.copyOf(accounts);
        this.source = source;
        this.clock = clock;
        this.background = background;
    }

    /** The holdings of the account, at most a second old and with every fill recorded here; may wait a few seconds. */
    public HoldingsView currentHoldings(String accountId) {
        Optional<Refusal> refusal = sourceRefusal(accountId);
        if (refusal.isPresent()) {
            return HoldingsView.unknown(refusal.get());
        }
        var now = clock.instant();
        publishInvalidation();
        var last = cachedByAccount.get(accountId);
        if (last != null
                && last.generation() == generation.get()
                && within(FRESH, last.at(), now)
                && isValidForAllGateways(accountId, last.edition())) {
            return HoldingsView.current(last.holdings());
        }
        return findShared(accountId, now).map(HoldingsView::current).orElseGet(() -> fetchOrLastCached(accountId, now));
    }

    /**
     * The holdings of the account, requested from KIS whatever it answered before; simultaneous callers share one request. May wait
     * a few seconds; while KIS fails as {@link #currentHoldings}.
     */
    public HoldingsView requestHoldings(String accountId) {
        Optional<Refusal> refusal = sourceRefusal(accountId);
        if (refusal.isPresent()) {
            return HoldingsView.unknown(refusal.get());
        }
        return fetchOrLastCached(accountId, clock.instant());
    }

    /** Whether no other gateway published a change since; true when the shared cache is unavailable. */
    private boolean isValidForAllGateways(String accountId, String edition) {
        var now = sharedCache.edition(accountId);
        return now.isEmpty() || now.equals(edition);
    }

    /** The answer that another gateway received, unless a change was recorded, here or there. */
    private Optional<Holdings> findShared(String accountId, Instant now) {
        return sharedCache
                .find(accountId)
                .filter(_ -> publishedGeneration.get() == generation.get())
                .filter(shared -> within(sharedCache.life(), shared.at(), now))
                .map(SharedCache.Timestamped::value);
    }

    /**
     * Recent holdings of the account for the evaluation of an order: {@code requestedAt} has their time. Waits only when
     * there is no answer of the last {@link #ORDER_AGE_MAX}.
     */
    public HoldingsView holdingsForOrder(String accountId) {
        Optional<Refusal> refusal = sourceRefusal(accountId);
        if (refusal.isPresent()) {
            return HoldingsView.unknown(refusal.get());
        }
        var now = clock.instant();
        var last = cachedByAccount.get(accountId);
        if (last == null
                || !within(ORDER_AGE_MAX, last.holdings().requestedAt(), now)
                || last.holdings().requestedAt().isBefore(ordersNotBefore)) {
            return fetchOrLastCached(accountId, now);
        }
        if (!now.isBefore(last.holdings().requestedAt().plus(ORDER_REFRESH_AGE))) {
            refreshInBackground(accountId);
        }
        return HoldingsView.current(last.holdings());
    }

    /**
     * The account's buying power for {@code symbol}, requested now: simultaneous equal callers share one request. May
     * wait a few seconds.
     *
     * @param price the price that bounds the order, in units of the currency; empty for a type without one
     * @param tenant who shares the call budget
     */
    public Result<BrokerBuyingPower> buyingPower(
            String accountId, MarketSymbol symbol, OptionalLong price, String tenant) {
        return buyingPower(accountId, symbol, Optional.empty(), price, tenant);
    }

    /**
     * The same of a buy on credit.
     *
     * @param credit opens a loan; empty for a buy in cash
     */
    public Result<BrokerBuyingPower> buyingPower(
            String accountId, MarketSymbol symbol, Optional<CreditType> credit, OptionalLong price, String tenant) {
        Optional<Refusal> refusal = sourceRefusal(accountId);
        if (refusal.isPresent()) {
            return Result.refused(refusal.get());
        }
        var deadline = clock.instant().plus(CALL_LIMIT);
        return powerFetches.run(
                new PowerKey(accountId, symbol, credit, price, generation.get()),
                CALL_LIMIT,
                () -> callBuyingPower(accountId, symbol, credit, price, tenant, deadline),
                Portfolio::unavailable,
                Portfolio::unavailable);
    }

    /**
     * What shares of the account earned by record dates from {@code from} to {@code to}, requested now; may wait a few seconds.
     *
     * @param tenant who shares the call budget
     */
    public Result<List<PaidRight>> paidRights(String accountId, LocalDate from, LocalDate to, String tenant) {
        Optional<Refusal> refusal = sourceRefusal(accountId);
        if (refusal.isPresent()) {
            return Result.refused(refusal.get());
        }
        calls.increment();
        return source.orElseThrow()
                .fetchPaidRights(accountId, from, to, tenant, clock.instant().plus(CALL_LIMIT));
    }

    private Result<BrokerBuyingPower> callBuyingPower(
            String accountId,
            MarketSymbol symbol,
            Optional<CreditType> credit,
            OptionalLong price,
            String tenant,
            Instant deadline) {
        calls.increment();
        var answer = source.orElseThrow().fetchBuyingPower(accountId, symbol, credit, price, tenant, deadline);
        if (answer instanceof Result.Refused<BrokerBuyingPower>(Refusal refusal)) {
            // No pause for others: KIS may refuse one symbol and have the figures of all others.
            LOG.warn("buying_power_call_failed code={}", refusal.code());
        }
        return answer;
    }

    /** Invalidates all answers after a change at KIS (a fill, a cancel): the next reader causes a request. */
    public void invalidate() {
        generation.incrementAndGet();
        // The caller may be the order desk, which must not wait for the network.
        if (!accounts.isEmpty() && publishing.compareAndSet(false, true)) {
            background.execute(() -> {
                publishing.set(false);
                publishInvalidation();
            });
        }
    }

    /** Answers of before serve no order any more: KIS refused a sale for shares that they have. */
    public void discardForOrders() {
        ordersNotBefore = clock.instant();
    }

    /** Publishes to other gateways that the shared cache is outdated, unless that is done. */
    private void publishInvalidation() {
        long change = generation.get();
        if (publishedGeneration.get() < change
                && accounts.stream().map(sharedCache::invalidate).reduce(true, Boolean::logicalAnd)) {
            publishedGeneration.accumulateAndGet(change, Math::max);
        }
    }

    /** Registers the meter of the requests of all {@code portfolios} to the broker. */
    public static void bind(Collection<Portfolio> portfolios, Meters meters) {
        meters.counter(
                "portfolio.calls",
                "calls",
                "Requests of holdings and buying power from the broker",
                () -> portfolios.stream().mapToLong(it -> it.calls.sum()).sum());
    }

    private Optional<Refusal> sourceRefusal(String accountId) {
        if (source.isEmpty()) {
            return Optional.of(Refusal.of(
                    ErrorCode.PORTFOLIO_PROVIDER_NOT_CONFIGURED, "No source of balances and positions is configured."));
        }
        return source.get().hasAccount(accountId)
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        ErrorCode.ACCOUNT_NOT_FOUND, "There is no account with this alias; in sim it is A1."));
    }

    private HoldingsView fetchOrLastCached(String accountId, Instant now) {
        var failure = failures.get(accountId);
        if (failure != null && within(FAILURE_PAUSE, failure.at(), now)) {
            return lastCached(accountId, failure.refusal());
        }
        return switch (fetch(accountId, now.plus(CALL_LIMIT))) {
            case Result.Success<Holdings>(Holdings holdings) -> HoldingsView.current(holdings);
            case Result.Refused<Holdings>(Refusal refusal) -> lastCached(accountId, refusal);
        };
    }

    /** Whether {@code at} is within {@code age}; a future time is from before the clock was set back, of unknown age. */
    private static boolean within(Duration age, Instant at, Instant now) {
        return !at.isAfter(now) && now.isBefore(at.plus(age));
    }

    private HoldingsView lastCached(String accountId, Refusal refusal) {
        var last = cachedByAccount.get(accountId);
        return last != null
                        && clock.instant()
                                .isBefore(last.holdings().requestedAt().plus(STALE_AGE_MAX))
                ? HoldingsView.stale(last.holdings(), refusal)
                : HoldingsView.unknown(refusal);
    }

    private void refreshInBackground(String accountId) {
        if (refreshing.putIfAbsent(accountId, true) == null) {
            background.execute(() -> {
                try {
                    fetchOrLastCached(accountId, clock.instant());
                } finally {
                    refreshing.remove(accountId);
                }
            });
        }
    }

    private Result<Holdings> fetch(String accountId, Instant deadline) {
        long since = generation.get();
        return fetches.run(
                new FetchKey(accountId, since),
                Duration.between(clock.instant(), deadline),
                () -> call(accountId, since, deadline),
                Portfolio::unavailable,
                Portfolio::unavailable);
    }

    private Result<Holdings> call(String accountId, long since, Instant deadline) {
        calls.increment();
        publishInvalidation();
        var edition = sharedCache.edition(accountId);
        var answer = source.orElseThrow().fetch(accountId, deadline);
        switch (answer) {
            case Result.Success<Holdings>(Holdings holdings) -> {
                failures.remove(accountId);
                // A slower request that was sent earlier must not restore the older answer.
                cachedByAccount.merge(
                        accountId,
                        new CachedHoldings(holdings, clock.instant(), since, edition),
                        (old, young) -> young.holdings()
                                                .requestedAt()
                                                .isBefore(old.holdings().requestedAt())
                                        && !old.at().isAfter(clock.instant())
                                ? old
                                : young);
                if (publishedGeneration.get() >= since) {
                    sharedCache.store(
                            accountId, new SharedCache.Timestamped<>(holdings, holdings.requestedAt()), edition);
                }
            }
            case Result.Refused<Holdings>(Refusal refusal) -> {
                LOG.warn("balance_call_failed code={}", refusal.code());
                failures.put(accountId, new Failure(refusal, clock.instant()));
            }
        }
        return answer;
    }

    private static <T> Result<T> unavailable() {
        return Result.refused(Refusal.of(
                ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE, "KIS does not report what the account holds; retry."));
    }
}
