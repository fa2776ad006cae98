package kr.kisgateway.client.rest;

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
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.client.OrderGrant;
import kr.kisgateway.client.Permit;
import kr.kisgateway.client.Placement;
import kr.kisgateway.client.RawAnswer;
import kr.kisgateway.client.RetryRule;
import kr.kisgateway.client.Tuning;
import kr.kisgateway.client.breaker.Breakers;
import kr.kisgateway.client.budget.CallBudget;
import kr.kisgateway.client.budget.CallPermit;
import kr.kisgateway.client.budget.Grant;
import kr.kisgateway.client.core.Refusals;
import kr.kisgateway.client.session.SessionCore;
import kr.kisgateway.client.token.TokenCore;
import kr.kisgateway.client.token.TokenManager;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.KisCode;
import kr.kisgateway.wire.parse.RestReply;

/**
 * Executes the calls of {@link RestCalls}: waits for token and slot, sends, and applies the feedback of an answer.
 * Queries are retried when that can help; orders never are.
 */
public final class KisRest {
    private static final int SERVER_ERROR = 500;
    private static final Duration OAUTH_WAIT = Duration.ofSeconds(10);

    /**
     * Lane, tenant and deadline of a call.
     *
     * @param tenant tenants of a lane take turns
     */
    public record CallContext(Lane lane, String tenant, Instant deadline) {
        public static final String CLIENT_TENANT = "client";

        public static CallContext of(Lane lane, Instant deadline) {
            return new CallContext(lane, CLIENT_TENANT, deadline);
        }
    }

    private final CodeTable codes = CodeTable.load();
    private final RestCalls calls;
    private final KisHttp queries;
    private final KisHttp orders;
    private final CallBudget budget;
    private final Breakers breakers;
    private final RetryRule retryRule;
    private final Optional<Duration> queueTimeout;
    private final RetryConfig retry;
    private final InstantSource clock;
    private final CallObservation observation;
    private final RandomGenerator jitter;
    private volatile boolean closed;

    public KisRest(
            RestCalls calls,
            KisHttp queries,
            KisHttp orders,
            CallBudget budget,
            Breakers breakers,
            Tuning tuning,
            InstantSource clock,
            CallObservation observation,
            RandomGenerator jitter) {
        this.calls = calls;
        this.queries = queries;
        this.orders = orders;
        this.budget = budget;
        this.breakers = breakers;
        this.retryRule = tuning.retry();
        this.queueTimeout = tuning.queueTimeout();
        this.retry = RetryConfig.<Attempt>custom()
                .maxAttempts(tuning.retry().times() + 1)
                .retryOnResult(Attempt::shouldRetry)
                .retryOnException(_ -> false)
                .intervalBiFunction((_, attempt) -> attempt.get().pause().toMillis())
                .build();
        this.clock = clock;
        this.observation = observation;
        this.jitter = jitter;
    }

    /** Nothing is sent after this; what fails then fails as closed. */
    public void close() {
        closed = true;
    }

    /** Requests an access token. */
    public TokenCore.Input issueToken() {
        return calls.auth().readToken(oauth(calls.auth().token()), clock.instant());
    }

    /** Requests an approval key. */
    public SessionCore.Input issueApprovalKey() {
        return calls.auth().readApprovalKey(oauth(calls.auth().approvalKey()));
    }

    /**
     * One request of a query and its result.
     *
     * @param answer KIS's own; empty when nothing was sent or nothing came back
     */
    private record Exchange(KisReply<RestCalls.Page> reply, Optional<RawAnswer> answer) {
        static Exchange failed(KisFailure.Kind kind, String code, String why, Duration retryAfter) {
            return failed(new KisFailure(kind, "", code, why, "retry later", true, retryAfter));
        }

        static Exchange failed(KisFailure failure) {
            return new Exchange(new KisReply.Failed<>(failure), Optional.empty());
        }
    }

    /**
     * One attempt of a query.
     *
     * @param shouldRetry whether to retry after {@code pause}
     */
    private record Attempt(Exchange exchange, boolean shouldRetry, Duration pause) {}

    /** The page at {@code cursor}, retried after transient failures. */
    public KisReply<RestCalls.Page> requestPage(PageCursor cursor, CallContext context, TokenManager tokens) {
        return exchange(cursor.request(), context, tokens).reply();
    }

    /**
     * KIS's answer to a query as it came, refusals included; retried as {@link #requestPage}. A refusal for the call rate or
     * the token is a failure: both are this client's, not the query's.
     */
    public KisReply<RawAnswer> forward(PageRequest request, CallContext context, TokenManager tokens) {
        Exchange exchange = exchange(request, context, tokens);
        return exchange.reply() instanceof KisReply.Failed<RestCalls.Page>(KisFailure failure)
                        && (exchange.answer().isEmpty()
                                || failure.kind() == KisFailure.Kind.RATE_LIMITED
                                || failure.kind() == KisFailure.Kind.TOKEN)
                ? new KisReply.Failed<>(failure)
                : new KisReply.Ok<>(exchange.answer().orElseThrow());
    }

    private Exchange exchange(PageRequest request, CallContext context, TokenManager tokens) {
        var attempts = new ArrayList<Attempt>();
        try {
            return Retry.of("query", retry)
                    .executeSupplier(() -> {
                        Exchange exchange = closed ? closed() : unlessClosed(requestOnce(request, context, tokens));
                        var attempt = attempt(exchange, attempts.size(), context.deadline());
                        attempts.add(attempt);
                        return attempt;
                    })
                    .exchange();
        } catch (CancellationException interrupted) {
            return attempts.getLast().exchange();
        }
    }

    private Exchange unlessClosed(Exchange exchange) {
        return closed && exchange.reply() instanceof KisReply.Failed ? closed() : exchange;
    }

    private static Exchange closed() {
        return Exchange.failed(Refusals.CLOSED);
    }

    private Attempt attempt(Exchange exchange, int before, Instant deadline) {
        if (!(exchange.reply() instanceof KisReply.Failed<RestCalls.Page>(KisFailure failure))) {
            return new Attempt(exchange, false, Duration.ZERO);
        }
        Duration wait = switch (failure.kind()) {
            case RATE_LIMITED, TOKEN -> failure.retryAfter().plusMillis(100 + jitter.nextLong(100));
            default -> retryRule.pause(before, jitter);
        };
        return new Attempt(
                exchange,
                isRetryable(failure)
                        && clock.instant().plus(wait).isBefore(deadline)
                        && !Thread.currentThread().isInterrupted(),
                wait);
    }

    /** All pages of a query. */
    public <T> KisReply<List<T>> requestAllPages(PageCollector<T> pages, CallContext context, TokenManager tokens) {
        while (true) {
            Optional<KisReply<List<T>>> all = pages.acceptReply(requestPage(pages.cursor(), context, tokens));
            if (all.isPresent()) {
                return all.get();
            }
        }
    }

    /**
     * Sends an order, a modification or a cancel once.
     *
     * @param callClass ORDERS or OVERSEAS_ORDERS
     * @param urgent whether it is sent even while orders fail
     */
    public Placement order(
            CallPermit permit,
            Breakers.CallClass callClass,
            boolean urgent,
            Function<TokenCore.Token, RestRequest> request,
            Function<RestOutcome, RestCalls.OrderResult> evaluate,
            TokenManager tokens) {
        if (closed) {
            permit.release();
            return new Placement.NotSent(KisFailure.Kind.CLOSED.name(), "this client is closed; nothing was sent");
        }
        Optional<TokenCore.Token> token = tokens.current();
        if (token.isEmpty()) {
            permit.release();
            return new Placement.NotSent("TOKEN_UNAVAILABLE", "there is no valid access token");
        }
        Optional<Breakers.Admission> admitted = admission(permit, callClass, urgent);
        if (admitted.isEmpty()) {
            permit.release();
            return new Placement.NotSent(
                    KisFailure.Kind.BREAKER_OPEN.name(), "too many recent orders got no answer; nothing was sent");
        }
        Breakers.Admission admission = admitted.get();
        if (!permit.consume()) {
            admission.release();
            throw new IllegalStateException("a permit is good for one call");
        }
        if (permit.isExpired()) {
            admission.release();
            return new Placement.NotSent(
                    KisFailure.Kind.QUEUE_TIMEOUT.name(), "the permit expired: its slot was reassigned");
        }
        CallObservation.Begun call = observation.begin(request.apply(token.get()));
        RestOutcome outcome = orders.send(call.request(), permit::markSent, permit.deadline());
        permit.complete();
        recordOutcome(outcome, admission, permit.deadline());
        RestCalls.OrderResult result = evaluate.apply(outcome);
        observation.ended(call, outcome, result);
        applyFeedback(result.feedback(), token.get(), tokens);
        return result.placement();
    }

    /** A permit was admitted as one for a Korean order, before it was known what it is used for. */
    private Optional<Breakers.Admission> admission(CallPermit permit, Breakers.CallClass callClass, boolean urgent) {
        if (callClass == Breakers.CallClass.ORDERS && permit.admission().isPresent()) {
            return permit.admission();
        }
        permit.admission().ifPresent(Breakers.Admission::release);
        return admit(callClass, urgent);
    }

    private Optional<Breakers.Admission> admit(Breakers.CallClass callClass, boolean urgent) {
        return breakers.requestAdmission(callClass, urgent)
                        instanceof Breakers.Decision.Admitted(Breakers.Admission admission)
                ? Optional.of(admission)
                : Optional.empty();
    }

    /**
     * Waits for the slot of an order and the breaker's permission to send it.
     *
     * @param urgent whether it is sent even while orders fail
     */
    public OrderGrant acquireOrder(CallContext context, boolean urgent) {
        return switch (budget.acquire(context.lane(), context.tenant(), true, context.deadline())) {
            case Grant.TimedOut() -> new OrderGrant.TimedOut();
            case Grant.Granted(CallPermit permit) -> admitOrder(permit, urgent);
        };
    }

    /**
     * The permission to send an order, if a slot is free now and the breaker permits it; does not wait.
     *
     * @param urgent whether it is sent even while orders fail
     */
    public Optional<Permit> acquireOrderNow(CallContext context, boolean urgent) {
        return budget.acquireNow(context.lane(), context.tenant(), true, context.deadline())
                .flatMap(permit -> admitOrder(permit, urgent) instanceof OrderGrant.Granted(Permit admitted)
                        ? Optional.of(admitted)
                        : Optional.empty());
    }

    private OrderGrant admitOrder(CallPermit permit, boolean urgent) {
        return switch (breakers.requestAdmission(Breakers.CallClass.ORDERS, urgent)) {
            case Breakers.Decision.Admitted(Breakers.Admission admission) ->
                new OrderGrant.Granted(permit.withAdmission(admission));
            case Breakers.Decision.Open(Duration open) -> {
                permit.release();
                yield new OrderGrant.Suspended(open);
            }
        };
    }

    private static Breakers.CallClass callClass(Query query) {
        if (!query.ledger()) {
            return Breakers.CallClass.QUOTATIONS;
        }
        return isOverseas(query.path()) ? Breakers.CallClass.OVERSEAS_ACCOUNT : Breakers.CallClass.ACCOUNT;
    }

    /** Whether a call is about other countries. */
    public static boolean isOverseas(String path) {
        return path.startsWith("/uapi/overseas");
    }

    /** Why there is no token, and the remedy. */
    public KisFailure tokenFailure(String code, String message, Duration wait) {
        if (closed) {
            return Refusals.CLOSED;
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
                    "another program got a token with this app key less than a minute ago: share one token store",
                    true,
                    wait);
        }
        boolean unreached = code.equals(KisFailure.Kind.CONNECTION.name());
        return new KisFailure(
                unreached ? KisFailure.Kind.CONNECTION : KisFailure.Kind.TOKEN,
                "",
                unreached ? "" : code,
                message,
                unreached ? "check the address and the network" : "retry later",
                true,
                wait);
    }

    private Exchange requestOnce(PageRequest request, CallContext context, TokenManager tokens) {
        Query query = request.query();
        // The token first: a slot of the budget must not wait for one.
        if (tokens.awaitToken(context.deadline())
                instanceof TokenManager.Answer.Unavailable(String code, String message, Duration wait)) {
            return Exchange.failed(tokenFailure(code, message, wait));
        }
        Instant queuedAt = clock.instant();
        Grant grant = budget.acquire(context.lane(), context.tenant(), query.ledger(), queueDeadline(context));
        if (!(grant instanceof Grant.Granted(CallPermit permit))) {
            Duration wait = Duration.between(clock.instant(), budget.state().nextSlot());
            return Exchange.failed(
                    KisFailure.Kind.QUEUE_TIMEOUT,
                    "",
                    "the call budget has no slot before the deadline",
                    wait.isNegative() ? Duration.ZERO : wait);
        }
        Duration queued = Duration.between(queuedAt, clock.instant());
        Optional<TokenCore.Token> token = tokens.current();
        if (token.isEmpty()) {
            permit.release();
            return Exchange.failed(KisFailure.Kind.TOKEN, "", "the access token expired", Duration.ZERO);
        }
        boolean urgent = context.lane() == Lane.RESOLVE;
        return switch (breakers.requestAdmission(callClass(query), urgent)) {
            case Breakers.Decision.Open(Duration pause) -> {
                permit.release();
                yield Exchange.failed(
                        KisFailure.Kind.BREAKER_OPEN, "", "too many recent calls of this kind got no answer", pause);
            }
            case Breakers.Decision.Admitted(Breakers.Admission admission) ->
                send(request, permit, admission, token.get(), context, tokens, queued);
        };
    }

    /** When the call must have its slot in the call budget; queries that resolve an order in doubt are exempt. */
    public Instant queueDeadline(CallContext context) {
        return queueTimeout
                .filter(_ -> context.lane() != Lane.RESOLVE)
                .map(wait -> clock.instant().plus(wait))
                .filter(context.deadline()::isAfter)
                .orElse(context.deadline());
    }

    private Exchange send(
            PageRequest request,
            CallPermit permit,
            Breakers.Admission admission,
            TokenCore.Token token,
            CallContext context,
            TokenManager tokens,
            Duration queued) {
        permit.consume();
        Query query = request.query();
        CallObservation.Begun call =
                observation.begin(calls.query(token, query, request.parameters(), request.isContinuation()));
        RestOutcome outcome = queries.send(call.request(), permit::markSent, context.deadline());
        permit.complete();
        recordOutcome(outcome, admission, context.deadline());
        RestCalls.ReadResult reading = calls.read(query, outcome);
        observation.ended(call, outcome, reading.reply());
        applyFeedback(reading.feedback(), token, tokens);
        return new Exchange(
                reading.reply(),
                outcome instanceof RestOutcome.Answered(int status, String continuation, String body)
                        ? Optional.of(new RawAnswer(status, continuation, body, queued))
                        : Optional.empty());
    }

    /** Refusals, for the call rate or otherwise, are answers: KIS is up. It often sends them with HTTP 500. */
    private void recordOutcome(RestOutcome outcome, Breakers.Admission admission, Instant deadline) {
        switch (outcome) {
            case RestOutcome.Answered(int status, String _, String body)
            when status < SERVER_ERROR
                    || isRefusal(RestReply.parse(status, body).msgCd()) -> admission.recordSuccess();
            case RestOutcome.NotSent _ when clock.instant().isAfter(deadline) -> admission.release();
            // The caller's own interruption is no evidence about KIS.
            case RestOutcome.NotSent _, RestOutcome.Lost _
            when closed || Thread.currentThread().isInterrupted() -> admission.release();
            case RestOutcome.Answered _, RestOutcome.NotSent _, RestOutcome.Lost _ -> admission.recordFailure();
        }
    }

    /** A code that reports a failure of KIS's own servers is not a refusal. */
    private boolean isRefusal(String code) {
        return !code.isEmpty() && !codes.entry(code).map(KisCode::isServerFault).orElse(false);
    }

    private void applyFeedback(RestCalls.Feedback feedback, TokenCore.Token used, TokenManager tokens) {
        switch (feedback) {
            case RestCalls.Feedback.None() -> {}
            case RestCalls.Feedback.RateExceeded(boolean ledger) -> budget.refusedForRate(ledger);
            case RestCalls.Feedback.TokenRejected(String code) -> tokens.reportRejected(used.value(), code);
        }
    }

    private static boolean isRetryable(KisFailure failure) {
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
        if (!(budget.acquire(Lane.RESOLVE, CallContext.CLIENT_TENANT, false, deadline)
                instanceof Grant.Granted(CallPermit permit))) {
            return new RestOutcome.NotSent("the call budget has no slot", true);
        }
        permit.consume();
        CallObservation.Begun call = observation.begin(request);
        RestOutcome outcome = queries.send(call.request(), permit::markSent, deadline);
        permit.complete();
        observation.ended(call, outcome);
        return outcome;
    }
}
