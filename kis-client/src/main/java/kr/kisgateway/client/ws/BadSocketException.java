package kr.kisgateway.client.ws;

import java.io.IOException;

/** The other side does not speak WebSocket as RFC 6455 has it. */
final class BadSocketException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The close code (RFC 6455 §7.4.1) that says why. */
    final transient int code;

    BadSocketException(int code, String why) {
        super(why);
        this.code = code;
    }
}
