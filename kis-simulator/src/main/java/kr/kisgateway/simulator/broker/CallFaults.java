package kr.kisgateway.simulator.broker;

import java.time.DayOfWeek;
import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.account.Refusal;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.Json;

/**
 * The faults of REST calls: which fail before the broker receives or processes them, and whose answers are lost, late or
 * replaced.
 */
final class CallFaults {
    /** How long a call that is never answered stays open, unless its client times out first. */
    private static final long NO_ANSWER_MS = 600_000;

    /** The delay of an answer behind the notices that overtake it. */
    private static final long BEHIND_NOTICES_MS = 200;

    private final BrokerRules rules;
    private final Faults faults;
    private final Identities identities;
    private final EffectSchedule schedule;

    CallFaults(BrokerRules rules, Faults faults, Identities identities, EffectSchedule schedule) {
        this.rules = rules;
        this.faults = faults;
        this.identities = identities;
        this.schedule = schedule;
    }

    /** Whether connections are refused because of a weekend, as observed on the practice system. */
    boolean refusesWeekendConnections(Instant now) {
        return rules.face() == Face.PAPER
                && faults.isOn("refuse_paper_weekends")
                && faults.brokerTime(now)
                                .atZone(TradingCalendar.SEOUL)
                                .getDayOfWeek()
                                .getValue()
                        >= DayOfWeek.SATURDAY.getValue();
    }

    /** Whether the call fails in transit, before any authentication. */
    boolean failBeforeReceipt(Input.Rest call, Instant now, StepOutput out) {
        Faults.Occasion occasion = CallRouter.occasion(call);
        if (faults.hits("refuse_connections", occasion)) {
            reset(call, out);
        } else if (faults.hits("unanswered_before", occasion)) {
            leaveUnanswered(call, now);
        } else if (faults.hits("server_errors_before", occasion)) {
            reply(call, serverError(), out);
        } else if (faults.hits("unavailable_before", occasion)) {
            reply(call, unavailable(), out);
        } else if (faults.hits("too_many_requests", occasion)) {
            reply(call, tooManyRequests(), out);
        } else {
            return false;
        }
        return true;
    }

    /** The answer of a call that fails before anything is booked. */
    Optional<HttpAnswer> failBeforeProcessing(Input.Rest call, Identities.Token token, Instant now, StepOutput out) {
        Faults.Occasion occasion = CallRouter.occasion(call);
        if (faults.hits("dead_tokens_before", occasion)) {
            identities.kill(token, now, out);
            return Optional.of(identities.expiredTokenAnswer());
        }
        if (faults.hits("timeouts_before", occasion)) {
            return Optional.of(timeout());
        }
        if (occasion.is(Faults.ORDERS) && faults.hits("refuse_orders", occasion)) {
            // No document has the code of a venue that takes no orders [assumed].
            return Optional.of(AnswerBodies.ledgerError("7", "80000000", "거래소 사정으로 주문을 접수할 수 없습니다."));
        }
        if ((occasion.is(Faults.ORDERS) || occasion.is(Faults.REVISIONS)) && faults.hits("refuse_prices", occasion)) {
            return Optional.of(
                    AnswerBodies.refused(Refusal.OFF_TICK, call.trId().startsWith("V") ? Face.PAPER : Face.LIVE));
        }
        if (occasion.is(Faults.QUERIES) && faults.hits("query_errors", occasion)) {
            return Optional.of(queryError());
        }
        if (occasion.is(Faults.QUERIES) && !call.isFirstPage()) {
            if (faults.hits("failed_pages", occasion)) {
                return Optional.of(queryError());
            }
            if (faults.hits("changed_pages", occasion)) {
                return Optional.of(AnswerBodies.ledgerError("7", "SYDB0050", "조회이후에 자료가 변경되었습니다.(다시 조회하세요)"));
            }
        }
        return Optional.empty();
    }

    /** Delivers the answer of a call that was processed, unless a fault loses it. Returns whether it was delivered. */
    boolean deliver(Input.Rest call, HttpAnswer answer, Identities.Token token, Instant now, StepOutput out) {
        Faults.Occasion occasion = CallRouter.occasion(call);
        if (faults.hits("dead_tokens_after", occasion)) {
            identities.kill(token, now, out);
        }
        if (faults.hits("lose_answers", occasion)) {
            reset(call, out);
        } else if (faults.hits("unanswered_after", occasion)) {
            leaveUnanswered(call, now);
        } else if (faults.hits("server_errors_after", occasion)) {
            reply(call, serverError(), out);
        } else if (faults.hits("unavailable_after", occasion)) {
            reply(call, unavailable(), out);
        } else if (faults.hits("timeouts_after", occasion)) {
            reply(call, timeout(), out);
        } else if (faults.hits("broken_answers", occasion)) {
            reply(call, malformedAnswer(), out);
        } else if (faults.hits("late_answers", occasion)) {
            replyLater(call, answer, now, faults.time("late_answer_ms", ""));
            return true;
        } else if (faults.hits("notices_first", occasion)) {
            replyLater(call, answer, now, BEHIND_NOTICES_MS);
            return true;
        } else {
            reply(call, answer, out);
            return true;
        }
        return false;
    }

    /** Breaks the connection of a call, unanswered. */
    static void reset(Input.Rest call, StepOutput out) {
        out.answer(new Effect.ResetCall(call.id()));
    }

    private void leaveUnanswered(Input.Rest call, Instant now) {
        schedule.add(now.plusMillis(NO_ANSWER_MS), new Effect.ResetCall(call.id()));
    }

    /** Answers a call, after the latency that a fault adds. */
    void reply(Input.Rest call, HttpAnswer answer, StepOutput out) {
        long delayMs = faults.latency(CallRouter.occasion(call));
        if (delayMs > 0) {
            replyLater(call, answer, faults.now(), delayMs);
        } else {
            out.answer(new Effect.Reply(call.id(), withTrId(call, answer)));
        }
    }

    private void replyLater(Input.Rest call, HttpAnswer answer, Instant now, long millis) {
        schedule.add(now.plusMillis(millis), new Effect.Reply(call.id(), withTrId(call, answer)));
    }

    private HttpAnswer withTrId(Input.Rest call, HttpAnswer answer) {
        String trId = call.path().startsWith("/uapi/") ? call.trId() : "";
        boolean firstOfManyPages = answer.trCont().equals("M") && call.isFirstPage() && faults.isOn("first_pages_f");
        return new HttpAnswer(answer.status(), trId, firstOfManyPages ? "F" : answer.trCont(), answer.body());
    }

    private static HttpAnswer serverError() {
        return AnswerBodies.error(500, "EGW00002", "서버 에러가 발생하였습니다.");
    }

    /** An answer of the proxy before the broker's gateway, in its own words and not in JSON. */
    private static HttpAnswer unavailable() {
        return HttpAnswer.of(503, "<html><body><h1>503 Service Unavailable</h1></body></html>");
    }

    /** An answer of a load balancer before KIS, not KIS's own. */
    private static HttpAnswer tooManyRequests() {
        return HttpAnswer.of(429, "<html><body><h1>429 Too Many Requests</h1></body></html>");
    }

    private static HttpAnswer timeout() {
        return AnswerBodies.error(500, "EGW00301", "연결 시간이 초과되었습니다. 직전 거래를 반드시 확인하세요.");
    }

    private static HttpAnswer queryError() {
        return AnswerBodies.error(500, "EGW00316", "조회 처리 중 오류 발생하였습니다. 재 조회 수행 부탁드립니다.");
    }

    private static HttpAnswer malformedAnswer() {
        return HttpAnswer.of(
                500,
                Json.object()
                        .field("rt_cd", "0")
                        .field("msg_cd", "IGW00009")
                        .field("msg1", "응답전문 구성 중 오류가 발생하였습니다.")
                        .text());
    }
}
