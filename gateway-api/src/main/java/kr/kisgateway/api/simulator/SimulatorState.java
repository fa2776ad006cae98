package kr.kisgateway.api.simulator;

import tools.jackson.databind.JsonNode;

/**
 * What the simulator does. | 시뮬레이터 상태.
 *
 * @param state Counters, sessions and registrations, as {@code GET /simulator/state}. | 카운터, 세션, 실시간 등록.
 * @param faults Faults by name, 0 or false where off; {@code rules} has those with conditions. | 장애 설정 (꺼지면 0 또는 false).
 * @param verdict Violations of each app key, in counts and sentences. | 앱키별 위반 사항.
 */
public record SimulatorState(JsonNode state, JsonNode faults, JsonNode verdict) {}
