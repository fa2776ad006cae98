package kr.kisgateway.wire;

/** Where KIS says a code: in REST answers, or in WebSocket control messages. */
public enum Area {
    REST,
    WEBSOCKET
}
