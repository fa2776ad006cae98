package kr.kisgateway.cli;

/** Runs an action when Ctrl-C or SIGTERM ends the process. */
@FunctionalInterface
interface OnInterrupt {
    /** Runs the action when the process is ended before the result is closed. */
    Pending add(Runnable action);

    /** An action that is dropped when this is closed. */
    @FunctionalInterface
    interface Pending extends AutoCloseable {
        @Override
        void close();
    }

    /** The action as a shutdown hook of the JVM. */
    static Pending hook(Runnable action) {
        var thread = new Thread(action, "interrupted");
        try {
            Runtime.getRuntime().addShutdownHook(thread);
        } catch (IllegalStateException ending) {
            return () -> {}; // too late for another action
        }
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(thread);
            } catch (IllegalStateException ending) {
                // it runs now
            }
        };
    }
}
