package kr.kisgateway.api.order;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Status of an order in short. | 주문 상태 요약.
 *
 * @param orderId Order id. | 게이트웨이 주문 ID.
 * @param status Current status. | 현재 상태.
 * @param error Category of the last error; null when there is none. | 마지막 오류 구분. 없으면 null.
 * @param updatedAt Time of the last change in epoch seconds, with milliseconds as decimals. | 최종 변경 시각(epoch 초, 소수부는
 *     밀리초).
 * @param attempts Attempts to send the order so far. | 현재까지의 전송 시도 횟수.
 * @param maxAttempts Attempts after which the order is rejected. | 최대 전송 시도 횟수. 초과 시 거부됩니다.
 * @param terminal Whether the order has ended. | 종료 여부.
 */
public record OrderState(
        String orderId,
        @OrderStatus String status,
        @OrderError Optional<String> error,
        BigDecimal updatedAt,
        long attempts,
        long maxAttempts,
        boolean terminal) {}
