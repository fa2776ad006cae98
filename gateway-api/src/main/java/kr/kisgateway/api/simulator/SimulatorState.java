package kr.kisgateway.api.simulator;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the simulator does. | 시뮬레이터 상태.
 *
 * @param state Counters, sessions and registrations, as {@code GET /simulator/state}. | 카운터, 세션, 실시간 등록.
 * @param faults Faults by name, 0 or false where off; {@code rules} has those with conditions. | 장애 설정 (꺼지면 0 또는 false).
 * @param verdict Violations of each app key, in counts and sentences. | 앱키별 위반 사항.
 * @param scenarios Scenarios that can be played. | 실행할 수 있는 시나리오.
 * @param replay The day that is played again; null without one. | 재생 중인 과거의 하루. 없으면 null.
 */
public record SimulatorState(
        JsonNode state,
        JsonNode faults,
        JsonNode verdict,
        List<SimulatorScenario> scenarios,
        Optional<SimulatorReplay> replay) {}
