package kr.kisgateway.wire;

/** How much a code should worry the operator. */
public enum Severity {
    /** Part of normal work. */
    INFO,
    /** Worth counting: one request failed, or a short wait. */
    MEDIUM,
    /** Needs a person or a correction today. */
    HIGH,
    /** Trading is impossible or orders may be out of sight. */
    CRITICAL
}
