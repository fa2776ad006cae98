package kr.kisgateway.gatewayclient;

import java.net.http.HttpHeaders;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * An answer of the gateway, also a refusal.
 *
 * @param status the HTTP status
 * @param headers the headers, names in any case
 * @param body the JSON body; a {@linkplain JsonNode#isMissingNode() missing node} when the body was empty or no JSON
 * @param text the body as received
 */
public record Answer(int status, HttpHeaders headers, JsonNode body, String text) {

    /** Whether the request succeeded (2xx). */
    public boolean ok() {
        return status / 100 == 2;
    }

    /** The gateway's error code, or an empty string when the answer is not one of its errors. */
    public String code() {
        return body.path("code").asString("");
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
