package kr.kisgateway.simulator;

import java.util.HashMap;
import java.util.Map;
import kr.kisgateway.simulator.broker.HttpAnswer;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Scenario;
import kr.kisgateway.simulator.server.RunningSimulator;

/**
 * Switches faults of a running simulator: the same ones, by the same names, as the control call {@code
 * /simulator/faults} and scenario files do. Each method returns when the fault is on. The table of faults is in
 * docs/SIMULATOR.md.
 */
public final class SimulatorFaults {
    private final RunningSimulator running;

    SimulatorFaults(RunningSimulator running) {
        this.running = running;
    }

    /** The next {@code count} occasions of a counted fault; 0 ends it and its rules. */
    public SimulatorFaults next(String name, long count) {
        return apply(Map.of(name, count));
    }

    /** Sets a time, in the unit the name ends with; 0 ends it. */
    public SimulatorFaults set(String name, long value) {
        return apply(Map.of(name, value));
    }

    /** A flag stays on until {@link #off}; of what happens once, it happens now. */
    public SimulatorFaults on(String name) {
        return apply(Map.of(name, true));
    }

    public SimulatorFaults off(String name) {
        return apply(Map.of(name, false));
    }

    /** One more fault beside those that are on, its times counting from now. */
    public SimulatorFaults add(Scenario.Fault fault) {
        return apply(new HashMap<>(Map.of(fault.name(), fault.toFields())));
    }

    /** A scenario that begins now, beside what is on already. */
    public SimulatorFaults play(Scenario scenario) {
        return requireAccepted(running.request(id -> new Input.PlayNow(id, scenario)));
    }

    /** Nothing goes wrong from here on; what is on its way already still arrives as it was sent. */
    public SimulatorFaults clear() {
        return apply(Map.of("clear", true));
    }

    /** All faults as they stand, as JSON. */
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
