package kr.kisgateway.api.call;

import java.util.function.Function;
import kr.kisgateway.api.json.ApiJson;
import tools.jackson.databind.JsonNode;

/**
 * One call about many symbols, not yet sent, whose answer arrives line by line.
 *
 * @param body JSON
 * @param reader reads the value of one symbol
 */
public record BatchCall<V>(String path, String body, Function<JsonNode, V> reader) {

    /** A call with a record as its body. */
    public static <V> BatchCall<V> of(String path, Object body, Function<JsonNode, V> reader) {
        return new BatchCall<>(path, ApiJson.text(body), reader);
    }

    /** The same call with another text as its body. */
    public BatchCall<V> withBody(String json) {
        return new BatchCall<>(path, json, reader);
    }
}
