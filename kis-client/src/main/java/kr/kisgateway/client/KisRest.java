package kr.kisgateway.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
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
    private static final String TENANT = "client";
    private static final Duration OAUTH_WAIT = Duration.ofSeconds(10);

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

    /** A question that fits on one page, asked again once when the trouble is of a kind that passes. */
    KisReply<RestCalls.Page> ask(
            Query query,
            Map<String, String> parameters,
            boolean next,
            Lane lane,
            Instant deadline,
            TokenKeeper tokens) {
        KisReply<RestCalls.Page> first = askOnce(query, parameters, next, lane, deadline, tokens);
        if (first instanceof KisReply.Failed<RestCalls.Page>(KisFailure failure) && worthRepeating(failure, deadline)) {
            pause(Duration.ofMillis(100 + jitter.nextLong(100)));
            return askOnce(query, parameters, next, lane, deadline, tokens);
        }
        return first;
    }

    /** All pages of a question. */
    <T> KisReply<List<T>> askAll(Pages<T> pages, Lane lane, Instant deadline, TokenKeeper tokens) {
        while (true) {
            Optional<KisReply<List<T>>> all =
                    pages.on(ask(pages.query(), pages.parameters(), pages.next(), lane, deadline, tokens));
            if (all.isPresent()) {
                return all.get();
            }
        }
    }

    /** Sends an order, a modification or a cancel once. */
    Placement order(Permit permit, Function<TokenCore.Token, RestRequest> request, TokenKeeper tokens) {
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
        RestCalls.Judged judged = calls.judge(outcome);
        learn(judged.lesson(), token.get(), tokens);
        return judged.placement();
    }

    private KisReply<RestCalls.Page> askOnce(
            Query query,
            Map<String, String> parameters,
            boolean next,
            Lane lane,
            Instant deadline,
            TokenKeeper tokens) {
        // The token first: a slot of the budget is not worth waiting with.
        if (tokens.need(deadline) instanceof TokenKeeper.Answer.None(String code, String message, Duration wait)) {
            return failed(KisFailure.Kind.TOKEN, code, message, wait);
        }
        if (!(budget.acquire(lane, TENANT, query.ledger(), deadline) instanceof Grant.Granted(Permit permit))) {
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
        RestOutcome outcome = queries.send(calls.ask(token.get(), query, parameters, next), permit::sent, deadline);
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
            case QUEUE_TIMEOUT -> false;
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
        if (!(budget.acquire(Lane.RESOLVE, TENANT, false, deadline) instanceof Grant.Granted(Permit permit))) {
            return new RestOutcome.NotSent("the call budget has no slot", true);
        }
        permit.use();
        RestOutcome outcome = queries.send(request, permit::sent, deadline);
        permit.over();
        return outcome;
    }

    private static KisReply<RestCalls.Page> failed(KisFailure.Kind kind, String code, String why, Duration retryAfter) {
        return new KisReply.Failed<>(new KisFailure(kind, "", code, why, true, retryAfter));
    }
}
