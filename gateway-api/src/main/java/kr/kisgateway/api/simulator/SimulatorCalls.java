package kr.kisgateway.api.simulator;

import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.ApiCall.Method;

/** The calls about the simulator that the gateway uses (operator; in sim only). */
public final class SimulatorCalls {
    private SimulatorCalls() {}

    private static final String SIMULATOR = "/v1/simulator";

    /** Its state, faults, verdict, scenarios and replay. */
    public static ApiCall<SimulatorState> state() {
        return ApiCall.get(SIMULATOR, SimulatorState.class).forOperator();
    }

    /** Switches faults, operates the market, starts a scenario, plays a past day again, or clears the verdict. */
    public static ApiCall<SimulatorState> change(SimulatorChange change) {
        return ApiCall.of(Method.POST, SIMULATOR, change, SimulatorState.class);
    }
}
