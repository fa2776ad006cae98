package kr.kisgateway.gatewayclient;

import java.net.http.HttpHeaders;
import java.util.Optional;

/**
 * An answer as it was received.
 *
 * @param status the HTTP status
 * @param headers the headers, names in any case
 * @param text the body
 */
public record Received(int status, HttpHeaders headers, String text) {

    /** Whether the request succeeded (2xx). */
    public boolean ok() {
        return status / 100 == 2;
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    @Override
    public String toString() {
        return status + " " + text;
    }
}
