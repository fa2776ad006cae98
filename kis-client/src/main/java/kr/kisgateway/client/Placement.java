package kr.kisgateway.client;

import java.util.Optional;

/** The outcome of an order or a cancel that was sent to KIS once. */
public sealed interface Placement {
    /**
     * KIS accepted it. It is not filled yet; and for a cancel, not confirmed yet.
     *
     * @param orgNo 한국거래소전송주문조직번호, needed to cancel
     * @param odno the order number, unique with {@code orgNo} on its day; compare as a number, KIS pads it differently
     * @param time of KIS, {@code HHmmss} in Korea
     */
    record Accepted(String orgNo, long odno, String time) implements Placement {}

    /** KIS answered and refused; nothing was booked, and the same request will be refused again. */
    record Refused(String code, String message) implements Placement {}

    /**
     * KIS has definitely not accepted it: no byte of the order was sent, or KIS rejected it before the ledger.
     *
     * @param code KIS's, or the name of a {@link KisFailure.Kind}
     * @param remedy this library's advice, in a sentence; empty where {@link #explanation} explains the code
     */
    record NotSent(String code, String message, String remedy) implements Placement {
        public NotSent(String code, String message) {
            this(code, message, "");
        }
    }

    /** It may rest at KIS or not. Look it up; never send it again before that. */
    record Unknown(String code, String message) implements Placement {}

    /** Cause, remedy and who must act; empty when KIS accepted it. */
    default Optional<Explanation> explanation() {
        return Explanations.of(this);
    }
}
