package kr.kisgateway.api.risk;

import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Size;

/**
 * Sets the kill switch. | 긴급 정지 설정.
 *
 * @param on Whether placing and modifying are refused from now on. | 신규·정정 주문 중지 여부.
 * @param reason Reason, at most 200 characters. When left out, an earlier reason stays. | 사유. 최대 200자. 생략 시 이전 사유를
 *     유지합니다.
 * @param cancelOpen {@code true} also cancels open orders and waits up to 20 s until none is left; only with
 *     {@code on}. Default: {@code false}. | true 면 미체결주문을 취소하고 모두 없어질 때까지 최대 20초 기다립니다. on 이 true 일 때만 가능. 기본값 false.
 */
public record KillSwitchRequest(
        boolean on,
        @Size(max = 200) @OmittedWhenEmpty Optional<String> reason,
        @OmittedWhenEmpty Optional<Boolean> cancelOpen) {}
