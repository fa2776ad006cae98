package kr.kisgateway.client;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
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
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.KisCode;
import kr.kisgateway.wire.parse.RestReply;

/**
 * Carries the calls of {@link RestCalls} out: waits for token and slot, sends, and passes on what an answer teaches.
 * Questions are asked again when that can help; orders never are sent again.
 */
final class KisRest {
    static final KisFailure CLOSED = KisFailure.of(
            KisFailure.Kind.CLOSED, "this client is closed", "open another client; this one answers no more", false);

    private static final int SERVER_ERROR = 500;
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

    private final CodeTable codes = CodeTable.load();
    private final RestCalls calls;
    private final KisHttp queries;
    private final KisHttp orders;
    private final CallBudget budget;
    private final Breakers breakers;
    private final RetryRule rule;
    private final Optional<Duration> queueTimeout;
    private final RetryConfig retry;
    private final InstantSource clock;
    private final RandomGenerator jitter;
    private volatile boolean closed;

    KisRest(
            RestCalls calls,
            KisHttp queries,
            KisHttp orders,
            CallBudget budget,
            Breakers breakers,
            Tuning tuning,
            InstantSource clock,
            RandomGenerator jitter) {
        this.calls = calls;
        this.queries = queries;
        this.orders = orders;
        this.budget = budget;
        this.breakers = breakers;
        this.rule = tuning.retry();
        this.queueTimeout = tuning.queueTimeout();
        this.retry = RetryConfig.<Attempt>custom()
                .maxAttempts(tuning.retry().times() + 1)
                .retryOnResult(Attempt::again)
                .retryOnException(_ -> false)
                .intervalBiFunction((_, attempt) -> attempt.get().pause().toMillis())
                .build();
        this.clock = clock;
        this.jitter = jitter;
    }

    /** From here on nothing is sent, and what fails fails for that. */
    void close() {
        closed = true;
    }

    /** Asks for an access token. */
    TokenCore.Input issueToken() {
        return calls.readToken(oauth(calls.token()), clock.instant());
    }

    /** Asks for an approval key. */
    SessionCore.Input issueApprovalKey() {
        return calls.readApprovalKey(oauth(calls.approvalKey()));
    }

    /**
     * One try of a question.
     *
     * @param again whether to ask once more, after {@code pause}
     */
    private record Attempt(KisReply<RestCalls.Page> reply, boolean again, Duration pause) {}

    /** The page at which {@code walk} stands, asked for again when the trouble is of a kind that passes. */
    KisReply<RestCalls.Page> ask(PageWalk walk, Errand errand, TokenKeeper tokens) {
        var tries = new ArrayList<Attempt>();
        try {
            return Retry.of("question", retry)
                    .executeSupplier(() -> {
                        KisReply<RestCalls.Page> reply = closed ? closed() : whileOpen(askOnce(walk, errand, tokens));
                        var attempt = attempt(reply, tries.size(), errand.deadline());
                        tries.add(attempt);
                        return attempt;
                    })
                    .reply();
        } catch (CancellationException interrupted) {
            return tries.getLast().reply();
        }
    }

    private KisReply<RestCalls.Page> whileOpen(KisReply<RestCalls.Page> reply) {
        return closed && reply instanceof KisReply.Failed ? closed() : reply;
    }

    private static KisReply<RestCalls.Page> closed() {
        return new KisReply.Failed<>(CLOSED);
    }

    private Attempt attempt(KisReply<RestCalls.Page> reply, int before, Instant deadline) {
        if (!(reply instanceof KisReply.Failed<RestCalls.Page>(KisFailure failure))) {
            return new Attempt(reply, false, Duration.ZERO);
        }
        Duration wait = switch (failure.kind()) {
            case RATE_LIMITED, TOKEN -> failure.retryAfter().plusMillis(100 + jitter.nextLong(100));
            default -> rule.pause(before, jitter);
        };
        return new Attempt(
                reply,
                worthRepeating(failure)
                        && clock.instant().plus(wait).isBefore(deadline)
                        && !Thread.currentThread().isInterrupted(),
                wait);
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

    /**
     * Sends an order, a modification or a cancel once.
     *
     * @param urgent whether it goes out even while orders fail
     */
    Placement order(
            Permit permit,
            boolean urgent,
            Function<TokenCore.Token, RestRequest> request,
            Function<RestOutcome, RestCalls.Judged> judge,
            TokenKeeper tokens) {
        if (closed) {
            permit.release();
            return new Placement.NotSent(KisFailure.Kind.CLOSED.name(), "this client is closed; nothing was sent");
        }
        Optional<TokenCore.Token> token = tokens.current();
        if (token.isEmpty()) {
            permit.release();
            return new Placement.NotSent("TOKEN_UNAVAILABLE", "there is no valid access token");
        }
        Optional<Breakers.Leave> granted = permit.leave().or(() -> leave(urgent));
        if (granted.isEmpty()) {
            permit.release();
            return new Placement.NotSent(
                    KisFailure.Kind.BREAKER_OPEN.name(), "too many orders got no answer of late; nothing was sent");
        }
        Breakers.Leave leave = granted.get();
        if (!permit.use()) {
            leave.unused();
            throw new IllegalStateException("a permit is good for one call");
        }
        if (permit.lapsed()) {
            leave.unused();
            return new Placement.NotSent(
                    KisFailure.Kind.QUEUE_TIMEOUT.name(),
                    "the permit was kept too long: its slot went to somebody else");
        }
        RestOutcome outcome = orders.send(request.apply(token.get()), permit::sent, permit.deadline());
        permit.over();
        count(outcome, leave, permit.deadline());
        RestCalls.Judged judged = judge.apply(outcome);
        learn(judged.lesson(), token.get(), tokens);
        return judged.placement();
    }

    private Optional<Breakers.Leave> leave(boolean urgent) {
        return breakers.ask(Breakers.Calls.ORDERS, urgent) instanceof Breakers.Verdict.Go(Breakers.Leave leave)
                ? Optional.of(leave)
                : Optional.empty();
    }

    /**
     * Waits for the slot of an order and the breaker's leave to send it.
     *
     * @param urgent whether it goes out even while orders fail
     */
    OrderGrant acquireOrder(Errand errand, boolean urgent) {
        return switch (budget.acquire(errand.lane(), errand.tenant(), true, errand.deadline())) {
            case Grant.TimedOut() -> new OrderGrant.TimedOut();
            case Grant.Granted(Permit permit) ->
                switch (breakers.ask(Breakers.Calls.ORDERS, urgent)) {
                    case Breakers.Verdict.Go(Breakers.Leave leave) -> new OrderGrant.Granted(permit.with(leave));
                    case Breakers.Verdict.Open(Duration open) -> {
                        permit.release();
                        yield new OrderGrant.Suspended(open);
                    }
                };
        };
    }

    /** Why there is no token, and what to do about it. */
    KisFailure noToken(String code, String message, Duration wait) {
        if (closed) {
            return CLOSED;
        }
        if (TokenCore.CREDENTIALS.contains(code)) {
            return new KisFailure(
                    KisFailure.Kind.TOKEN,
                    "",
                    code,
                    message,
                    "check app key, app secret and whether they are of this environment (live or paper)",
                    false,
                    Duration.ZERO);
        }
        if (code.equals("EGW00133")) {
            return new KisFailure(
                    KisFailure.Kind.TOKEN,
                    "",
                    code,
                    message,
                    "somebody got a token with this app key less than a minute ago: let the programs share one token store",
                    true,
                    wait);
        }
        boolean unreached = code.equals(KisFailure.Kind.CONNECTION.name());
        return new KisFailure(
                unreached ? KisFailure.Kind.CONNECTION : KisFailure.Kind.TOKEN,
                "",
                unreached ? "" : code,
                message,
                unreached ? "look at the address and the network" : "ask again later",
                true,
                wait);
    }

    private KisReply<RestCalls.Page> askOnce(PageWalk walk, Errand errand, TokenKeeper tokens) {
        Query query = walk.query();
        // The token first: a slot of the budget is not worth waiting with.
        if (tokens.need(errand.deadline())
                instanceof TokenKeeper.Answer.None(String code, String message, Duration wait)) {
            return new KisReply.Failed<>(noToken(code, message, wait));
        }
        if (!(budget.acquire(errand.lane(), errand.tenant(), query.ledger(), turnBy(errand))
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
        boolean urgent = errand.lane() == Lane.RESOLVE;
        return switch (breakers.ask(query.ledger() ? Breakers.Calls.ACCOUNT : Breakers.Calls.QUOTATIONS, urgent)) {
            case Breakers.Verdict.Open(Duration pause) -> {
                permit.release();
                yield failed(
                        KisFailure.Kind.BREAKER_OPEN, "", "too many calls of this kind got no answer of late", pause);
            }
            case Breakers.Verdict.Go(Breakers.Leave leave) -> send(walk, permit, leave, token.get(), errand, tokens);
        };
    }

    /** When {@code errand} must have its turn in the call budget; what resolves an order in doubt waits on. */
    Instant turnBy(Errand errand) {
        return queueTimeout
                .filter(_ -> errand.lane() != Lane.RESOLVE)
                .map(wait -> clock.instant().plus(wait))
                .filter(errand.deadline()::isAfter)
                .orElse(errand.deadline());
    }

    private KisReply<RestCalls.Page> send(
            PageWalk walk,
            Permit permit,
            Breakers.Leave leave,
            TokenCore.Token token,
            Errand errand,
            TokenKeeper tokens) {
        permit.use();
        Query query = walk.query();
        RestOutcome outcome =
                queries.send(calls.ask(token, query, walk.parameters(), walk.next()), permit::sent, errand.deadline());
        permit.over();
        count(outcome, leave, errand.deadline());
        RestCalls.Reading reading = calls.read(query, outcome);
        learn(reading.lesson(), token, tokens);
        return reading.reply();
    }

    /** Refusals, for the call rate or otherwise, are answers: KIS is there. It often says them with HTTP 500. */
    private void count(RestOutcome outcome, Breakers.Leave leave, Instant deadline) {
        switch (outcome) {
            case RestOutcome.Answered(int status, String _, String body)
            when status < SERVER_ERROR
                    || isRefusal(RestReply.parse(status, body).msgCd()) -> leave.answered();
            case RestOutcome.NotSent _ when clock.instant().isAfter(deadline) -> leave.unused();
            // The caller's own doing says nothing of KIS.
            case RestOutcome.NotSent _, RestOutcome.Lost _
            when closed || Thread.currentThread().isInterrupted() -> leave.unused();
            case RestOutcome.Answered _, RestOutcome.NotSent _, RestOutcome.Lost _ -> leave.failed();
        }
    }

    /** A code that says that KIS's own servers failed is none. */
    private boolean isRefusal(String code) {
        return !code.isEmpty() && !codes.entry(code).map(KisCode::isServerFault).orElse(false);
    }

    private void learn(RestCalls.Lesson lesson, TokenCore.Token used, TokenKeeper tokens) {
        switch (lesson) {
            case RestCalls.Lesson.Nothing() -> {}
            case RestCalls.Lesson.TooFast(boolean ledger) -> budget.refusedForRate(ledger);
            case RestCalls.Lesson.TokenDead(String code) -> tokens.rejected(used.value(), code);
        }
    }

    private static boolean worthRepeating(KisFailure failure) {
        return switch (failure.kind()) {
            case CREDENTIALS_MISSING,
                    INVALID_SETTINGS,
                    INVALID_REQUEST,
                    UNSUPPORTED,
                    QUEUE_TIMEOUT,
                    BREAKER_OPEN,
                    REGISTRATIONS_FULL,
                    UNKNOWN_SYMBOL,
                    CLOSED -> false;
            case RATE_LIMITED, TIMEOUT, CONNECTION, REFUSED, TOKEN, UNREADABLE -> failure.retryable();
        };
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
