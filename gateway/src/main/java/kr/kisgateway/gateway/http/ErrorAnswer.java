package kr.kisgateway.gateway.http;

import java.util.regex.Pattern;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.json.JsonBuffer;

/** The common form of every refusal: see "Common" in the API reference. */
public final class ErrorAnswer {
    /** A field name at the beginning of a message, which must not be capitalized. */
    private static final Pattern FIELD_NAME = Pattern.compile("[a-z]+(?:[_.][a-z0-9]+)+\\b");

    private ErrorAnswer() {}

    /** The error object as the complete answer. */
    public static JsonBuffer of(Refusal refusal, String traceId) {
        var json = new JsonBuffer(384);
        write(json, refusal, traceId);
        return json;
    }

    /** Appends the error object as one value. */
    public static void write(JsonBuffer json, Refusal refusal, String traceId) {
        json.beginObject()
                .field("code", refusal.code().name())
                .field("message", sentence(refusal.message()))
                .field("retryable", refusal.code().retryable());
        if (refusal.retryAfter().isPresent()) {
            json.field("retry_after_ms", refusal.retryAfter().get().toMillis());
        } else {
            json.fieldNull("retry_after_ms");
        }
        json.field("trace_id", traceId);
        if (!refusal.details().isEmpty()) {
            json.name("details").tree(refusal.details());
        }
        refusal.kis()
                .ifPresent(kis -> json.name("kis")
                        .beginObject()
                        .field("rt_cd", kis.rtCd())
                        .field("msg_cd", kis.msgCd())
                        .field("msg1", kis.msg1())
                        .endObject());
        json.field("detail", refusal.code().name()).endObject();
    }

    /** The text as a sentence: capitalized, with a full stop. */
    public static String sentence(String text) {
        if (text.isEmpty()) {
            return text;
        }
        boolean isName = FIELD_NAME.matcher(text).lookingAt();
        String capitalized = isName ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
        return ".!?".indexOf(capitalized.charAt(capitalized.length() - 1)) >= 0 ? capitalized : capitalized + ".";
    }

    /** Seconds for the {@code Retry-After} header, rounded up, at least one. */
    static long retryAfterSeconds(Refusal refusal) {
        return refusal.retryAfter()
                .map(wait -> Math.max(1, (wait.toMillis() + 999) / 1000))
                .orElse(1L);
    }
}
