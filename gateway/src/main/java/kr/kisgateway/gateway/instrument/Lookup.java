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
        return switch (koreanLookup()) {
            case KoreanLookup.Korean(Instrument instrument) -> instrument;
            case KoreanLookup.Refused(Refusal refusal) -> throw new RefusedException(refusal);
        };
    }

    /** As {@link #korean}, for those who tell a refusal instead of throwing it. */
    default KoreanLookup koreanLookup() {
        return switch (this) {
            case Found(Listed.Korean korean) -> new KoreanLookup.Korean(korean.instrument());
            case Found(Listed.Us usStock) -> new KoreanLookup.Refused(koreanOnlyRefusal(usStock));
            case Unknown(Refusal refusal) -> new KoreanLookup.Refused(refusal);
        };
    }

    /** What is said of an American stock where there is something for Korean instruments alone. */
    static Refusal koreanOnlyRefusal(Listed.Us usStock) {
        return Refusal.of(
                        ErrorCode.UNSUPPORTED_BY_SOURCE,
                        "This is there for Korean instruments alone; " + usStock.code() + " is American.")
                .with("symbol", usStock.code());
    }

    /** A Korean instrument, or why not. */
    sealed interface KoreanLookup {
        record Korean(Instrument instrument) implements KoreanLookup {}

        record Refused(Refusal refusal) implements KoreanLookup {}
    }
}
