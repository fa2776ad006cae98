package kr.kisgateway.wire;

/** Where KIS sends a code: in REST answers, or in WebSocket control messages. */
public enum Area {
    REST,
    WEBSOCKET
}
