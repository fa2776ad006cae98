package kr.kisgateway.gateway.instrument;

import java.util.Locale;
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
            case Listed.Overseas stock -> throw new RefusedException(koreanOnlyRefusal(stock));
        };
    }

    /** The refusal of an instrument of another market where a call supports only Korean instruments. */
    static Refusal koreanOnlyRefusal(Listed.Overseas stock) {
        return Refusal.of(
                        ErrorCode.UNSUPPORTED_BY_SOURCE,
                        "This is available for Korean instruments only; " + stock.code() + " is a "
                                + stock.symbol().market().id().toUpperCase(Locale.ROOT) + " stock.")
                .with("symbol", stock.code());
    }
}
