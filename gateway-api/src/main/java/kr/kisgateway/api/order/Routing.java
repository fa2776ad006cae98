package kr.kisgateway.api.order;

import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.OneOf;

/**
 * Why the gateway chose the venue of an order ({@code venue} AUTO), with the figures of that moment. | 게이트웨이가 거래소를 고른 이유와 그때의 수치
 * (venue AUTO).
 *
 * @param reason What decided: the venue that alone accepts the order, a rule of {@code ORDER_VENUE_RULES}, or {@code USUAL}, none,
 *     which is KRX. | 결정 기준. ONLY_OPEN 한 거래소만 접수 가능, USUAL 해당하는 규칙이 없어 KRX, 그 외에는 규칙 이름.
 * @param krx Figures of KRX. | KRX 의 수치.
 * @param nxt Figures of NXT. | NXT 의 수치.
 */
public record Routing(
        @OneOf({"ONLY_OPEN", "HALTED", "REFUSED", "SLOW", "VOLUME", "PRICE", "USUAL"})
        String reason,

        Figures krx,
        Figures nxt) {
    /**
     * What was known of a venue. | 거래소별 수치.
     *
     * @param accepts Whether it trades the stock and accepts such an order. | 이 주문을 접수할 수 있는지 여부.
     * @param halted Whether trading in the stock is suspended there. | 거래정지 여부.
     * @param volume Shares traded there today; null when unknown. | 오늘의 거래량(주). 알 수 없으면 null.
     * @param best Best price of the other side, won: where the order would trade; null when unknown. | 상대편 최우선 호가(원). 알 수 없으면 null.
     * @param answerMs Median of KIS's last answers to orders there, milliseconds; null without any. | 최근 주문 응답 시간의 중앙값(ms). 없으면 null.
     * @param refusal KIS's code of the last refusal of an order of the stock there; null without any. | 최근 주문 거부 코드. 없으면 null.
     */
    public record Figures(
            boolean accepts,
            boolean halted,
            OptionalLong volume,
            OptionalLong best,
            OptionalLong answerMs,
            Optional<String> refusal) {}
}
