package kr.kisgateway.gateway.http;

import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.error.Refusal;

/** A version of the API beside {@code /v1}: its paths have a prefix, and its answers headers and a form of their own. */
public interface ApiVersion {
    /** Begin of its paths, with a slash at the end. */
    String prefix();

    /** Headers of every answer, also of one that refuses. */
    Map<String, String> headers();

    /** Why none of its calls is answered now; empty when they are. */
    Optional<Refusal> refusal();

    /** The record to answer in place of {@code record}. */
    Object answer(Object record);

    /**
     * The record to answer for a refusal.
     *
     * @param path of the request
     */
    Object refused(Refusal refusal, String path, String traceId);
}
