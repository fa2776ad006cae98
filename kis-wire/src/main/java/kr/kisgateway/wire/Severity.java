package kr.kisgateway.wire;

/** The severity of a code for the operator. */
public enum Severity {
    /** Part of normal work. */
    INFO,
    /** To be counted: one request failed, or a short wait. */
    MEDIUM,
    /** Needs an operator or a correction today. */
    HIGH,
    /** Trading is impossible or orders may be invisible. */
    CRITICAL
}
