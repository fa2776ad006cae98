package kr.kisgateway.gateway.face;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.edge.AnyPathListener.Request;
import kr.kisgateway.gateway.access.FaceGatekeeper;
import kr.kisgateway.gateway.access.FaceGatekeeper.Admission;
import kr.kisgateway.gateway.face.AccountMask.Masked;
import kr.kisgateway.gateway.parent.ParentId;
import kr.kisgateway.wire.CallRoutes;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers REST calls as KIS would, in KIS's order of checks: app key, secret, token, call rate, TR id, account. What no check
 * refuses goes to the order desk or to KIS.
 */
final class FaceCalls implements AnyPathListener.Calls {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.face");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String BEARER = "Bearer ";
    private static final String LAST_PAGE = "D";
    private static final int OK = 200;
    private static final int ERROR = 500;
    private static final int FORBIDDEN = 403;
    private final FaceGatekeeper gatekeeper;
    private final FaceTokens tokens;
    private final FaceLogin login;
    private final CallRoutes routes;
    private final boolean paper;
    private final HeldAnswers held;
    private final FaceOrders orders;
    private final FaceReservations reservations;
    private final FaceUsReservations usReservations;
    private final Duration queue;
    private final FaceAccounts accounts;
    private final Queries queries;
    private final FaceMeter meter;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** @param queue how long a call waits for a share of its key */
    FaceCalls(
            FaceGatekeeper gatekeeper,
            FaceTokens tokens,
            FaceLogin login,
            KisUpstream upstream,
            Queries queries,
            HeldAnswers held,
            FaceOrders orders,
            FaceReservations reservations,
            FaceUsReservations usReservations,
            FaceAccounts accounts,
            Duration queue,
            FaceMeter meter) {
        this.meter = meter;
        this.gatekeeper = gatekeeper;
        this.tokens = tokens;
        this.login = login;
        this.paper = upstream.isPaper();
        this.routes = new CallRoutes(Catalog.load(), paper);
        this.queries = queries;
        this.held = held;
        this.orders = orders;
        this.reservations = reservations;
        this.usReservations = usReservations;
        this.accounts = accounts;
        this.queue = queue;
    }

    /** Ends the waits for a share. */
    void stop() {
        stopped.countDown();
    }

    @Override
    public Answer.Text refuse(int status) {
        return FaceAnswers.unreadable(status);
    }

    @Override
    public Answer answer(Request request) throws InterruptedException {
        return meter.measure(request, () -> answerAny(request));
    }

    private Answer answerAny(Request request) throws InterruptedException {
        try {
            return withHeaders(request, dispatch(request));
        } catch (RuntimeException e) {
            // Nothing of the gateway leaks into KIS's protocol.
            LOG.error("face_call_failed path={}", request.path(), e);
            return withHeaders(request, FaceAnswers.refused(ERROR, "EGW00300"));
        }
    }

    /** Every answer to a call with a TR id has KIS's headers, a refusal too. */
    private static Answer withHeaders(Request request, Answer answer) {
        String trId = request.headers().getOrDefault("tr_id", "");
        return answer instanceof Answer.Text(int status, String type, Map<String, String> headers, String body)
                        && headers.isEmpty()
                        && !trId.isEmpty()
                ? new Answer.Text(status, type, answerHeaders(request, trId, ""), body)
                : answer;
    }

    private Answer dispatch(Request request) throws InterruptedException {
        Optional<Map<String, String>> body = body(request.body());
        if (FaceLogin.isLogin(request.path())) {
            return login.answer(request.method(), request.path(), body, request.address());
        }
        if (!request.path().startsWith("/uapi/")) {
            return FaceAnswers.refused(404, "EGW00101");
        }
        var headers = request.headers();
        String appKey = headers.getOrDefault("appkey", "");
        Admission admission = gatekeeper.admit(appKey, headers.getOrDefault("appsecret", ""), request.address());
        if (admission instanceof Admission.Refused(FaceGatekeeper.Reason reason)) {
            return FaceAnswers.refused(FORBIDDEN, code(reason));
        }
        var admitted = (Admission.Admitted) admission;
        var caller = new Admission.Admitted(
                admitted.key(), accounts.narrow(admitted.caller()), admitted.secretFingerprint());
        MeteredCall.current().by(caller.key());
        if (request.path().equals(FaceLogin.HASHKEY)) {
            return isWithinShare(caller)
                    ? body.<Answer>map(fields -> login.hashkey(caller.key().id(), fields))
                            .orElseGet(FaceCalls::unreadable)
                    : FaceAnswers.refused(ERROR, "EGW00201");
        }
        var refusal = tokenRefusal(caller, appKey, headers.getOrDefault("authorization", ""));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return isWithinShare(caller) ? route(request, body, caller) : FaceAnswers.refused(ERROR, "EGW00201");
    }

    private Optional<Answer.Text> tokenRefusal(Admission.Admitted caller, String appKey, String authorization) {
        if (!authorization.startsWith(BEARER)) {
            return Optional.of(FaceAnswers.refused(ERROR, "EGW00205"));
        }
        return switch (tokens.verify(
                caller.key().id(),
                appKey,
                authorization.substring(BEARER.length()).strip())) {
            case VALID -> Optional.empty();
            case INVALID -> Optional.of(FaceAnswers.refused(ERROR, "EGW00121"));
            case EXPIRED -> Optional.of(FaceAnswers.refused(ERROR, "EGW00123"));
        };
    }

    /** Waits for the key's own share; a loop without pauses works at that rate instead of being refused. */
    private boolean isWithinShare(Admission.Admitted caller) throws InterruptedException {
        Duration waited = Duration.ZERO;
        for (var wait = gatekeeper.takeCall(caller.key()); wait.isPresent(); wait = gatekeeper.takeCall(caller.key())) {
            waited = waited.plus(wait.get());
            if (waited.compareTo(queue) > 0) {
                return false;
            }
            MeteredCall.current().waited(wait.get());
            if (stopped.await(wait.get().toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }

    private Answer route(Request request, Optional<Map<String, String>> body, Admission.Admitted caller)
            throws InterruptedException {
        var headers = request.headers();
        String trId = headers.getOrDefault("tr_id", "");
        return switch (routes.find(request.method(), request.path(), trId)) {
            case CallRoutes.Route.OtherEnvironment() ->
                paper
                        ? FaceAnswers.refused(ERROR, "EGW02006", "모의투자 TR 이 아닙니다.")
                        : FaceAnswers.refused(ERROR, "EGW02004", "실전투자 TR 이 아닙니다.");
            case CallRoutes.Route.Unknown() -> FaceAnswers.refused(200, "OPSQ0002");
            case CallRoutes.Route.Found(RestCall call) -> {
                var refusal = headerRefusal(headers);
                yield refusal.isPresent() ? refusal.get() : answer(request, call, trId, body, caller);
            }
        };
    }

    private static Optional<Answer.Text> headerRefusal(Map<String, String> headers) {
        String customer = headers.getOrDefault("custtype", "P");
        if (!customer.equals("P") && !customer.equals("B")) {
            return Optional.of(FaceAnswers.refused(ERROR, "EGW00208"));
        }
        return headers.getOrDefault("content-type", "application/json")
                        .toLowerCase(Locale.ROOT)
                        .startsWith("application/json")
                ? Optional.empty()
                : Optional.of(FaceAnswers.refused(ERROR, "EGW00132"));
    }

    private Answer answer(
            Request request, RestCall call, String trId, Optional<Map<String, String>> body, Admission.Admitted caller)
            throws InterruptedException {
        var sent = request.method().equals("GET") ? Optional.of(request.query()) : body;
        if (sent.isEmpty()) {
            return unreadable();
        }
        var named = ParameterNames.ofCatalog(call, sent.get());
        if (named.isEmpty()) {
            return FaceAnswers.refused(200, "OPSQ2002", "ERROR : INPUT FIELD_NAME");
        }
        Map<String, String> fields = named.get();
        MeteredCall.current().about(call, fields);
        if (!AccountMask.isOwnAccount(call, fields, masked(caller))) {
            return FaceAnswers.refused(200, "OPSQ2000", "ERROR : INPUT INVALID_CHECK_ACNO");
        }
        switch (queries.refusal(call, fields, caller.caller())) {
            case ACCOUNT -> {
                return FaceAnswers.refused(
                        FORBIDDEN, "EGW00206", "계좌 권한이 없는 키입니다. --role trade 로 새 키를 만드십시오. [FORBIDDEN]");
            }
            case SYMBOL -> {
                return FaceAnswers.refused(
                        FORBIDDEN,
                        "EGW00206",
                        call.isOrder()
                                ? "이 키에 허용된 종목만 주문할 수 있습니다. [FORBIDDEN]"
                                : "이 키에 허용된 종목만 조회할 수 있습니다. [FORBIDDEN]");
            }
            case NONE -> {}
        }
        String hash = request.headers().getOrDefault("hashkey", "");
        if (call.isOrder() && !hash.isEmpty() && !login.isHash(caller.key().id(), hash, sent.get())) {
            return FaceAnswers.refused(ERROR, "EGW00131");
        }
        if (call.id().equals(FaceReservations.LIST)
                || call.id().equals(FaceUsReservations.LIST) && UsOrderFields.isUsExchange(fields)) {
            return reservationList(request, call, trId, fields, caller);
        }
        var unrecordable = meter.refusal(new MeteredCall.Content(call, fields));
        if (unrecordable.isPresent()) {
            return orders.refused(unrecordable.get());
        }
        return call.isOrder()
                ? masked(orders.answer(call, trId, fields, caller.caller()), caller)
                : forward(request, call, trId, fields, caller);
    }

    private Answer reservationList(
            Request request, RestCall call, String trId, Map<String, String> fields, Admission.Admitted caller) {
        Optional<Map<String, String>> opened = queries.toKis(fields, asker(caller));
        if (opened.isEmpty()) {
            return unknownPage();
        }
        String key = isContinuation(request)
                ? opened.get().getOrDefault("CTX_AREA_NK200", "").strip()
                : "";
        Optional<ParentId> before = ParentId.parse(key);
        if (before.isEmpty() && !key.isEmpty()) {
            return unknownPage();
        }
        Map<String, String> headers = answerHeaders(request, trId, LAST_PAGE);
        return masked(
                call.id().equals(FaceReservations.LIST)
                        ? reservations.list(fields, caller.caller(), headers, before)
                        : usReservations.list(fields, caller.caller(), headers, before),
                caller);
    }

    private static boolean isContinuation(Request request) {
        return request.headers().getOrDefault("tr_cont", "").strip().equals("N");
    }

    private static Answer unknownPage() {
        return FaceAnswers.refused(200, "OPSQ2002", "ERROR : INPUT FIELD_LENGTH [CTX_AREA]");
    }

    /** KIS's text of a refusal may name the account or the login id. */
    private Answer.Text masked(Answer.Text answer, Admission.Admitted caller) {
        return queries.fromKis(answer.body(), asker(caller))
                .map(body -> new Answer.Text(answer.status(), answer.contentType(), answer.headers(), body))
                .orElseGet(() -> FaceAnswers.refused(ERROR, "EGW00300"));
    }

    private static Masked masked(Admission.Admitted caller) {
        return Masked.of(caller.identity());
    }

    private static Queries.Asker asker(Admission.Admitted caller) {
        return new Queries.Asker(
                caller.caller(),
                masked(caller),
                caller.key().id(),
                caller.key().name(),
                caller.identity().ownBalances());
    }

    private Answer forward(
            Request request, RestCall call, String trId, Map<String, String> fields, Admission.Admitted caller) {
        var pushed = held.find(trId, fields);
        if (pushed.isPresent()) {
            MeteredCall.current().servedFrom(FaceSource.HELD);
            return new Answer.Encoded(OK, FaceAnswers.JSON_TYPE, answerHeaders(request, trId, ""), pushed.get());
        }
        return switch (queries.ask(call, trId, fields, isContinuation(request), asker(caller))) {
            case Queries.Reply.Encoded(int status, String continuation, byte[] utf8) ->
                new Answer.Encoded(status, FaceAnswers.JSON_TYPE, answerHeaders(request, trId, continuation), utf8);
            case Queries.Reply.Text(int status, String continuation, String text) ->
                FaceAnswers.json(status, answerHeaders(request, trId, continuation), text);
            case Queries.Reply.UnknownPage() -> unknownPage();
            case Queries.Reply.Unreadable() -> FaceAnswers.refused(ERROR, "EGW00300");
            case Queries.Reply.NoSlot() -> FaceAnswers.refused(ERROR, "EGW00201");
            case Queries.Reply.NoAnswer() -> FaceAnswers.refused(ERROR, "EGW00301");
        };
    }

    private static Answer.Text unreadable() {
        return FaceAnswers.refused(200, "OPSQ9995", "JSON PARSING ERROR : body");
    }

    /** Names in lower case on the wire: the official samples read exactly these. */
    private static Map<String, String> answerHeaders(Request request, String trId, String continuation) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("tr_id", trId);
        headers.put("tr_cont", continuation);
        headers.put("gt_uid", request.headers().getOrDefault("gt_uid", ""));
        return headers;
    }

    static String code(FaceGatekeeper.Reason reason) {
        return switch (reason) {
            case APP_KEY_MISSING -> "EGW00102";
            case APP_KEY_INVALID -> "EGW00103";
            case APP_SECRET_MISSING -> "EGW00104";
            case APP_SECRET_WRONG -> "EGW00105";
            case ADDRESS -> "EGW00207";
        };
    }

    /** A JSON object of texts; empty for anything else. */
    static Optional<Map<String, String>> body(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            if (!node.isObject()) {
                return Optional.empty();
            }
            Map<String, String> fields = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                if (!field.getValue().isString()) {
                    return Optional.empty();
                }
                fields.put(field.getKey(), field.getValue().stringValue());
            }
            return Optional.of(fields);
        } catch (JacksonException | NumberFormatException e) { // the latter for an exponent out of range
            return Optional.empty();
        }
    }
}
