package kr.kisgateway.api.instrument;

import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.call.ApiCall;

/** The calls about listed instruments. */
public final class InstrumentCalls {
    private InstrumentCalls() {}

    /** One listed instrument. */
    public static ApiCall<Instrument> instrument(String symbol) {
        return ApiCall.get("/v1/instruments/" + ApiCall.encode(symbol), Instrument.class);
    }

    /**
     * Listed instruments that match a text; without a text all of them, in pages.
     *
     * @param market of KOSPI, KOSDAQ, KONEX, NASD, NYSE, AMEX, KR, US, several with commas between
     * @param limit at most 1,000; without one 20
     * @param cursor {@code next_cursor} of the page before
     */
    public static ApiCall<InstrumentPage> instruments(
            Optional<String> text, Optional<String> market, OptionalInt limit, Optional<String> cursor) {
        return ApiCall.get(
                new ApiCall.Path("/v1/instruments")
                        .with("q", text)
                        .with("market", market)
                        .with("limit", limit)
                        .with("cursor", cursor)
                        .toString(),
                InstrumentPage.class);
    }
}
