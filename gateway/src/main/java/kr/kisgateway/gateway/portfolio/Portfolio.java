package kr.kisgateway.gateway.portfolio;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.portfolio.PortfolioSource.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts as KIS last told: known, stale with their age, or unknown. Bounded by the number of accounts.
 *
 * <p>Two kinds of callers. Who reads ({@link #ask}) gets an answer at most a second old, from another gateway at most as old as the
 * shelf allows, and a fill makes an earlier one worthless, also the one that is on its way and those of other gateways. Who judges an order ({@link #forOrder}) takes an older answer, because
 * what our own orders did since is known and subtracted, and because a question before each order would use up the
 * call budget: with a thousand orders a second there is one question in five seconds, and only an order that an older
 * answer does not cover has KIS asked again. Everyone who asks at once shares one question, and after a failure nobody
 * asks for a second.
 */
public final class Portfolio {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.portfolio");
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** An answer younger than this serves orders as it is; an older one is renewed meanwhile. */
    static final Duration ORDER_RENEW = Duration.ofSeconds(5);

    /** An answer older than this serves no order before KIS was asked again. */
    static final Duration ORDER_AGE_MAX = Duration.ofSeconds(30);

    /** While KIS fails, the last answer is told this long, marked as stale; then it is unknown. */
    static final Duration KEEP = Duration.ofMinutes(10);

    private final Optional<PortfolioSource> source;
    private final InstantSource clock;
    private final Executor background;
    private final ConcurrentHashMap<String, Held> held = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Failure> failures = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Flight> flights = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Boolean> renewing = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();
    private final Shelf<String, Holdings> shelf;
    private final List<String> accounts;
    /** The last change that other gateways know of: until they do, nothing on the shelf is believed. */
    private final AtomicLong published = new AtomicLong();

    private final AtomicBoolean publishing = new AtomicBoolean();
    private final AtomicLong calls = new AtomicLong();

    /** @param edition what was valid on the shelf when KIS was asked */
    private record Held(Holdings holdings, Instant at, long generation, String edition) {}

    private record Failure(Refusal refusal, Instant at) {}

    private record Flight(CompletableFuture<Answer> answer, long generation) {}

    /**
     * @param source empty when none is configured
     * @param background runs questions that nobody waits for; at most one an account
     */
    public Portfolio(Optional<PortfolioSource> source, InstantSource clock, Executor background) {
        this(source, Shelf.none(), List.of(), clock, background);
    }

    /**
     * @param source empty when none is configured
     * @param shelf where other gateways' answers about the same accounts lie; orders are never judged by them
     * @param accounts whose answers a change makes worthless there
     * @param background runs questions that no caller waits for; at most one an account
     */
    public Portfolio(
            Optional<PortfolioSource> source,
            Shelf<String, Holdings> shelf,
            List<String> accounts,
            InstantSource clock,
            Executor background) {
        this.shelf = shelf;
        this.accounts = List.copyOf(accounts);
        this.source = source;
        this.clock = clock;
        this.background = background;
    }

    /** What the account holds, at most a second old and with every fill that is known here; may wait a few seconds. */
    public HoldingsView ask(String accountId) {
        Optional<Refusal> nobody = nobodyToAsk(accountId);
        if (nobody.isPresent()) {
            return HoldingsView.unknown(nobody.get());
        }
        var now = clock.instant();
        publish();
        var last = held.get(accountId);
        if (last != null
                && last.generation() == generation.get()
                && within(FRESH, last.at(), now)
                && isValidAmongAll(accountId, last.edition())) {
            return HoldingsView.known(last.holdings());
        }
        return shelved(accountId, now).map(HoldingsView::known).orElseGet(() -> fetched(accountId, now));
    }

    /** Whether no other gateway knows of a change since; a shelf that is away knows of none. */
    private boolean isValidAmongAll(String accountId, String edition) {
        var now = shelf.edition(accountId);
        return now.isEmpty() || now.equals(edition);
    }

    /** What another gateway asked for, unless a change is known, here or there. */
    private Optional<Holdings> shelved(String accountId, Instant now) {
        return shelf.find(accountId)
                .filter(_ -> published.get() == generation.get())
                .filter(kept -> within(shelf.life(), kept.at(), now))
                .map(Shelf.Kept::value);
    }

    /**
     * What the account held lately, for judging an order: its {@code askedAt} says when. Waits only when there is no
     * answer of the last {@link #ORDER_AGE_MAX}.
     */
    public HoldingsView forOrder(String accountId) {
        Optional<Refusal> nobody = nobodyToAsk(accountId);
        if (nobody.isPresent()) {
            return HoldingsView.unknown(nobody.get());
        }
        var now = clock.instant();
        var last = held.get(accountId);
        if (last == null || !within(ORDER_AGE_MAX, last.holdings().askedAt(), now)) {
            return fetched(accountId, now);
        }
        if (!now.isBefore(last.holdings().askedAt().plus(ORDER_RENEW))) {
            renew(accountId);
        }
        return HoldingsView.known(last.holdings());
    }

    /** Something changed at KIS (a fill, a cancel): who reads next has KIS asked again. */
    public void invalidate() {
        generation.incrementAndGet();
        // The caller may be the order desk, which waits for no network.
        if (!accounts.isEmpty() && publishing.compareAndSet(false, true)) {
            background.execute(() -> {
                publishing.set(false);
                publish();
            });
        }
    }

    /** Lets other gateways know that what lies on the shelf is worthless, unless they do. */
    private void publish() {
        long change = generation.get();
        if (published.get() < change && accounts.stream().map(shelf::drop).reduce(true, Boolean::logicalAnd)) {
            published.accumulateAndGet(change, Math::max);
        }
    }

    /** Questions sent to KIS. */
    public long calls() {
        return calls.get();
    }

    private Optional<Refusal> nobodyToAsk(String accountId) {
        if (source.isEmpty()) {
            return Optional.of(Refusal.of(
                    ErrorCode.PORTFOLIO_PROVIDER_NOT_CONFIGURED, "No source of balances and positions is configured."));
        }
        return source.get().knows(accountId)
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        ErrorCode.ACCOUNT_NOT_FOUND, "There is no account with this alias; in sim it is A1."));
    }

    private HoldingsView fetched(String accountId, Instant now) {
        var failure = failures.get(accountId);
        if (failure != null && within(PAUSE, failure.at(), now)) {
            return lastKnown(accountId, failure.refusal());
        }
        return switch (fetch(accountId, now.plus(CALL_LIMIT))) {
            case Answer.Got(Holdings holdings) -> HoldingsView.known(holdings);
            case Answer.Failed(Refusal refusal) -> lastKnown(accountId, refusal);
        };
    }

    /** A moment that lies ahead is one of before the clock was set back: how old it is nobody knows. */
    private static boolean within(Duration age, Instant at, Instant now) {
        return !at.isAfter(now) && now.isBefore(at.plus(age));
    }

    private HoldingsView lastKnown(String accountId, Refusal refusal) {
        var last = held.get(accountId);
        return last != null
                        && clock.instant().isBefore(last.holdings().askedAt().plus(KEEP))
                ? HoldingsView.stale(last.holdings(), refusal)
                : HoldingsView.unknown(refusal);
    }

    private void renew(String accountId) {
        if (renewing.putIfAbsent(accountId, true) == null) {
            background.execute(() -> {
                try {
                    fetched(accountId, clock.instant());
                } finally {
                    renewing.remove(accountId);
                }
            });
        }
    }

    private Answer fetch(String accountId, Instant deadline) {
        var mine = new Flight(new CompletableFuture<>(), generation.get());
        // Joining a question that was sent before the last change would answer with the state before it.
        var flying = flights.compute(
                accountId, (id, other) -> other != null && other.generation() == mine.generation() ? other : mine);
        if (flying != mine) {
            return await(flying.answer(), deadline);
        }
        try {
            calls.incrementAndGet();
            publish();
            var edition = shelf.edition(accountId);
            var answer = source.orElseThrow().fetch(accountId, deadline);
            switch (answer) {
                case Answer.Got(Holdings holdings) -> {
                    failures.remove(accountId);
                    // A slower question that was sent earlier must not put the older answer back.
                    held.merge(
                            accountId,
                            new Held(holdings, clock.instant(), mine.generation(), edition),
                            (old, young) -> young.holdings()
                                                    .askedAt()
                                                    .isBefore(old.holdings().askedAt())
                                            && !old.at().isAfter(clock.instant())
                                    ? old
                                    : young);
                    if (published.get() >= mine.generation()) {
                        shelf.put(accountId, new Shelf.Kept<>(holdings, holdings.askedAt()), edition);
                    }
                }
                case Answer.Failed(Refusal refusal) -> {
                    LOG.warn("balance_call_failed code={}", refusal.code());
                    failures.put(accountId, new Failure(refusal, clock.instant()));
                }
            }
            mine.answer().complete(answer);
            return answer;
        } finally {
            flights.remove(accountId, mine);
            // Only after a defect of the source: nobody may wait for a flight that crashed.
            mine.answer().complete(unavailable());
        }
    }

    private Answer await(CompletableFuture<Answer> flying, Instant deadline) {
        try {
            return flying.get(
                    Math.max(1, Duration.between(clock.instant(), deadline).toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return unavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Answer unavailable() {
        return new Answer.Failed(Refusal.of(
                ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE, "KIS does not say what the account holds; try again."));
    }
}
