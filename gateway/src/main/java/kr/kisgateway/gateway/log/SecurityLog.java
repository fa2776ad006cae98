package kr.kisgateway.gateway.log;

/**
 * Names of the loggers for security events of the gateway: keys, log-ins, limits, kill switch, starts and
 * intrusion attempts. They are written to {@code security.log} beside {@code gateway.log}.
 */
public final class SecurityLog {
    /** Actions of permitted callers; every line is logged. */
    public static final String AUDIT = "gateway.security";
    /** Events caused by external clients; a flood of one event is counted. */
    public static final String ATTEMPTS = "gateway.security.attempt";

    private SecurityLog() {}
}
