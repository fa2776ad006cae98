package kr.kisgateway.api.stream;

/**
 * A request of a client on the stream. | 클라이언트가 스트림으로 보내는 요청.
 */
public sealed interface StreamRequest permits StreamSubscribe, StreamResume {}
