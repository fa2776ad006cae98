package kr.kisgateway.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import kr.kisgateway.client.core.PageWalk;
import kr.kisgateway.client.core.Pages;
import kr.kisgateway.client.core.Query;
import kr.kisgateway.client.core.RestCalls;
import kr.kisgateway.client.core.RestOutcome;
import kr.kisgateway.client.core.RestRequest;
import kr.kisgateway.client.core.SessionCore;
import kr.kisgateway.client.core.TokenCore;

/**
 * Carries the calls of {@link RestCalls} out: waits for token and slot, sends, and passes on what an answer teaches.
 * Questions are repeated once when that can help; orders never.
 */
final class KisRest {
    private static final Duration OAUTH_WAIT = Duration.ofSeconds(10);

    /**
     * Why and how long a call is wanted.
     *
     * @param tenant tenants of a lane take turns
     */
    record Errand(Lane lane, String tenant, Instant deadline) {
        static final String OURSELVES = "client";

        static Errand of(Lane lane, Instant deadline) {
            return new Errand(lane, OURSELVES, deadline);
        }
    }

    private final RestCalls calls;
    private final KisHttp queries;
    private final KisHttp orders;
    private final CallBudget budget;
    private final InstantSource clock;
    private final RandomGenerator jitter;

    KisRest(
            RestCalls calls,
            KisHttp queries,
            KisHttp orders,
            CallBudget budget,
            InstantSource clock,
            RandomGenerator jitter) {
        this.calls = calls;
        this.queries = queries;
        this.orders = orders;
        this.budget = budget;
        this.clock = clock;
        this.jitter = jitter;
    }

    /** Asks for an access token. */
    TokenCore.Input issueToken() {
        return calls.readToken(oauth(calls.token()), clock.instant());
    }

    /** Asks for an approval key. */
    SessionCore.Input issueApprovalKey() {
        return calls.readApprovalKey(oauth(calls.approvalKey()));
    }

    /** The page at which {@code walk} stands, asked for again once when the trouble is of a kind that passes. */
    KisReply<RestCalls.Page> ask(PageWalk walk, Errand errand, TokenKeeper tokens) {
        KisReply<RestCalls.Page> first = askOnce(walk, errand, tokens);
        if (first instanceof KisReply.Failed<RestCalls.Page>(KisFailure failure)
                && worthRepeating(failure, errand.deadline())) {
            pause(Duration.ofMillis(100 + jitter.nextLong(100)));
            return askOnce(walk, errand, tokens);
        }
        return first;
    }

    /** All pages of a question. */
    <T> KisReply<List<T>> askAll(Pages<T> pages, Errand errand, TokenKeeper tokens) {
        while (true) {
            Optional<KisReply<List<T>>> all = pages.on(ask(pages.walk(), errand, tokens));
            if (all.isPresent()) {
                return all.get();
            }
        }
    }

    /** Sends an order, a modification or a cancel once. */
    Placement order(
            Permit permit,
            Function<TokenCore.Token, RestRequest> request,
            Function<RestOutcome, RestCalls.Judged> judge,
            TokenKeeper tokens) {
        Optional<TokenCore.Token> token = tokens.current();
        if (token.isEmpty()) {
            permit.release();
            return new Placement.NotSent("TOKEN_UNAVAILABLE", "there is no valid access token");
        }
        if (!permit.use()) {
            throw new IllegalStateException("a permit is good for one call");
        }
        RestOutcome outcome = orders.send(request.apply(token.get()), permit::sent, permit.deadline());
        permit.over();
        RestCalls.Judged judged = judge.apply(outcome);
        learn(judged.lesson(), token.get(), tokens);
        return judged.placement();
    }

    private KisReply<RestCalls.Page> askOnce(PageWalk walk, Errand errand, TokenKeeper tokens) {
        Query query = walk.query();
        // The token first: a slot of the budget is not worth waiting with.
        if (tokens.need(errand.deadline())
                instanceof TokenKeeper.Answer.None(String code, String message, Duration wait)) {
            return failed(KisFailure.Kind.TOKEN, code, message, wait);
        }
        if (!(budget.acquire(errand.lane(), errand.tenant(), query.ledger(), errand.deadline())
                instanceof Grant.Granted(Permit permit))) {
            Duration wait = Duration.between(clock.instant(), budget.state().nextSlot());
            return failed(
                    KisFailure.Kind.QUEUE_TIMEOUT,
                    "",
                    "the call budget has no slot before the deadline",
                    wait.isNegative() ? Duration.ZERO : wait);
        }
        Optional<TokenCore.Token> token = tokens.current();
        if (token.isEmpty()) {
            permit.release();
            return failed(KisFailure.Kind.TOKEN, "", "the access token went away", Duration.ZERO);
        }
        permit.use();
        RestOutcome outcome = queries.send(
                calls.ask(token.get(), query, walk.parameters(), walk.next()), permit::sent, errand.deadline());
        permit.over();
        RestCalls.Reading reading = calls.read(query, outcome);
        learn(reading.lesson(), token.get(), tokens);
        return reading.reply();
    }

    private void learn(RestCalls.Lesson lesson, TokenCore.Token used, TokenKeeper tokens) {
        switch (lesson) {
            case RestCalls.Lesson.Nothing() -> {}
            case RestCalls.Lesson.TooFast(boolean ledger) -> budget.refusedForRate(ledger);
            case RestCalls.Lesson.TokenDead(String code) -> tokens.rejected(used.value(), code);
        }
    }

    private boolean worthRepeating(KisFailure failure, Instant deadline) {
        return switch (failure.kind()) {
            case INVALID_REQUEST, UNSUPPORTED, QUEUE_TIMEOUT -> false;
            case RATE_LIMITED, TIMEOUT, CONNECTION, REFUSED, TOKEN, UNREADABLE ->
                failure.retryable()
                        && clock.instant().plus(failure.retryAfter()).isBefore(deadline)
                        && !Thread.currentThread().isInterrupted();
        };
    }

    private static void pause(Duration time) {
        try {
            new CompletableFuture<Void>().get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            // It is over, as it should be.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private RestOutcome oauth(RestRequest request) {
        Instant deadline = clock.instant().plus(OAUTH_WAIT);
        if (!(budget.acquire(Lane.RESOLVE, Errand.OURSELVES, false, deadline)
                instanceof Grant.Granted(Permit permit))) {
            return new RestOutcome.NotSent("the call budget has no slot", true);
        }
        permit.use();
        RestOutcome outcome = queries.send(request, permit::sent, deadline);
        permit.over();
        return outcome;
    }

    private static KisReply<RestCalls.Page> failed(KisFailure.Kind kind, String code, String why, Duration retryAfter) {
        return new KisReply.Failed<>(new KisFailure(kind, "", code, why, "ask again later", true, retryAfter));
    }
}
