package kr.kisgateway.wire.print;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.RealtimeKey;

/** The control messages of a server with KIS's protocol. */
public final class ControlPrinter {
    /** Notices: the official samples decrypt only what was acknowledged with Y. */
    private static final Pattern NOTICES = Pattern.compile("H0[A-Z]{2}CNI[09]|HDFFF[12]C0");

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

    private ControlPrinter() {}

    /** A registration was accepted. KIS sends key and iv with every success, whether the TR is encrypted or not. */
    public static String subscribed(RealtimeKey registration, NoticeKey key) {
        return message(
                registration.trId(),
                registration.trKey(),
                "0",
                "OPSP0000",
                "SUBSCRIBE SUCCESS",
                ",\"output\":{\"iv\":" + JsonText.quoted(key.iv()) + ",\"key\":" + JsonText.quoted(key.key()) + "}");
    }

    /** A release was accepted. */
    public static String released(RealtimeKey registration) {
        return message(registration.trId(), registration.trKey(), "0", "OPSP0001", "UNSUBSCRIBE SUCCESS", "");
    }

    /** A registration or release was refused, for example {@code OPSP0008 MAX SUBSCRIBE OVER}. */
    public static String refused(RealtimeKey registration, String msgCd, String msg1) {
        return message(registration.trId(), registration.trKey(), "1", msgCd, msg1, "");
    }

    /** An error of the session, for example {@code OPSP8996 ALREADY IN USE appkey}: it names no TR. */
    public static String sessionError(String msgCd, String msg1) {
        return message("(null)", "", "9", msgCd, msg1, "");
    }

    /** The keep-alive at {@code kst}, wall-clock time in Seoul; the client echoes the same text. */
    public static String pingPong(LocalDateTime kst) {
        return "{\"header\":{\"tr_id\":\"PINGPONG\",\"datetime\":\"" + STAMP.format(kst) + "\"}}";
    }

    private static String message(String trId, String trKey, String rtCd, String msgCd, String msg1, String output) {
        return "{\"header\":{\"tr_id\":" + JsonText.quoted(trId) + ",\"tr_key\":" + JsonText.quoted(trKey)
                + ",\"encrypt\":\"" + (NOTICES.matcher(trId).matches() ? "Y" : "N") + "\"},\"body\":{\"rt_cd\":\""
                + rtCd + "\",\"msg_cd\":" + JsonText.quoted(msgCd)
                + ",\"msg1\":" + JsonText.quoted(msg1) + output + "}}";
    }
}
