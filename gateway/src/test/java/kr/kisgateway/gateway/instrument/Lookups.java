package kr.kisgateway.gateway.instrument;

import java.util.List;
import java.util.function.Function;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.Symbol;

/** Ways for tests to find instruments. */
public final class Lookups {
    private static final CurrentListing SHIPPED = new CurrentListing(
            ShippedListing.of(Instruments.load(), NxtListing.load(), Markets.standard()), Markets.standard());

    private static final List<Symbol> KOREAN = SHIPPED.koreanSymbols();

    private Lookups() {}

    /** A listed Korean symbol, another one for each number up to some thousands. */
    public static Symbol korean(int number) {
        return KOREAN.get(number);
    }

    /** The listing shipped with the program. */
    public static Function<String, Result<Listed>> shipped() {
        return SHIPPED::lookup;
    }
}
