package kr.kisgateway.api.risk;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.order.OrderStatus;
import kr.kisgateway.api.schema.OneOf;

/**
 * State of the kill switch and of the open orders of the caller's accounts and symbols. | 긴급 정지 상태와 호출자의 계좌·종목에 해당하는
 * 미체결주문.
 *
 * @param on Whether placing and modifying are refused. | 신규·정정 주문 중지 여부.
 * @param recorded False while the switch is on in this process only and not in the journal. | 저널 기록 여부. 이 프로세스에서만 켜져
 *     있고 기록되지 않았으면 false.
 * @param reason Why the switch is on; null while it is off. | 정지 사유. 꺼져 있으면 null.
 * @param setBy How it was last set on: {@code OPERATOR} by a call, {@code ENVIRONMENT} by
 *     {@code GATEWAY_KILL_SWITCH}; null while it is off or not recorded. | 마지막으로 켠 주체. OPERATOR: 호출, ENVIRONMENT:
 *     GATEWAY_KILL_SWITCH. 꺼져 있거나 기록되지 않았으면 null.
 * @param by Name of the API key that last set it on; null for {@code ENVIRONMENT}, and as {@code set_by}. | 마지막으로 켠
 *     API 키 이름. ENVIRONMENT 이거나 set_by 가 null 이면 null.
 * @param setAt Time at which it was last set on; null as {@code set_by}. | 마지막으로 켠 시각. set_by 가 null 이면 null.
 * @param open Orders open now. | 현재 미체결주문 수.
 * @param openBefore Orders that were open when this call set the switch; 0 in the answer of {@code GET}. | 이 호출로 설정할
 *     때의 미체결주문 수. GET 응답에서는 0.
 * @param openOrders The orders open now. | 현재 미체결주문 목록.
 */
public record KillSwitch(
        boolean on,
        boolean recorded,
        Optional<String> reason,
        @OneOf({"OPERATOR", "ENVIRONMENT"}) Optional<String> setBy,
        Optional<String> by,
        Optional<OffsetDateTime> setAt,
        long open,
        long openBefore,
        List<OpenOrder> openOrders) {

    /**
     * An open order. | 미체결주문.
     *
     * @param orderId Order id. | 게이트웨이 주문 ID.
     * @param status Current status. | 현재 상태.
     */
    public record OpenOrder(String orderId, @OrderStatus String status) {}
}
