package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.simulator.account.Refusal;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.Json;
import kr.kisgateway.wire.RestCall;

/**
 * Handles REST calls: counts and admits each, has it answered, delivers the answer unless a fault hits it, and reports its
 * outcome to the conformance monitor.
 */
final class RestCalls {
    private final BrokerRules rules;
    private final Identities identities;
    private final Faults faults;
    private final ConformanceMonitor conformance;
    private final CallRouter router;
    private final CallFaults callFaults;
    private final CallAnswers answers;
    private final Map<String, Long> counts = new TreeMap<>();

    RestCalls(
            BrokerRules rules,
            Identities identities,
            Faults faults,
            ConformanceMonitor conformance,
            CallRouter router,
            CallFaults callFaults,
            CallAnswers answers) {
        this.rules = rules;
        this.identities = identities;
        this.faults = faults;
        this.conformance = conformance;
        this.router = router;
        this.callFaults = callFaults;
        this.answers = answers;
    }

    /** The calls received, by path; paths that do not exist together. */
    Map<String, Long> counts() {
        return counts;
    }

    void handle(Input.Rest call, Instant now, StepOutput out) {
        String path = call.path();
        counts.merge(router.hasPath(path) ? path : "elsewhere", 1L, Long::sum);
        if (callFaults.refusesWeekendConnections(now)) {
            CallFaults.reset(call, out);
        } else if (CallRouter.isOauth(path)) {
            if (!callFaults.failBeforeReceipt(call, now, out)) {
                HttpAnswer answer = oauth(call, now, out);
                if (call.body() instanceof Input.Body.Fields(Map<String, String> values, String text)) {
                    conformance.tokenAnswered(identities.findWellFormed(values.getOrDefault("appkey", "")), answer);
                }
                callFaults.reply(call, answer, out);
            }
        } else if (path.equals(CallRouter.HASHKEY)) {
            callFaults.reply(call, CallAnswers.hashkey(call), out);
        } else {
            Input.Rest routed = router.routeByTrId(call);
            switch (admit(routed, now)) {
                case Admission.Denied denied -> callFaults.reply(routed, denied.answer(), out);
                case Admission.Admitted admitted -> execute(routed, admitted, now, out);
            }
        }
    }

    private HttpAnswer oauth(Input.Rest call, Instant now, StepOutput out) {
        return call.method().equals("POST") && call.body() instanceof Input.Body.Fields fields
                ? identities.oauth(call.path(), fields.values(), call.entropy(), now, out)
                : HttpAnswer.of(
                        400,
                        Json.object()
                                .field("error_description", "유효하지 않은 요청입니다.")
                                .field("error_code", "EGW00101")
                                .text());
    }

    private sealed interface Admission {
        /** @param api the catalog's call; empty when the market and the ledger answer it themselves */
        record Admitted(Identities.AppKey key, Identities.Token token, Optional<RestCall> api) implements Admission {}

        record Denied(HttpAnswer answer) implements Admission {}
    }

    /** The order of the checks is assumed: app key, secret, authorization, rate limit, TR id. */
    private Admission admit(Input.Rest call, Instant now) {
        if (!call.path().startsWith("/uapi/")) {
            return new Admission.Denied(AnswerBodies.error(404, "EGW00101", "유효하지 않은 요청입니다."));
        }
        conformance.callReceived(call, identities.findWellFormed(call.headers().getOrDefault("appkey", "")));
        return switch (identities.caller(call.headers(), now)) {
            case Identities.Caller.Rejected unknown -> new Admission.Denied(unknown.answer());
            case Identities.Caller.Authenticated match -> {
                boolean limitStorm = faults.hits("rate_limit_storm", CallRouter.occasion(call));
                if (limitStorm || !match.key().calls.admit(now)) {
                    if (!limitStorm) {
                        conformance.overLimit(call, match.key());
                    }
                    yield new Admission.Denied(AnswerBodies.error(500, "EGW00201", "초당 거래건수를 초과하였습니다."));
                }
                yield switch (router.route(call)) {
                    case CallRouter.Route.Found(Optional<RestCall> api) ->
                        new Admission.Admitted(match.key(), match.token(), api);
                    case CallRouter.Route.Refused(HttpAnswer answer) -> {
                        conformance.refused(call, match.key(), answer);
                        yield new Admission.Denied(answer);
                    }
                };
            }
        };
    }

    private void execute(Input.Rest call, Admission.Admitted caller, Instant now, StepOutput out) {
        if (callFaults.failBeforeReceipt(call, now, out)) {
            observeOrderOutcome(call, caller, ConformanceMonitor.OrderOutcome.UNANSWERED, now);
            return;
        }
        Optional<HttpAnswer> failed = callFaults.failBeforeProcessing(call, caller.token(), now, out);
        if (failed.isPresent()) {
            if (!caller.token().isDead(now)) {
                observeOrderOutcome(call, caller, ConformanceMonitor.OrderOutcome.UNANSWERED, now);
            }
            callFaults.reply(call, failed.get(), out);
            return;
        }
        HttpAnswer answer = answers.answer(call, caller.key(), caller.api(), now, out);
        if (answer.status() == 200 && answer.body().contains("\"rt_cd\":\"0\"")) {
            boolean delivered = callFaults.deliver(call, answer, caller.token(), now, out);
            observeOrderOutcome(
                    call,
                    caller,
                    delivered
                            ? ConformanceMonitor.OrderOutcome.ACCEPTED
                            : ConformanceMonitor.OrderOutcome.ACCEPTED_UNANSWERED,
                    now);
            return;
        }
        AnswerBodies.refusal(answer, rules.face()).ifPresent(why -> observeRefusal(call, caller, why, now));
        boolean reject =
                answer.status() == 200 && !CallRouter.occasion(call).is(Faults.QUERIES) && faults.isOn("rejects_500");
        callFaults.reply(
                call, reject ? new HttpAnswer(500, answer.trId(), answer.trCont(), answer.body()) : answer, out);
    }

    private void observeRefusal(Input.Rest call, Admission.Admitted caller, Refusal why, Instant now) {
        observeOrderOutcome(call, caller, ConformanceMonitor.OrderOutcome.REFUSED, now);
        Faults.Occasion occasion = CallRouter.occasion(call);
        if (occasion.is(Faults.ORDERS) || occasion.is(Faults.REVISIONS)) {
            Map<String, String> in = ((Input.Body.Fields) call.body()).values();
            conformance.refused(
                    caller.key(), why, in.getOrDefault("PDNO", "a revision"), in.getOrDefault("ORD_UNPR", ""));
        }
    }

    /** Reports an order for domestic stocks, or a query of the list of them, to the conformance monitor. */
    private void observeOrderOutcome(
            Input.Rest call, Admission.Admitted caller, ConformanceMonitor.OrderOutcome result, Instant now) {
        boolean order = CallRouter.isOrder(call.path());
        boolean orderQuery =
                List.of(CallRouter.DAILY_ORDERS, CallRouter.REVISABLE_ORDERS).contains(call.path());
        if (!order && !(orderQuery && result == ConformanceMonitor.OrderOutcome.ACCEPTED)) {
            return;
        }
        Map<String, String> in = call.body() instanceof Input.Body.Fields(Map<String, String> values, String text)
                ? values
                : CatalogRequest.upperCaseNames(call.query());
        String account = Secrets.hash(in.getOrDefault("CANO", "") + in.getOrDefault("ACNT_PRDT_CD", ""));
        if (orderQuery) {
            conformance.ordersQueried(caller.key(), account);
            return;
        }
        String same = String.join(
                " ",
                CallRouter.isSale(call) ? "SELL" : "BUY",
                in.getOrDefault("PDNO", ""),
                in.getOrDefault("ORD_QTY", ""),
                "at",
                in.getOrDefault("ORD_UNPR", ""),
                "as",
                in.getOrDefault("ORD_DVSN", ""),
                TradingCalls.venue(in) + loan(in));
        conformance.ordered(caller.key(), account, same, result, now);
    }

    /** The loan of an order on credit: it is no repetition of an equal one in cash. */
    private static String loan(Map<String, String> in) {
        return in.containsKey("LOAN_DT") ? " on credit of " + in.getOrDefault("LOAN_DT", "") : "";
    }
}
