package kr.kisgateway.gateway.trace;

/** What binds a trace to the thread that works on it. */
final class CurrentTrace {
    static final ScopedValue<Trace> KEY = ScopedValue.newInstance();

    private CurrentTrace() {}
}
