package kr.kisgateway.wire.parse;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.wire.UntrustedText;
import tools.jackson.databind.JsonNode;

/**
 * The envelope of a REST answer. Neither HTTP status nor {@code rt_cd} alone means success: KIS answers
 * 500 for rate limits and expired tokens, 200 for refused orders, and sometimes {@code rt_cd} 0 under a 500.
 */
public final class RestReply {
    private final int httpStatus;
    private final Optional<JsonNode> body;

    private RestReply(int httpStatus, Optional<JsonNode> body) {
        this.httpStatus = httpStatus;
        this.body = body;
    }

    /** Reads {@code body}; never throws. An empty, HTML or otherwise unreadable body makes a reply that is not readable. */
    public static RestReply parse(int httpStatus, String body) {
        return new RestReply(httpStatus, Json.object(body));
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** Whether the body was a JSON object at all. */
    public boolean isReadable() {
        return body.isPresent();
    }

    /** {@code rt_cd}; empty when there is none, as in the answers of the OAuth calls. */
    public String rtCd() {
        return envelopeField("rt_cd");
    }

    /** {@code msg_cd}, or {@code error_code} in the shape of the OAuth calls; empty when there is neither. */
    public String msgCd() {
        return isOauthError() ? envelopeField("error_code") : envelopeField("msg_cd");
    }

    /** {@code msg1} without its padding, or {@code error_description}; empty when there is neither. */
    public String msg1() {
        return isOauthError() ? envelopeField("error_description") : envelopeField("msg1");
    }

    /** Whether this is an error in the shape of the OAuth calls: {@code error_code}, no {@code rt_cd}. */
    public boolean isOauthError() {
        return rtCd().isEmpty() && !envelopeField("error_code").isEmpty();
    }

    /** HTTP 200 and {@code rt_cd} 0, for answers without a block. */
    public boolean isSuccess() {
        return httpStatus == 200 && rtCd().equals("0");
    }

    /** {@link #isSuccess()} with every block of {@code expected}, as an object or a list. */
    public boolean isSuccess(String... expected) {
        return isSuccess()
                && List.of(expected).stream().allMatch(block -> block(block).isPresent());
    }

    /** The body itself as a row, for answers that have no blocks and for {@code ctx_area_…}. */
    public Optional<Row> root() {
        return body.map(Row::new);
    }

    /** The only object of {@code block}, or the first of its list; empty when there is none. */
    public Optional<Row> row(String block) {
        return rows(block).stream().findFirst();
    }

    /** The objects of {@code block}; an object counts as a list of one, because KIS writes either. */
    public List<Row> rows(String block) {
        return block(block)
                .map(node -> node.isArray()
                        ? node.valueStream()
                                .filter(JsonNode::isObject)
                                .map(Row::new)
                                .toList()
                        : List.of(new Row(node)))
                .orElse(List.of());
    }

    /** The text of {@code name} at the root, or in the first row of the first block that has it; empty when nowhere. */
    public String findAnywhere(String name) {
        return body.stream()
                .flatMap(root -> Stream.concat(
                        Stream.of(root),
                        root.valueStream()
                                .map(block -> block.isArray() ? block.path(0) : block)
                                .filter(JsonNode::isObject)))
                .flatMap(object -> Json.text(object, name).stream())
                .findFirst()
                .orElse("");
    }

    @Override
    public String toString() {
        return "RestReply[http=" + httpStatus + " rt_cd=" + rtCd() + " msg_cd=" + msgCd() + " msg1=" + msg1() + "]";
    }

    private Optional<JsonNode> block(String name) {
        return body.flatMap(node -> Json.member(node, name)).filter(node -> node.isObject() || node.isArray());
    }

    private String envelopeField(String name) {
        return body.flatMap(node -> Json.text(node, name))
                .map(UntrustedText::sanitize)
                .orElse("");
    }
}
