package kr.kisgateway.gateway.face;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.KisCode;
import tools.jackson.databind.json.JsonMapper;

/** Answers in KIS's shapes, with KIS's codes and texts. */
final class FaceAnswers {
    static final String JSON_TYPE = "application/json; charset=utf-8";

    private static final int TEXT_MAX = 80;
    private static final int PAGE_KEY = 200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;
    private static final CodeTable CODES = CodeTable.load();
    private static final JsonMapper JSON = new JsonMapper();

    private FaceAnswers() {}

    /** A refusal before or by the ledger, with the documented text of its code. */
    static Answer.Text refused(int status, String code) {
        return refused(status, code, text(code));
    }

    /** The same with another text, shortened to KIS's length. */
    static Answer.Text refused(int status, String code, String text) {
        var body = new LinkedHashMap<String, String>();
        body.put("rt_cd", "1");
        body.put("msg_cd", code);
        body.put("msg1", shortened(text));
        return json(status, Map.of(), JSON.writeValueAsString(body));
    }

    /** A refusal for a reason of the gateway: its text ends with the gateway's code, which no shortening takes away. */
    static Answer.Text refused(int status, String code, String text, ErrorCode own) {
        return refused(status, code, withCode(text, own.name()));
    }

    /** A text that ends with a code in brackets. */
    static String withCode(String text, String code) {
        String end = " [" + code + "]";
        return text.substring(0, Math.min(text.length(), TEXT_MAX - end.length())) + end;
    }

    /** A refusal of the ledger, whose texts have a fixed width. */
    static Answer.Text ledgerRefused(String rtCd, String code, String text) {
        return json(ledger(rtCd, code, text));
    }

    /** The ledger's refusal of a field that is absent or misspelt. */
    static Answer.Text invalidField(String name) {
        return ledgerRefused("2", "OPSQ2002", "ERROR : INPUT FIELD_LENGTH [" + name + "]");
    }

    /** The beginning of a body from the ledger. */
    static Map<String, Object> ledger(String rtCd, String code, String text) {
        var body = new LinkedHashMap<String, Object>();
        body.put("rt_cd", rtCd);
        body.put("msg_cd", code);
        body.put("msg1", shortened(text) + " ".repeat(Math.max(0, TEXT_MAX - text.length())));
        return body;
    }

    private static String shortened(String text) {
        return text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) : text;
    }

    /** The answer to what is no readable call, by the status that the listener gives it. */
    static Answer.Text unreadable(int status) {
        return switch (status) {
            case FORBIDDEN -> refused(FORBIDDEN, "EGW00003");
            case UNAVAILABLE -> refused(UNAVAILABLE, "EGW00300");
            default -> refused(BAD_REQUEST, "EGW00101");
        };
    }

    /** A refusal of the calls for tokens and approval keys, which have names of their own. */
    static Answer.Text oauthRefused(int status, String code) {
        var body = new LinkedHashMap<String, String>();
        body.put("error_description", text(code));
        body.put("error_code", code);
        return json(status, Map.of(), JSON.writeValueAsString(body));
    }

    /**
     * A page of a list of the ledger.
     *
     * @param headers of the last page
     * @param next key of the next page; empty on the last
     */
    static Answer.Text page(Map<String, String> headers, List<Map<String, String>> rows, Optional<String> next) {
        var body = next.isPresent()
                ? ledger("0", "KIOK0500", "조회가 계속됩니다..다음버튼을 Click 하십시오.")
                : ledger("0", "KIOK0510", "조회가 완료되었습니다");
        body.put("ctx_area_fk200", " ".repeat(PAGE_KEY));
        body.put(
                "ctx_area_nk200",
                next.orElse("") + " ".repeat(PAGE_KEY - next.map(String::length).orElse(0)));
        body.put("output", rows);
        var pageHeaders = new LinkedHashMap<>(headers);
        next.ifPresent(_ -> pageHeaders.put("tr_cont", "M"));
        return json(200, pageHeaders, JSON.writeValueAsString(body));
    }

    /** An object as JSON. */
    static Answer.Text json(Object body) {
        return json(200, Map.of(), JSON.writeValueAsString(body));
    }

    /** A body with the headers of a call: their names are in lower case on the wire, which the official samples require. */
    static Answer.Text json(int status, Map<String, String> headers, String body) {
        return new Answer.Text(status, JSON_TYPE, headers, body);
    }

    /** An answer in doubt: KIS's own text requests the caller to look before sending again. */
    static Answer.Text inDoubt() {
        return refused(SERVER_ERROR, "EGW00301");
    }

    /** The documented text of a code. */
    static String text(String code) {
        return CODES.entry(code).map(KisCode::causeKo).orElse("");
    }
}
