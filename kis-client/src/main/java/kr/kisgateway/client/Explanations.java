package kr.kisgateway.client;

import java.util.Optional;
import kr.kisgateway.wire.Actor;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.KisCode;

/** What an order's outcome means, from the table of KIS's codes and, for what KIS did not say, from here. */
final class Explanations {
    private static final CodeTable CODES = CodeTable.load();

    private static final Advice LOOK_UP = new Advice(
            Actor.OPERATOR,
            "Look the order up in the day's orders before deciding anything; never send it again before that.",
            "당일 주문내역에서 먼저 확인하고, 확인 전에는 절대 다시 보내지 마십시오.");
    private static final Advice READ_IT = new Advice(
            Actor.CALLER,
            "Read KIS's message and correct the order; the same one will be refused again.",
            "KIS의 메시지를 읽고 주문을 고치십시오. 같은 주문은 다시 거부됩니다.");
    private static final Advice LATER =
            new Advice(Actor.CALLER, "Nothing was booked; send it again after a pause.", "접수되지 않았습니다. 잠시 후 다시 보내십시오.");

    private Explanations() {}

    private record Advice(Actor who, String english, String korean) {}

    static Optional<Explanation> of(Placement placement) {
        return switch (placement) {
            case Placement.Accepted _ -> Optional.empty();
            case Placement.Refused(String code, String message) -> Optional.of(of(code, message, false, READ_IT));
            case Placement.Unknown(String code, String message) -> Optional.of(of(code, message, false, LOOK_UP));
            case Placement.NotSent(String code, String message, String remedy) ->
                Optional.of(
                        remedy.isEmpty()
                                ? of(code, message, retryable(code), local(code))
                                : new Explanation(
                                        code,
                                        message,
                                        message,
                                        remedy,
                                        remedy,
                                        retryable(code),
                                        local(code).who()));
        };
    }

    private static Explanation of(String code, String said, boolean retryable, Advice unlisted) {
        Optional<KisCode> known = CODES.entry(code);
        if (known.isEmpty()) {
            return new Explanation(code, said, said, unlisted.english(), unlisted.korean(), retryable, unlisted.who());
        }
        KisCode it = known.get();
        return new Explanation(code, it.causeEn(), it.causeKo(), it.action(), it.actionKo(), retryable, it.who());
    }

    private static boolean retryable(String code) {
        return !code.equals(KisFailure.Kind.INVALID_REQUEST.name()) && !code.equals(KisFailure.Kind.UNSUPPORTED.name());
    }

    private static Advice local(String code) {
        return switch (code) {
            case "INVALID_REQUEST" -> READ_IT;
            case "UNSUPPORTED" ->
                new Advice(
                        Actor.CALLER,
                        "Send another kind of order, or send this one with a live app key.",
                        "다른 주문 유형을 쓰거나 실전 앱키로 보내십시오.");
            case "CONNECTION" ->
                new Advice(
                        Actor.OPERATOR,
                        "Look at the network and at KIS's notices, then send it again.",
                        "네트워크와 KIS 공지를 확인한 뒤 다시 보내십시오.");
            case "QUEUE_TIMEOUT" ->
                new Advice(
                        Actor.CALLER,
                        "Ask for less at once or allow more patience, then send it again.",
                        "한꺼번에 보내는 호출을 줄이거나 대기 시간을 늘린 뒤 다시 보내십시오.");
            case "BREAKER_OPEN" ->
                new Advice(
                        Actor.KIS,
                        "Wait until KIS answers again; look up the orders that got no answer.",
                        "KIS가 다시 응답할 때까지 기다리고, 응답이 없던 주문을 조회하십시오.");
            case "TOKEN_UNAVAILABLE" ->
                new Advice(
                        Actor.OPERATOR,
                        "The client fetches a token by itself; send the order again when it is there. When it stays away, check"
                                + " app key, app secret and environment.",
                        "토큰은 자동으로 다시 발급됩니다. 발급 후 다시 보내고, 계속되면 앱키·시크릿·환경을 확인하십시오.");
            default -> LATER;
        };
    }
}
