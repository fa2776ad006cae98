package kr.kisgateway.client;

import java.util.Optional;

/** What became of an order or a cancel that was handed to KIS once. */
public sealed interface Placement {
    /**
     * KIS took it. It is not filled yet; and for a cancel, not confirmed yet.
     *
     * @param orgNo 한국거래소전송주문조직번호, needed to cancel
     * @param odno the order number, unique with {@code orgNo} on its day; compare as a number, KIS pads it differently
     * @param time of KIS, {@code HHmmss} in Korea
     */
    record Accepted(String orgNo, long odno, String time) implements Placement {}

    /** KIS answered and refused; nothing was booked, and the same request will be refused again. */
    record Refused(String code, String message) implements Placement {}

    /**
     * KIS has definitely not taken it: no byte of the order was sent, or KIS turned it away before the ledger.
     *
     * @param code KIS's, or the name of a {@link KisFailure.Kind}
     * @param remedy what this library knows about it, in a sentence; empty where {@link #explanation} says what the code means
     */
    record NotSent(String code, String message, String remedy) implements Placement {
        public NotSent(String code, String message) {
            this(code, message, "");
        }
    }

    /** It may rest at KIS or not. Look it up; never send it again before that. */
    record Unknown(String code, String message) implements Placement {}

    /** Why, what to do about it and who must; empty when KIS took it. */
    default Optional<Explanation> explanation() {
        return Explanations.of(this);
    }
}
