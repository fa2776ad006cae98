package kr.kisgateway.gateway.quote;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.market.UsSession;

/**
 * Price of a US stock with its source and age. Prices are dollars.
 *
 * @param tsMs receipt time of the pushed value, in epoch milliseconds; absent for REST, which has no time of its own
 * @param ageMillis age of the value
 * @param session current session of New York, as a Korean broker offers it
 * @param feed feed that pushed it; absent for REST
 */
public record UsQuote(
        Listed.Us listed,
        UsFigures figures,
        Source source,
        State state,
        OptionalLong tsMs,
        long ageMillis,
        UsSession session,
        Optional<PushFeed> feed) {
    /** The close that the change is measured from. */
    public BigDecimal prevClose() {
        return figures.price().subtract(figures.change());
    }
}
