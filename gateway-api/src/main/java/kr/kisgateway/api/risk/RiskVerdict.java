package kr.kisgateway.api.risk;

import java.util.Map;
import java.util.Optional;

/**
 * Result of evaluating an order without placing it. | 주문을 접수하지 않은 점검 결과.
 *
 * @param ok Whether the order passes every check. | 모든 점검 통과 여부.
 * @param reason Error code with which placing would be refused; null when the order passes. | 접수 시 거부될 오류 코드. 통과하면
 *     null.
 * @param message What is refused and what to do; null when the order passes. | 거부 사유와 조치 방법. 통과하면 null.
 * @param details Machine-readable facts about the refusal, possibly an empty object; null when the order passes. | 거부
 *     상세 정보(빈 객체 가능). 통과하면 null.
 */
public record RiskVerdict(
        boolean ok, Optional<String> reason, Optional<String> message, Optional<Map<String, Object>> details) {}
