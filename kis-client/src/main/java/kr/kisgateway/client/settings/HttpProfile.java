package kr.kisgateway.client.settings;

/** Timeouts and connections of REST calls ({@code KIS_HTTP_PROFILE}). */
public enum HttpProfile {
    /** 50 connections, 5 s for an answer. */
    STANDARD,
    /** For bulk reading: 20 connections, 30 s for an answer. */
    PIPELINE
}
