package kr.kisgateway.gateway.portfolio;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.portfolio.PortfolioSource.Answer;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts as KIS last told, at most a second old. Everyone who asks at once shares one question; a fill makes the
 * answer worthless, also the one that is on its way. Bounded by the number of accounts.
 */
public final class Portfolio {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.portfolio");
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);

    private final Optional<PortfolioSource> source;
    private final InstantSource clock;
    private final ConcurrentHashMap<String, Held> held = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();

    private record Held(Holdings holdings, Instant at, long generation) {}

    private record Flight(CompletableFuture<Answer> answer, long generation) {}

    /** @param source empty when none is configured */
    public Portfolio(Optional<PortfolioSource> source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /** What the account holds; blocks for at most a few seconds. */
    public Answer holdings(String accountId) {
        if (source.isEmpty()) {
            return new Answer.Failed(Refusal.of(
                    ErrorCode.PORTFOLIO_PROVIDER_NOT_CONFIGURED, "No source of balances and positions is configured."));
        }
        if (!source.get().knows(accountId)) {
            return new Answer.Failed(
                    Refusal.of(ErrorCode.ACCOUNT_NOT_FOUND, "There is no account with this alias; in sim it is A1."));
        }
        var now = clock.instant();
        var last = held.get(accountId);
        if (last != null
                && last.generation() == generation.get()
                && now.isBefore(last.at().plus(FRESH))) {
            return new Answer.Got(last.holdings());
        }
        return ask(source.get(), accountId, now.plus(CALL_LIMIT));
    }

    /** How many shares of {@code symbol} KIS would let the account sell. */
    public PositionView sellable(String accountId, Symbol symbol) {
        return switch (holdings(accountId)) {
            case Answer.Got(Holdings holdings) ->
                new PositionView.Known(
                        holdings.positions().stream()
                                .filter(position -> position.symbol().equals(symbol))
                                .mapToLong(Holdings.Position::sellableQty)
                                .sum(),
                        holdings.askedAt());
            case Answer.Failed(Refusal refusal) -> new PositionView.Unavailable(refusal);
        };
    }

    /** Something changed at KIS (a fill, a cancel): the next question goes there. */
    public void invalidate() {
        generation.incrementAndGet();
    }

    /** Questions sent to KIS. */
    public long calls() {
        return calls.get();
    }

    private Answer ask(PortfolioSource from, String accountId, Instant deadline) {
        var mine = new Flight(new CompletableFuture<>(), generation.get());
        // Joining a question that was sent before the last change would answer with the state before it.
        var flying = flights.compute(
                accountId, (id, other) -> other != null && other.generation() == mine.generation() ? other : mine);
        if (flying != mine) {
            return await(flying.answer(), deadline);
        }
        try {
            calls.incrementAndGet();
            var answer = from.fetch(accountId, deadline);
            switch (answer) {
                case Answer.Got(Holdings holdings) ->
                    held.put(accountId, new Held(holdings, clock.instant(), mine.generation()));
                case Answer.Failed(Refusal refusal) -> LOG.warn("balance_call_failed code={}", refusal.code());
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
