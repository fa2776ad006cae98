package kr.kisgateway.api.simulator;

import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import tools.jackson.databind.JsonNode;

/**
 * A change of the simulator: exactly one of the five. | 시뮬레이터 변경. 다섯 중 하나.
 *
 * @param faults Faults by name with numbers, flags or rules, or {@code clear}. | 장애 이름과 값 또는 clear.
 * @param market A halt, resumption, interruption, circuit breaker, price move or dividend. | 거래정지, 재개, 변동성완화장치, 서킷브레이커, 가격
 *     이동, 배당.
 * @param scenario Name of a scenario that starts now, beside the faults that are on. | 지금 시작할 시나리오 이름.
 * @param replay A past day to play again, or a change of the one that is played. | 과거 하루의 재생.
 * @param clearVerdict true to clear the verdict. | 판정을 새로 시작하려면 true.
 */
public record SimulatorChange(
        @OmittedWhenEmpty Optional<Map<String, JsonNode>> faults,
        @OmittedWhenEmpty Optional<Map<String, JsonNode>> market,
        @OmittedWhenEmpty Optional<String> scenario,
        @OmittedWhenEmpty Optional<SimulatorReplayRequest> replay,
        @OmittedWhenEmpty Optional<Boolean> clearVerdict) {}
