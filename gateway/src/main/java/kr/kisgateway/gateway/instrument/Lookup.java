package kr.kisgateway.gateway.instrument;

import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.market.Instrument;

/** The instrument that a text names, or a refusal. */
public sealed interface Lookup {
    record Found(Listed listed) implements Lookup {}

    /** @param refusal {@code INVALID_SYMBOL} for a malformed text, {@code SYMBOL_NOT_FOUND} for an unlisted symbol */
    record Unknown(Refusal refusal) implements Lookup {}

    /**
     * The instrument that the text names.
     *
     * @throws RefusedException when it names none
     */
    default Listed listed() {
        return switch (this) {
            case Found(Listed listed) -> listed;
            case Unknown(Refusal refusal) -> throw new RefusedException(refusal);
        };
    }

    /**
     * The Korean instrument, for calls that support only Korean instruments.
     *
     * @throws RefusedException when the text names none
     */
    default Instrument korean() {
        return switch (listed()) {
            case Listed.Korean korean -> korean.instrument();
            case Listed.Us usStock -> throw new RefusedException(koreanOnlyRefusal(usStock));
        };
    }

    /** The refusal of a US stock where a call supports only Korean instruments. */
    static Refusal koreanOnlyRefusal(Listed.Us usStock) {
        return Refusal.of(
                        ErrorCode.UNSUPPORTED_BY_SOURCE,
                        "This is available for Korean instruments only; " + usStock.code() + " is a US stock.")
                .with("symbol", usStock.code());
    }
}
