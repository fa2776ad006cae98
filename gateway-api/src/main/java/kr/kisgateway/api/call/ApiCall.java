package kr.kisgateway.api.call;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.function.Function;
import kr.kisgateway.api.json.ApiJson;
import tools.jackson.core.type.TypeReference;

/**
 * One call of the API, not yet sent: the request and the form of its answer. The classes {@code …Calls} beside the records make
 * them; a client sends them.
 *
 * @param path with its query
 * @param body JSON, where the call has one
 * @param idempotencyKey under which a repetition of the call has no further effect
 * @param alsoAnswers a status beyond 2xx whose body has the form of the answer, too
 * @param operator whether it needs an operator: every change may, and some reads do
 * @param reader reads the JSON of the answer
 */
public record ApiCall<A>(
        Method method,
        String path,
        Optional<String> body,
        Optional<String> idempotencyKey,
        OptionalInt alsoAnswers,
        boolean operator,
        Function<String, A> reader) {

    /** The HTTP methods of the API. */
    public enum Method {
        GET,
        POST,
        PUT,
        DELETE
    }

    /** A call that changes nothing. */
    public static <A> ApiCall<A> get(String path, Class<A> answer) {
        return of(Method.GET, path, answer);
    }

    /** A call that changes nothing, whose answer is a list. */
    public static <A> ApiCall<A> get(String path, TypeReference<A> answer) {
        return get(path, text -> ApiJson.read(text, answer));
    }

    /** A call that changes nothing, whose answer has several forms. */
    public static <A> ApiCall<A> get(String path, Function<String, A> reader) {
        return new ApiCall<>(Method.GET, path, Optional.empty(), Optional.empty(), OptionalInt.empty(), false, reader);
    }

    /** A call with a record as its body. */
    public static <A> ApiCall<A> of(Method method, String path, Object body, Class<A> answer) {
        return of(method, path, answer).withBody(ApiJson.text(body));
    }

    /** A call without a body. */
    public static <A> ApiCall<A> of(Method method, String path, Class<A> answer) {
        return new ApiCall<>(
                method,
                path,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                method != Method.GET,
                text -> ApiJson.read(text, answer));
    }

    /** The same call under an idempotency key. */
    public ApiCall<A> withKey(String key) {
        return new ApiCall<>(method, path, body, Optional.of(key), alsoAnswers, operator, reader);
    }

    /** The same call with another text as its body, for example a file's. */
    public ApiCall<A> withBody(String json) {
        return new ApiCall<>(method, path, Optional.of(json), idempotencyKey, alsoAnswers, operator, reader);
    }

    /** The same call for an operator. */
    public ApiCall<A> forOperator() {
        return new ApiCall<>(method, path, body, idempotencyKey, alsoAnswers, true, reader);
    }

    /** The same call, whose answer also comes with {@code status}. */
    public ApiCall<A> answeredAlsoWith(int status) {
        return new ApiCall<>(method, path, body, idempotencyKey, OptionalInt.of(status), operator, reader);
    }

    /** {@code text} as a part of a path or a value of a query. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Builds a path with its query; parameters without a value are left out. */
    public static final class Path {
        private final String path;
        private final StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");

        public Path(String path) {
            this.path = path;
        }

        public Path with(String name, String value) {
            query.add(name + "=" + encode(value));
            return this;
        }

        public Path with(String name, OptionalInt value) {
            value.ifPresent(it -> with(name, Integer.toString(it)));
            return this;
        }

        public Path with(String name, OptionalLong value) {
            value.ifPresent(it -> with(name, Long.toString(it)));
            return this;
        }

        public Path with(String name, Optional<?> value) {
            value.ifPresent(it -> with(name, it.toString()));
            return this;
        }

        @Override
        public String toString() {
            return path + query;
        }
    }
}
