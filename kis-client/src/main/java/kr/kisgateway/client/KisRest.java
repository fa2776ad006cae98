package kr.kisgateway.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.RetryClass;
import kr.kisgateway.wire.parse.OrderVerdict;
import kr.kisgateway.wire.parse.RestReply;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The REST calls as KIS spells them: headers, bodies, what an answer's code asks of budget and token. Questions are
 * repeated once when that can help; orders never.
 */
final class KisRest {
    /** One page of a question. */
    record Page(RestReply reply, boolean more) {}

    /**
     * A question.
     *
     * @param path without host
     * @param trId which one
     * @param ledger whether it reaches the account ledger
     * @param expected the blocks that a good answer has
     */
    record Query(String path, String trId, boolean ledger, List<String> expected) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TENANT = "client";
    private static final Duration OAUTH_WAIT = Duration.ofSeconds(10);
    private static final DateTimeFormatter KIS_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final int TOO_MANY_REQUESTS = 429;

    private final KisConfig config;
    private final KisHttp queries;
    private final KisHttp orders;
    private final CallBudget budget;
    private final InstantSource clock;
    private final RandomGenerator jitter;
    private final CodeTable codes = CodeTable.load();

    KisRest(
            KisConfig config,
            KisHttp queries,
            KisHttp orders,
            CallBudget budget,
            InstantSource clock,
            RandomGenerator jitter) {
        this.config = config;
        this.queries = queries;
        this.orders = orders;
        this.budget = budget;
        this.clock = clock;
        this.jitter = jitter;
    }

    /** Asks for an access token (§2.1). */
    TokenCore.Input issueToken() {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("grant_type", "client_credentials");
        body.put("appkey", config.appKey().reveal());
        body.put("appsecret", config.appSecret().reveal());
        return switch (oauth("/oauth2/tokenP", body)) {
            case KisHttp.Outcome.Answered(int status, String _, String text) -> readToken(status, text);
            case KisHttp.Outcome.NotSent(String cause, boolean _) ->
                new TokenCore.Input.Failed(TokenCore.Failure.NOT_SENT, "CONNECTION", cause);
            case KisHttp.Outcome.Lost(String cause, boolean _) ->
                new TokenCore.Input.Failed(TokenCore.Failure.LOST, "CONNECTION", cause);
        };
    }

    /** Asks for an approval key (§2.3). The field is called {@code secretkey} here, not {@code appsecret}. */
    SessionCore.Input issueApprovalKey() {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("grant_type", "client_credentials");
        body.put("appkey", config.appKey().reveal());
        body.put("secretkey", config.appSecret().reveal());
        return switch (oauth("/oauth2/Approval", body)) {
            case KisHttp.Outcome.Answered(int status, String _, String text) -> {
                Optional<String> key =
                        object(text).map(json -> json.path("approval_key").asString(""));
                yield status == 200 && key.filter(it -> !it.isBlank()).isPresent()
                        ? new SessionCore.Input.Approved(Secret.of(key.get()))
                        : new SessionCore.Input.ApprovalFailed(code(RestReply.parse(status, text)));
            }
            case KisHttp.Outcome.NotSent(String cause, boolean _) -> new SessionCore.Input.ApprovalFailed(cause);
            case KisHttp.Outcome.Lost(String cause, boolean _) -> new SessionCore.Input.ApprovalFailed(cause);
        };
    }

    /** One page, asked again once when the trouble is of a kind that passes. */
    KisReply<Page> ask(
            Query query,
            Map<String, String> parameters,
            boolean next,
            Lane lane,
            Instant deadline,
            TokenKeeper tokens) {
        KisReply<Page> first = askOnce(query, parameters, next, lane, deadline, tokens);
        if (first instanceof KisReply.Failed<Page>(KisFailure failure) && worthRepeating(failure, deadline)) {
            pause(Duration.ofMillis(100 + jitter.nextLong(100)));
            return askOnce(query, parameters, next, lane, deadline, tokens);
        }
        return first;
    }

    /** Sends an order or a cancel once. */
    Placement order(Permit permit, String path, String trId, Map<String, String> body, TokenKeeper tokens) {
        Optional<TokenCore.Token> token = tokens.current();
        if (token.isEmpty()) {
            permit.release();
            return new Placement.NotSent("TOKEN_UNAVAILABLE", "there is no valid access token");
        }
        if (!permit.use()) {
            throw new IllegalStateException("a permit is good for one call");
        }
        var request = new KisHttp.Request(
                "POST",
                path,
                Secret.of(""),
                headers(trId, false),
                secretHeaders(token.get()),
                Optional.of(Secret.of(print(body))),
                permit::sent,
                permit.deadline());
        KisHttp.Outcome outcome = orders.send(request);
        permit.over();
        return switch (outcome) {
            case KisHttp.Outcome.Answered(int status, String _, String text) ->
                judge(status, text, token.get(), tokens);
            case KisHttp.Outcome.NotSent(String cause, boolean _) ->
                new Placement.NotSent("CONNECTION", "nothing was sent: " + cause);
            case KisHttp.Outcome.Lost(String cause, boolean timeout) ->
                new Placement.Unknown(timeout ? "TIMEOUT" : "CONNECTION", "sent, and no answer came: " + cause);
        };
    }

    private Placement judge(int status, String text, TokenCore.Token token, TokenKeeper tokens) {
        return switch (OrderVerdict.judge(status, text)) {
            case OrderVerdict.Accepted(String orgNo, long odno, String time) ->
                new Placement.Accepted(orgNo, odno, time);
            case OrderVerdict.Refused(String code, String message) -> new Placement.Refused(code, message);
            case OrderVerdict.NotTaken(String code, String message, boolean newTokenNeeded) -> {
                if (newTokenNeeded) {
                    tokens.rejected(token.value(), code);
                } else {
                    learn(status, code);
                }
                yield new Placement.NotSent(code, message);
            }
            case OrderVerdict.InDoubt(String code, String message) -> {
                learn(status, code);
                yield new Placement.Unknown(code, message);
            }
        };
    }

    private KisReply<Page> askOnce(
            Query query,
            Map<String, String> parameters,
            boolean next,
            Lane lane,
            Instant deadline,
            TokenKeeper tokens) {
        // The token first: a slot of the budget is not worth waiting with.
        if (tokens.need(deadline) instanceof TokenKeeper.Answer.None(String code, String message, Duration wait)) {
            return failed(KisFailure.Kind.TOKEN, "", code, message, true, wait);
        }
        if (!(budget.acquire(lane, TENANT, query.ledger(), deadline) instanceof Grant.Granted(Permit permit))) {
            Duration wait = Duration.between(clock.instant(), budget.state().nextSlot());
            return failed(
                    KisFailure.Kind.QUEUE_TIMEOUT,
                    "",
                    "",
                    "the call budget has no slot before the deadline",
                    true,
                    wait.isNegative() ? Duration.ZERO : wait);
        }
        Optional<TokenCore.Token> token = tokens.current();
        if (token.isEmpty()) {
            permit.release();
            return failed(KisFailure.Kind.TOKEN, "", "", "the access token went away", true, Duration.ZERO);
        }
        permit.use();
        var request = new KisHttp.Request(
                "GET",
                query.path(),
                Secret.of(form(parameters)),
                headers(query.trId(), next),
                secretHeaders(token.get()),
                Optional.empty(),
                permit::sent,
                deadline);
        KisHttp.Outcome outcome = queries.send(request);
        permit.over();
        return switch (outcome) {
            case KisHttp.Outcome.Answered(int status, String more, String text) ->
                read(query, status, more, RestReply.parse(status, text), token.get(), tokens);
            case KisHttp.Outcome.NotSent(String cause, boolean timeout) -> noAnswer(cause, timeout);
            case KisHttp.Outcome.Lost(String cause, boolean timeout) -> noAnswer(cause, timeout);
        };
    }

    private KisReply<Page> read(
            Query query, int status, String more, RestReply reply, TokenCore.Token token, TokenKeeper tokens) {
        if (reply.ok(query.expected().toArray(String[]::new))) {
            return new KisReply.Ok<>(new Page(reply, more.equals("M") || more.equals("F")));
        }
        String code = reply.msgCd();
        if (learn(status, code)) {
            return failed(
                    KisFailure.Kind.RATE_LIMITED,
                    reply.rtCd(),
                    code,
                    reply.msg1(),
                    true,
                    code.equals("EGW00215") ? Duration.ofSeconds(1) : Duration.ofMillis(100));
        }
        RetryClass retry = retry(code, status);
        if (retry == RetryClass.SAFE_AFTER_NEW_TOKEN) {
            tokens.rejected(token.value(), code);
            return failed(KisFailure.Kind.TOKEN, reply.rtCd(), code, reply.msg1(), true, Duration.ZERO);
        }
        boolean refused = reply.readable() && !code.isEmpty() && !reply.rtCd().equals("0");
        return failed(
                refused ? KisFailure.Kind.REFUSED : KisFailure.Kind.UNREADABLE,
                reply.rtCd(),
                code,
                refused || !reply.msg1().isEmpty() ? reply.msg1() : "unreadable answer, HTTP " + status,
                retry != RetryClass.NO,
                Duration.ZERO);
    }

    /** A question changes nothing: whatever leaves an order in doubt may be asked again here. */
    private RetryClass retry(String code, int status) {
        return codes.entry(code).map(it -> it.retry()).orElse(status == 200 ? RetryClass.NO : RetryClass.READ);
    }

    /** Tells the budget of a refusal for the rate; false when it was none. */
    private boolean learn(int status, String code) {
        boolean ledger = code.equals("EGW00215");
        boolean limited = ledger || code.equals("EGW00201") || status == TOO_MANY_REQUESTS;
        if (limited) {
            budget.refusedForRate(ledger);
        }
        return limited;
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

    private KisHttp.Outcome oauth(String path, Map<String, String> body) {
        Instant deadline = clock.instant().plus(OAUTH_WAIT);
        if (!(budget.acquire(Lane.RESOLVE, TENANT, false, deadline) instanceof Grant.Granted(Permit permit))) {
            return new KisHttp.Outcome.NotSent("the call budget has no slot", true);
        }
        permit.use();
        KisHttp.Outcome outcome = queries.send(new KisHttp.Request(
                "POST",
                path,
                Secret.of(""),
                Map.of(),
                Map.of(),
                Optional.of(Secret.of(print(body))),
                permit::sent,
                deadline));
        permit.over();
        return outcome;
    }

    private TokenCore.Input readToken(int status, String text) {
        Instant now = clock.instant();
        Optional<JsonNode> json = object(text);
        String token = json.map(it -> it.path("access_token").asString("")).orElse("");
        if (status == 200 && !token.isBlank()) {
            Instant bySpan = now.plusSeconds(
                    Math.max(0, json.map(it -> it.path("expires_in").asLong(0)).orElse(0L)));
            Instant byTime = json.map(
                            it -> it.path("access_token_token_expired").asString(""))
                    .flatMap(KisRest::kisTime)
                    .orElse(bySpan);
            // A repeated token keeps its old end whatever the span says, so the earlier of the two counts.
            return new TokenCore.Input.Obtained(
                    new TokenCore.Token(Secret.of(token), now, byTime.isBefore(bySpan) ? byTime : bySpan), false);
        }
        RestReply reply = RestReply.parse(status, text);
        return new TokenCore.Input.Failed(TokenCore.Failure.ANSWERED, code(reply), reply.msg1());
    }

    private Map<String, String> headers(String trId, boolean next) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", KisHttp.JSON.toString());
        headers.put("tr_id", trId);
        headers.put("tr_cont", next ? "N" : "");
        headers.put("custtype", "P");
        return headers;
    }

    private Map<String, Secret> secretHeaders(TokenCore.Token token) {
        return Map.of(
                "authorization", Secret.of("Bearer " + token.value().reveal()),
                "appkey", config.appKey(),
                "appsecret", config.appSecret());
    }

    private static String code(RestReply reply) {
        return reply.msgCd().isEmpty() ? "HTTP " + reply.httpStatus() : reply.msgCd();
    }

    private static KisReply<Page> noAnswer(String cause, boolean timeout) {
        return failed(
                timeout ? KisFailure.Kind.TIMEOUT : KisFailure.Kind.CONNECTION, "", "", cause, true, Duration.ZERO);
    }

    private static KisReply<Page> failed(
            KisFailure.Kind kind, String rtCd, String msgCd, String msg1, boolean retryable, Duration retryAfter) {
        return new KisReply.Failed<>(new KisFailure(kind, rtCd, msgCd, msg1, retryable, retryAfter));
    }

    /** Keys and values in the order given, nothing between: the bytes of an order are the same on every machine. */
    static String print(Map<String, String> body) {
        return JSON.writeValueAsString(body);
    }

    private static Optional<JsonNode> object(String text) {
        try {
            return Optional.of(JSON.readTree(text)).filter(JsonNode::isObject);
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> kisTime(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text, KIS_TIME)
                    .atZone(TradingCalendar.SEOUL)
                    .toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
