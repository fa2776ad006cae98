package kr.kisgateway.api.simulator;

/**
 * A scenario that comes with the simulator: faults at their times. | 시뮬레이터에 포함된 시나리오.
 *
 * @param name Its name. | 이름.
 * @param description What happens in it, in English and Korean. | 시나리오 설명.
 */
public record SimulatorScenario(String name, String description) {}
