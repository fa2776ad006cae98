package kr.kisgateway.wire.parse;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.wire.Area;
import kr.kisgateway.wire.KisCode;
import kr.kisgateway.wire.RetryClass;

/**
 * The proven outcome of an order, modify or cancel. Only two things are certain: success with a number, and a
 * documented refusal; everything else leaves the order in doubt, because a second order would cost more
 * than a look-up.
 */
public sealed interface OrderVerdict {
    /**
     * The broker accepted it; that is not a fill.
     *
     * @param orgNo {@code KRX_FWDG_ORD_ORGNO}, needed to modify or cancel; empty when absent
     * @param odno the order's number
     * @param time {@code ORD_TMD}, KST as {@code HHmmss}; empty when absent
     */
    record Accepted(String orgNo, long odno, String time) implements OrderVerdict {}

    /** The broker refused it; nothing was booked, and the same request would be refused again. */
    record Refused(String code, String message) implements OrderVerdict {}

    /** It was rejected before the ledger; it may be sent again, after a new token if one is needed. */
    record NotTaken(String code, String message, boolean newTokenNeeded) implements OrderVerdict {}

    /** It may or may not have been booked; {@code code} is empty when there was none. */
    record InDoubt(String code, String message) implements OrderVerdict {}

    /** Evaluates an answer; never throws. Call it only when bytes of an answer came, not when the connection failed. */
    static OrderVerdict evaluate(int httpStatus, String body) {
        return evaluate(RestReply.parse(httpStatus, body));
    }

    /** As {@link #evaluate(int, String)}, for a parsed answer. */
    static OrderVerdict evaluate(RestReply reply) {
        return evaluate(reply, List.of("ODNO"));
    }

    /**
     * As {@link #evaluate(RestReply)}, for orders whose success is proven otherwise.
     *
     * @param acceptanceColumns columns of {@code output} of which one has the number; reserved orders (예약주문) have {@code
     *     RSVN_ORD_SEQ} or {@code OVRS_RSVN_ODNO}. One named {@code …_YN} proves acceptance by a Y, with an order number of 0.
     */
    static OrderVerdict evaluate(RestReply reply, List<String> acceptanceColumns) {
        int httpStatus = reply.httpStatus();
        if (!reply.isReadable()) {
            return new InDoubt("", "unreadable answer, HTTP " + httpStatus);
        }
        Optional<Accepted> number = reply.row("output").flatMap(output -> number(output, acceptanceColumns));
        String code = reply.msgCd();
        if (reply.isSuccess() && number.isPresent()) {
            return number.get();
        }
        // rt_cd 0 without a number or under another status (IGW00009), a refusal with a number: contradictions.
        boolean refusal = !reply.rtCd().equals("0") && (!reply.rtCd().isEmpty() || reply.isOauthError());
        if (!refusal
                || reply.row("output")
                        .map(output -> mentionsNumber(output, acceptanceColumns))
                        .orElse(false)) {
            return new InDoubt(code, reply.msg1());
        }
        Optional<KisCode> listed = Codes.TABLE.entry(code).filter(entry -> entry.area() == Area.REST);
        if (listed.isPresent()) {
            return byClass(listed.get().retry(), code, reply.msg1());
        }
        return httpStatus == 200
                        && !reply.isOauthError()
                        && Codes.ORDER_LEVEL.matcher(code).matches()
                ? new Refused(code, reply.msg1())
                : new InDoubt(code, reply.msg1());
    }

    private static OrderVerdict byClass(RetryClass retry, String code, String message) {
        return switch (retry) {
            case NO -> new Refused(code, message);
            case SAFE -> new NotTaken(code, message, false);
            case SAFE_AFTER_NEW_TOKEN -> new NotTaken(code, message, true);
            case READ, UNKNOWN -> new InDoubt(code, message);
        };
    }

    private static Optional<Accepted> number(Row output, List<String> acceptanceColumns) {
        return acceptanceColumns.stream()
                .filter(column -> !output.textOr(column, "").isEmpty())
                .findFirst()
                .flatMap(column -> number(output, column));
    }

    private static Optional<Accepted> number(Row output, String column) {
        String orgNo = output.textOr("KRX_FWDG_ORD_ORGNO", output.textOr("ORD_GNO_BRNO", ""));
        String time = output.textOr("ORD_TMD", "");
        if (column.endsWith("_YN")) {
            return output.textOr(column, "").equals("Y") ? Optional.of(new Accepted(orgNo, 0, time)) : Optional.empty();
        }
        ParseResult<Accepted> read = ParseResult.of(() -> new Accepted(orgNo, output.orderNumber(column), time));
        return read instanceof ParseResult.Ok<Accepted>(var accepted) ? Optional.of(accepted) : Optional.empty();
    }

    /** Anything but blanks and zeros might be a number, readable or not. */
    private static boolean mentionsNumber(Row output, List<String> acceptanceColumns) {
        return acceptanceColumns.stream()
                .map(column -> output.textOr(column, "").replace("0", ""))
                .anyMatch(text -> !text.isEmpty() && !text.equals("N"));
    }
}
