package kr.kisgateway.client;

import java.util.Optional;
import kr.kisgateway.wire.Actor;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.KisCode;

/** Explains an order's outcome, from the table of KIS's codes and, where KIS gave no code, from here. */
final class Explanations {
    private static final CodeTable CODES = CodeTable.load();

    private static final Advice LOOK_UP_ORDER = new Advice(
            Actor.OPERATOR,
            "주문이 접수되었는지 알 수 없습니다.",
            "Look the order up in the day's orders before deciding anything; never send it again before that.",
            "당일 주문내역에서 먼저 확인하고, 확인 전에는 절대 다시 보내지 마십시오.");
    private static final Advice CORRECT_ORDER = new Advice(
            Actor.CALLER,
            "주문 내용이 올바르지 않습니다.",
            "Read KIS's message and correct the order; the same one will be refused again.",
            "KIS의 메시지를 읽고 주문을 고치십시오. 같은 주문은 다시 거부됩니다.");
    private static final Advice RETRY_LATER = new Advice(
            Actor.CALLER,
            "주문이 전송되지 않았습니다.",
            "Nothing was booked; send it again after a pause.",
            "접수되지 않았습니다. 잠시 후 다시 보내십시오.");

    private Explanations() {}

    private record Advice(Actor actor, String causeKo, String english, String korean) {}

    static Optional<Explanation> of(Placement placement) {
        return switch (placement) {
            case Placement.Accepted _ -> Optional.empty();
            case Placement.Refused(String code, String message) -> Optional.of(of(code, message, false, CORRECT_ORDER));
            case Placement.Unknown(String code, String message) -> Optional.of(of(code, message, false, LOOK_UP_ORDER));
            case Placement.NotSent(String code, String message, String remedy) ->
                Optional.of(
                        remedy.isEmpty()
                                ? of(code, message, retryable(code), adviceFor(code))
                                : new Explanation(
                                        code,
                                        message,
                                        koreanCause(message, adviceFor(code)),
                                        remedy,
                                        adviceFor(code).korean(),
                                        retryable(code),
                                        adviceFor(code).actor()));
        };
    }

    /** The message where it is Korean, as KIS's own messages are; else the cause of the advice. */
    private static String koreanCause(String message, Advice advice) {
        return message.codePoints().anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HANGUL)
                ? message
                : advice.causeKo();
    }

    private static Explanation of(String code, String message, boolean retryable, Advice unlisted) {
        Optional<KisCode> listed = CODES.entry(code);
        if (listed.isEmpty()) {
            return new Explanation(
                    code,
                    message,
                    koreanCause(message, unlisted),
                    unlisted.english(),
                    unlisted.korean(),
                    retryable,
                    unlisted.actor());
        }
        KisCode it = listed.get();
        return new Explanation(code, it.causeEn(), it.causeKo(), it.action(), it.actionKo(), retryable, it.actor());
    }

    private static boolean retryable(String code) {
        return !code.equals(KisFailure.Kind.INVALID_REQUEST.name()) && !code.equals(KisFailure.Kind.UNSUPPORTED.name());
    }

    private static Advice adviceFor(String code) {
        return switch (code) {
            case "INVALID_REQUEST" -> CORRECT_ORDER;
            case "UNSUPPORTED" ->
                new Advice(
                        Actor.CALLER,
                        "이 환경에서는 지원하지 않는 주문입니다.",
                        "Send another kind of order, or send this one with a live app key.",
                        "다른 주문 유형을 쓰거나 실전 앱키로 보내십시오.");
            case "CONNECTION" ->
                new Advice(
                        Actor.OPERATOR,
                        "KIS에 연결하지 못했습니다.",
                        "Check the network and KIS's notices, then send it again.",
                        "네트워크와 KIS 공지를 확인한 뒤 다시 보내십시오.");
            case "QUEUE_TIMEOUT" ->
                new Advice(
                        Actor.CALLER,
                        "호출 한도 때문에 대기 시간 안에 보내지 못했습니다.",
                        "Send fewer calls at once or allow a longer timeout, then send it again.",
                        "한꺼번에 보내는 호출을 줄이거나 대기 시간을 늘린 뒤 다시 보내십시오.");
            case "BREAKER_OPEN" ->
                new Advice(
                        Actor.KIS,
                        "KIS 장애로 호출이 잠시 중단되었습니다.",
                        "Wait until KIS answers again; look up the orders that got no answer.",
                        "KIS가 다시 응답할 때까지 기다리고, 응답이 없던 주문을 조회하십시오.");
            case "TOKEN_UNAVAILABLE" ->
                new Advice(
                        Actor.OPERATOR,
                        "유효한 접근토큰이 없습니다.",
                        "The client requests a token by itself; send the order again when it has one. If it gets none, check"
                                + " app key, app secret and environment.",
                        "토큰은 자동으로 다시 발급됩니다. 발급 후 다시 보내고, 계속되면 앱키·시크릿·환경을 확인하십시오.");
            default -> RETRY_LATER;
        };
    }
}
