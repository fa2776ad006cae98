package kr.kisgateway.gateway.instrument;

import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.market.Instrument;

/** What a text names, or why nothing. */
public sealed interface Lookup {
    record Found(Listed listed) implements Lookup {}

    /** @param refusal {@code INVALID_SYMBOL} for a wrong form, {@code SYMBOL_NOT_FOUND} for what nobody lists */
    record Unknown(Refusal refusal) implements Lookup {}

    /**
     * What the text names.
     *
     * @throws RefusedException when it names nothing
     */
    default Listed listed() {
        return switch (this) {
            case Found(Listed listed) -> listed;
            case Unknown(Refusal refusal) -> throw new RefusedException(refusal);
        };
    }

    /**
     * The Korean instrument, for calls that are about Korea alone.
     *
     * @throws RefusedException when the text names none
     */
    default Instrument korean() {
        return switch (koreanOrRefusal()) {
            case KoreanOnly.Yes(Instrument instrument) -> instrument;
            case KoreanOnly.No(Refusal refusal) -> throw new RefusedException(refusal);
        };
    }

    /** As {@link #korean}, for those who tell a refusal instead of throwing it. */
    default KoreanOnly koreanOrRefusal() {
        return switch (this) {
            case Found(Listed.Korean korean) -> new KoreanOnly.Yes(korean.instrument());
            case Found(Listed.Us american) -> new KoreanOnly.No(koreanOnly(american));
            case Unknown(Refusal refusal) -> new KoreanOnly.No(refusal);
        };
    }

    /** What is said of an American stock where there is something for Korean instruments alone. */
    static Refusal koreanOnly(Listed.Us american) {
        return Refusal.of(
                        ErrorCode.UNSUPPORTED_BY_SOURCE,
                        "This is there for Korean instruments alone; " + american.code() + " is American.")
                .with("symbol", american.code());
    }

    /** A Korean instrument, or why not. */
    sealed interface KoreanOnly {
        record Yes(Instrument instrument) implements KoreanOnly {}

        record No(Refusal refusal) implements KoreanOnly {}
    }
}
