package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Json;
import kr.kisgateway.wire.NoticeKey;

/** The texts of the answers on a WebSocket: what is wrong with a message, acknowledgements, errors and PINGPONG. */
final class SocketAnswers {
    private static final Pattern NOTICES = Pattern.compile("H0[A-Z]{2}CNI[09]|HDFFF[12]C0");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(TradingCalendar.SEOUL);

    /** An error of KIS. */
    record Problem(String code, String message) {}

    private SocketAnswers() {}

    /** The first error in the form of a message; empty when its TR id and key can be read. */
    static Optional<Problem> malformed(SocketMessage m) {
        if (!m.header()) {
            return problem("OPSP9998", "JSON PARSING ERROR : header not found");
        }
        if (!m.body()) {
            return problem("OPSP9992", "JSON PARSING ERROR : body not found");
        }
        if (!m.input()) {
            return problem("OPSP9991", "JSON PARSING ERROR : input not found");
        }
        if (m.approvalKey().isEmpty()) {
            return problem("OPSP9996", "JSON PARSING ERROR : appkey not found");
        }
        if (m.custType().isPresent() && !m.custType().get().matches("[PB]")) {
            return problem("OPSP8998", "JSON PARSING ERROR : invalid custtype");
        }
        if (!m.trType().orElse("").matches("[12]")) {
            return problem("OPSP8997", "JSON PARSING ERROR : invalid tr_type");
        }
        if (m.trId().isEmpty()) {
            return problem("OPSP9991", "JSON PARSING ERROR : tr_id not found");
        }
        return m.trKey().isEmpty() ? problem("OPSP9990", "JSON PARSING ERROR : tr_key not found") : Optional.empty();
    }

    private static Optional<Problem> problem(String code, String message) {
        return Optional.of(new Problem(code, message));
    }

    /** Session-level errors name no TR, and rt_cd is 9. */
    static String sessionError(Problem problem) {
        return message(header("(null)", "", false), "9", problem.code(), problem.message());
    }

    static String error(Registrations.Registration registration, Problem problem, boolean plainNoticeAcks) {
        return message(header(registration, plainNoticeAcks), "1", problem.code(), problem.message());
    }

    static String released(Registrations.Registration registration, boolean plainNoticeAcks) {
        return message(header(registration, plainNoticeAcks), "0", "OPSP0001", "UNSUBSCRIBE SUCCESS");
    }

    private static String message(Json json, String rtCd, String code, String message) {
        json.startObject("body")
                .field("rt_cd", rtCd)
                .field("msg_cd", code)
                .field("msg1", message)
                .end();
        return json.text();
    }

    /** @param key of the session, with which its notices are encrypted */
    static String registered(Registrations.Registration registration, NoticeKey key, boolean plainNoticeAcks) {
        Json json = header(registration, plainNoticeAcks);
        json.startObject("body").field("rt_cd", "0").field("msg_cd", "OPSP0000").field("msg1", "SUBSCRIBE SUCCESS");
        json.startObject("output")
                .field("iv", key.iv())
                .field("key", key.key())
                .end()
                .end();
        return json.text();
    }

    static String pingPong(Instant brokerTime) {
        Json json = Json.object();
        json.startObject("header")
                .field("tr_id", "PINGPONG")
                .field("datetime", STAMP.format(brokerTime))
                .end();
        return json.text();
    }

    private static Json header(Registrations.Registration registration, boolean plainNoticeAcks) {
        return header(
                registration.trId(),
                registration.trKey(),
                NOTICES.matcher(registration.trId()).matches() && !plainNoticeAcks);
    }

    /** The samples decrypt what was acknowledged with Y only; the portal's example of a notice has N. */
    private static Json header(String trId, String trKey, boolean encrypted) {
        Json json = Json.object();
        json.startObject("header")
                .field("tr_id", trId)
                .field("tr_key", trKey)
                .field("encrypt", encrypted ? "Y" : "N")
                .end();
        return json;
    }
}
