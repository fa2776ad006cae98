package kr.kisgateway.api.parent;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.order.Side;
import kr.kisgateway.api.schema.OneOf;

/**
 * What creating a basket would be answered, and its orders with their quantities; nothing is created or recorded. | 바스켓 모의 점검
 * 결과와 계산된 수량. 접수하거나 기록하지 않습니다.
 *
 * @param status Always {@code DRY_RUN}. | 항상 DRY_RUN.
 * @param ok Whether the basket would be accepted now. | 지금 접수 가능한지 여부.
 * @param refusal The refusal that it would be answered; null when it would be accepted. | 접수 시 받을 거부 응답. 접수 가능하면 null.
 * @param orders Its lines, in the order of the request. | 줄별 결과(요청 순서).
 */
public record BasketDryRun(@OneOf("DRY_RUN") String status, boolean ok, Optional<ApiError> refusal, List<Line> orders)
        implements ParentAnswer {

    /**
     * One line of a basket. | 바스켓의 한 줄.
     *
     * @param symbol Symbol as requested; null when the line cannot be read. | 종목코드. 읽을 수 없는 줄은 null.
     * @param side {@code BUY} or {@code SELL}; null when the line cannot be read. | 매매구분. 읽을 수 없는 줄은 null.
     * @param qty Shares, of an amount or a weight as many as it pays for; null when they are unknown. | 주문수량(주). 금액과 비중은 살 수 있는
     *     만큼. 알 수 없으면 null.
     * @param unitPrice Price by which an amount or a weight became shares: the limit price, or the last price; null of a line with
     *     {@code qty}. | 금액이나 비중을 수량으로 환산한 가격(주문가격 또는 현재가). qty 로 요청한 줄은 null.
     * @param problem Why it is not placed; null when it passes the checks. | 접수하지 않는 이유. 점검을 통과하면 null.
     */
    public record Line(
            Optional<String> symbol,
            Optional<@Side String> side,
            OptionalLong qty,
            Optional<BigDecimal> unitPrice,
            Optional<BasketProblem> problem) {}
}
