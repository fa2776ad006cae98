package kr.kisgateway.simulation;

/** The simulated process ends in the middle of what it does; nothing behind this point of its program happens. */
final class ProcessDied extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProcessDied() {
        super("the simulated process died", null, false, false);
    }
}
