package kr.kisgateway.simulator;

import java.util.HashMap;
import java.util.Map;
import kr.kisgateway.simulator.broker.HttpAnswer;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Scenario;
import kr.kisgateway.simulator.server.RunningSimulator;

/**
 * Switches faults of a running simulator, by the same names as the control call {@code
 * /simulator/faults} and scenario files. Each method returns when the fault is on. The table of faults is in
 * docs/SIMULATOR.md.
 */
public final class SimulatorFaults {
    private final RunningSimulator running;

    SimulatorFaults(RunningSimulator running) {
        this.running = running;
    }

    /** Hits the next {@code count} occasions of a counted fault; 0 ends it and its rules. */
    public SimulatorFaults next(String name, long count) {
        return apply(Map.of(name, count));
    }

    /** Sets a duration, in the unit the name ends with; 0 ends it. */
    public SimulatorFaults set(String name, long value) {
        return apply(Map.of(name, value));
    }

    /** Switches a flag on until {@link #off}; runs an action at once. */
    public SimulatorFaults on(String name) {
        return apply(Map.of(name, true));
    }

    public SimulatorFaults off(String name) {
        return apply(Map.of(name, false));
    }

    /** Adds one more fault beside those that are on, its times counting from now. */
    public SimulatorFaults add(Scenario.Fault fault) {
        return apply(new HashMap<>(Map.of(fault.name(), fault.toFields())));
    }

    /** Starts a scenario now, beside the faults that are on. */
    public SimulatorFaults play(Scenario scenario) {
        return requireAccepted(running.request(id -> new Input.PlayNow(id, scenario)));
    }

    /** Ends all faults; delayed frames still arrive as they were sent. */
    public SimulatorFaults clear() {
        return apply(Map.of("clear", true));
    }

    /** The current state of all faults as JSON. */
    public String json() {
        return running.request(id -> new Input.SwitchFaults(id, Map.of())).body();
    }

    private SimulatorFaults apply(Map<String, Object> values) {
        return requireAccepted(running.request(id -> new Input.SwitchFaults(id, values)));
    }

    private SimulatorFaults requireAccepted(HttpAnswer answer) {
        if (answer.status() != 200) {
            throw new IllegalArgumentException(answer.body());
        }
        return this;
    }
}
