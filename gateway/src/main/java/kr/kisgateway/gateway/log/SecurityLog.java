package kr.kisgateway.gateway.log;

/**
 * Names of the loggers for events that matter to the security of the gateway: keys, log-ins, limits, kill switch, starts and
 * attempts to get in. They are written to {@code security.log} beside {@code gateway.log}.
 */
public final class SecurityLog {
    /** What those who may do it did; every line is kept. */
    public static final String AUDIT = "gateway.security";
    /** What strangers cause; a flood of one event is counted. */
    public static final String ATTEMPTS = "gateway.security.attempt";

    private SecurityLog() {}
}
