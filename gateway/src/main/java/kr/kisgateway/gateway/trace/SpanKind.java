package kr.kisgateway.gateway.trace;

/** Where the work of a span is done. */
public enum SpanKind {
    /** Of a request from outside. */
    SERVER,
    /** A call to another server. */
    CLIENT,
    INTERNAL
}
