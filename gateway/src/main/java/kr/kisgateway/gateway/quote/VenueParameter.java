package kr.kisgateway.gateway.quote;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.market.PriceSeries;

/** The parameter {@code venue} of requests for prices and books: of KRX, of NXT, or of both together. */
public final class VenueParameter {
    public static final String NAME = "venue";
    private static final List<String> VENUES = List.of("KRX", "NXT", "UNIFIED");

    private VenueParameter() {}

    /**
     * The price series that is requested of {@code listed}: without a venue the main one. A stock that only KRX trades has the same
     * prices on both together.
     *
     * @return a refusal for an unknown venue, for one of a stock of another market ({@code INVALID_FIELD}), and for NXT of a stock
     *     that it does not trade ({@code UNSUPPORTED_BY_SOURCE})
     */
    public static Result<PriceSeries> series(Optional<String> venue, Listed listed) {
        if (venue.isEmpty()) {
            return Result.success(PriceSeries.MAIN);
        }
        String name = venue.get().toUpperCase(Locale.ROOT);
        if (!VENUES.contains(name)) {
            return Result.refused(RequestBody.invalid(NAME, "must be one of " + String.join(", ", VENUES))
                    .refusal());
        }
        if (!(listed instanceof Listed.Korean korean)) {
            return Result.refused(RequestBody.invalid(NAME, "is for Korean stocks; omit it for " + listed.code())
                    .refusal());
        }
        if (name.equals("KRX")) {
            return Result.success(PriceSeries.MAIN);
        }
        if (korean.onNxt()) {
            return Result.success(name.equals("NXT") ? PriceSeries.NXT : PriceSeries.UNIFIED);
        }
        return name.equals("UNIFIED")
                ? Result.success(PriceSeries.MAIN)
                : Result.refused(Refusal.of(
                                ErrorCode.UNSUPPORTED_BY_SOURCE,
                                "NXT does not trade " + listed.code() + "; omit venue, or send KRX")
                        .with("symbol", listed.code()));
    }
}
