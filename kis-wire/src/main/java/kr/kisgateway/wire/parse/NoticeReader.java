package kr.kisgateway.wire.parse;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.ExecutionNotice.Condition;
import kr.kisgateway.wire.ExecutionNotice.Exchange;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.ExecutionNotice.Request;

/**
 * Reads domestic execution notices of 23 columns (before 2025) and of 26 and more. Strict where money
 * depends on it: an unknown side, kind, request or a broken number makes the notice bad, and the order is reconciled by
 * REST instead of guessed.
 */
final class NoticeReader {
    static final int[] WIDTHS = {26, 23};

    private static final int OLD_WIDTH = 23;
    private static final int NEW_WIDTH = 26;
    private static final int MAX_DIGITS = 18;

    private final List<String> values;

    private NoticeReader(List<String> values) {
        this.values = values;
    }

    /** The outcome of reading a record. */
    sealed interface Outcome {}

    record Good(ExecutionNotice notice) implements Outcome {}

    record Bad(BadFrame.Reason reason, String detail) implements Outcome {}

    /** Whether {@code trId} is a domestic execution notice; the official samples also use the K0 names. */
    static boolean isNoticeTr(String trId) {
        return switch (trId) {
            case "H0STCNI0", "H0STCNI9", "K0STCNI0", "K0STCNI9" -> true;
            default -> false;
        };
    }

    /** The H0 name of a K0 alias; any other id unchanged. */
    static String canonicalTrId(String trId) {
        return trId.startsWith("K0STCNI") ? "H" + trId.substring(1) : trId;
    }

    static Outcome read(List<String> values) {
        int width = values.size();
        if (width != OLD_WIDTH && width < NEW_WIDTH) {
            return new Bad(BadFrame.Reason.WIDTH, "a notice of " + width + " columns");
        }
        try {
            return new Good(new NoticeReader(values).notice(width != OLD_WIDTH));
        } catch (BadFieldException bad) {
            // Neither the value nor the rest is reported: it is about an account.
            return new Bad(BadFrame.Reason.VALUE, bad.field());
        }
    }

    /** Up to column 17 both layouts agree; the old one then repeats the name and has no 18–21 block. */
    private ExecutionNotice notice(boolean wide) {
        return new ExecutionNotice(
                text(0),
                text(1),
                positive(2, "ODER_NO"),
                number(3, "OODER_NO"),
                side(),
                request(),
                text(6),
                condition(),
                symbol(),
                number(9, "CNTG_QTY"),
                number(10, "CNTG_UNPR"),
                time(),
                kind(),
                text(15),
                number(16, "ODER_QTY"),
                text(17),
                wide ? number(18, "ORD_COND_PRC") : 0,
                wide ? exchange() : Optional.empty(),
                wide && text(20).equals("Y"),
                text(wide ? 22 : 19),
                text(wide ? 23 : 20),
                text(wide ? 24 : 21),
                number(wide ? 25 : 22, "ODER_PRC"));
    }

    private Side side() {
        return switch (text(4)) {
            case "01" -> Side.SELL;
            case "02" -> Side.BUY;
            default -> throw bad(4, "SELN_BYOV_CLS");
        };
    }

    private Request request() {
        return switch (text(5)) {
            case "0" -> Request.NEW;
            case "1" -> Request.MODIFY;
            case "2" -> Request.CANCEL;
            default -> throw bad(5, "RCTF_CLS");
        };
    }

    private Condition condition() {
        return switch (text(7)) {
            case "", "0" -> Condition.NONE;
            case "1" -> Condition.IOC;
            case "2" -> Condition.FOK;
            default -> throw bad(7, "ODER_COND");
        };
    }

    private Symbol symbol() {
        return Symbol.parse(text(8)).orElseThrow(() -> bad(8, "STCK_SHRN_ISCD"));
    }

    private Kind kind() {
        boolean refused = refused();
        return switch (text(13)) {
            case "1" -> refused ? Kind.REJECTED : receiptKind();
            case "2" -> {
                if (refused) {
                    throw bad(12, "RFUS_YN"); // a refused fill contradicts itself
                }
                yield Kind.FILL;
            }
            default -> throw bad(13, "CNTG_YN");
        };
    }

    private boolean refused() {
        return switch (text(12)) {
            case "", "0", "N" -> false;
            case "1", "Y" -> true;
            default -> throw bad(12, "RFUS_YN");
        };
    }

    private Kind receiptKind() {
        return switch (text(14)) {
            case "1" -> Kind.RECEIPT;
            case "2" -> Kind.CONFIRMED;
            case "3" -> Kind.REST_CANCELLED;
            default -> throw bad(14, "ACPT_YN");
        };
    }

    /** An unknown venue is no reason to lose the event. */
    private Optional<Exchange> exchange() {
        return switch (text(19)) {
            case "1" -> Optional.of(Exchange.KRX);
            case "2" -> Optional.of(Exchange.NXT);
            case "3" -> Optional.of(Exchange.SOR_KRX);
            case "4" -> Optional.of(Exchange.SOR_NXT);
            default -> Optional.empty();
        };
    }

    private int time() {
        long time = number(11, "STCK_CNTG_HOUR");
        if (time > 235_959 || time % 10_000 > 5_959 || time % 100 > 59) {
            throw bad(11, "STCK_CNTG_HOUR");
        }
        return (int) time;
    }

    private long positive(int column, String name) {
        long number = number(column, name);
        if (number == 0) {
            throw bad(column, name);
        }
        return number;
    }

    private long number(int column, String name) {
        String text = text(column);
        if (text.isEmpty()) {
            return 0;
        }
        if (text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw bad(column, name);
        }
        return Long.parseLong(text);
    }

    private String text(int column) {
        return values.get(column).strip();
    }

    private BadFieldException bad(int column, String name) {
        return new BadFieldException(name, values.get(column));
    }
}
