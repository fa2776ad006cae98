package kr.kisgateway.simulation;

/** The simulated process ends in the middle of a step; no code after this point runs. */
final class ProcessDied extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProcessDied() {
        super("the simulated process died", null, false, false);
    }
}
