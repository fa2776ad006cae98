package kr.kisgateway.client.ws;

import java.io.IOException;

/** The peer violates the WebSocket protocol (RFC 6455). */
final class BadSocketException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The close code (RFC 6455 §7.4.1) of the violation. */
    final transient int code;

    BadSocketException(int code, String why) {
        super(why);
        this.code = code;
    }
}
