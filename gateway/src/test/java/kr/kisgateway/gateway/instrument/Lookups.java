package kr.kisgateway.gateway.instrument;

import java.util.function.Function;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.UsListing;

/** Ways for tests to find instruments. */
public final class Lookups {
    private static final LiveListing SHIPPED =
            new LiveListing(ShippedListing.of(Instruments.load(), NxtListing.load(), UsListing.load()));

    private Lookups() {}

    /** What comes with the program. */
    public static Function<String, Lookup> shipped() {
        return SHIPPED::lookup;
    }
}
