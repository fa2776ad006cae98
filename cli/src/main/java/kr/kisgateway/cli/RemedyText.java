package kr.kisgateway.cli;

import java.util.Optional;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.error.ErrorCode.Remedy;

/** What to do about a refusal: the remedy of its code, with the order, the key, the wait and the setting filled in. */
final class RemedyText {
    private static final Remedy NOTHING_MORE_IS_SENT = new Remedy(
            "this gateway sends nothing more; repeat the command until it is done, and check the broker's list"
                    + " yourself.",
            "이 게이트웨이는 더 이상 주문을 보내지 않습니다. 완료될 때까지 명령을 반복하고 증권사 주문 내역을 직접 확인하세요.");
    private static final Remedy UNKNOWN_WITHOUT_KEY =
            new Remedy("it is unknown whether it was done; check, then repeat it.", "처리 여부를 알 수 없습니다. 확인한 뒤 다시 실행하세요.");

    private static final String PARENT = "par_";

    private RemedyText() {}

    /**
     * @param key idempotency key of the request
     * @param order the order, or the parent order, of the command
     */
    static Remedy of(ApiError error, Optional<String> key, Optional<String> order) {
        Remedy general = template(error, key.isPresent());
        Remedy remedy = order.filter(it -> it.startsWith(PARENT)).isPresent() ? ofParent(general, error) : general;
        Optional<String> setting = detail(error, "setting").map(Object::toString);
        long seconds = Math.ceilDiv(error.retryAfterMs().orElse(0), 1_000L);
        boolean waits = seconds > 0;
        return new Remedy(
                remedy.english()
                        .replace("{order}", order.orElse("ID"))
                        .replace("{key}", key.map(it -> " with --key " + it).orElse(""))
                        .replace("{wait}", waits ? " in " + seconds + " s" : "")
                        .replace("{delay}", waits ? " " + seconds + " s" : "")
                        .replace("{setting}", setting.orElse("the key that the message names")),
                remedy.korean()
                        .replace("{order}", order.orElse("ID"))
                        .replace("{key}", key.map(it -> "--key " + it + "로 ").orElse(""))
                        .replace("{wait}", waits ? seconds + "초 뒤 " : "")
                        .replace("{setting}", setting.map(it -> it + " 값을").orElse("메시지에 적힌 키를")));
    }

    private static Remedy template(ApiError error, boolean hasKey) {
        Optional<ErrorCode> code = ErrorCode.of(error.code());
        if (code.equals(Optional.of(ErrorCode.JOURNAL_UNAVAILABLE))) {
            if (detail(error, "kill_switch").equals(Optional.of(true))) {
                return NOTHING_MORE_IS_SENT;
            }
            if (!hasKey) {
                return UNKNOWN_WITHOUT_KEY;
            }
        }
        if (code.equals(Optional.of(ErrorCode.OWNER_UNAVAILABLE)) && !hasKey) {
            return UNKNOWN_WITHOUT_KEY;
        }
        return code.map(ErrorCode::remedy).orElseGet(() -> Remedy.ofUnknownCode(error.retryable()));
    }

    /** Parent orders have commands of their own. */
    private static Remedy ofParent(Remedy remedy, ApiError error) {
        // Elsewhere the list of orders is meant: that of what stands in the way.
        boolean isMissing = ErrorCode.of(error.code()).equals(Optional.of(ErrorCode.ORDER_NOT_FOUND));
        return new Remedy(ofParent(remedy.english(), isMissing), ofParent(remedy.korean(), isMissing));
    }

    private static String ofParent(String text, boolean isMissing) {
        String shown = text.replace("./kis orders show {order}", "./kis parents show {order}");
        return isMissing ? shown.replace("./kis orders list", "./kis parents list") : shown;
    }

    private static Optional<Object> detail(ApiError error, String name) {
        return error.details().map(details -> details.get(name));
    }
}
