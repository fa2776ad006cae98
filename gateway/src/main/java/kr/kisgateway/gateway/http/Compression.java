package kr.kisgateway.gateway.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which compression of messages (permessage-deflate, RFC 7692) is agreed with the client of a WebSocket.
 *
 * <p>Never with a context that outlives a message: a connection would retain 300 KB outside the heap for it, and a message of the
 * stream joins what waits, so it has enough of its own to compress.
 */
enum Compression {
    /** None, whatever the client offers. */
    NONE,
    /** If the client offers it. */
    OFFERED;

    static final String HEADER = "Sec-WebSocket-Extensions";
    private static final String DEFLATE = "permessage-deflate";
    /** Of an offer that the server library must not accept: it would compress with another window than agreed. */
    private static final String SERVER_WINDOW = "server_max_window_bits";

    private static final String ACCEPTABLE = DEFLATE + "; server_no_context_takeover; client_no_context_takeover";

    /**
     * The extensions that the server library may accept.
     *
     * @param offers values of the client's headers
     */
    List<String> acceptable(List<String> offers) {
        return this == OFFERED
                        && offers.stream()
                                .flatMap(line -> Arrays.stream(line.split(",")))
                                .anyMatch(Compression::isDeflate)
                ? List.of(ACCEPTABLE)
                : List.of();
    }

    private static boolean isDeflate(String offer) {
        var parts = offer.toLowerCase(Locale.ROOT).split(";");
        return parts[0].strip().equals(DEFLATE)
                && Arrays.stream(parts).noneMatch(part -> part.strip().startsWith(SERVER_WINDOW));
    }
}
