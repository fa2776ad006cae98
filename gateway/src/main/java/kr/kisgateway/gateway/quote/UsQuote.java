package kr.kisgateway.gateway.quote;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.market.UsSession;

/**
 * What an American stock costs, where that came from and how old it is. Prices are dollars.
 *
 * @param tsMs when the pushed value came, in epoch milliseconds; absent for REST, which has no time of its own
 * @param ageMillis how old the value is
 * @param session what New York is doing now, as a Korean broker offers it
 * @param feed by which of KIS's feeds it came; absent for REST
 */
public record UsQuote(
        Listed.Us listed,
        UsFigures figures,
        Source source,
        State state,
        OptionalLong tsMs,
        long ageMillis,
        UsSession session,
        Optional<UsFeed> feed) {
    /** The close that the change is measured from. */
    public BigDecimal prevClose() {
        return figures.price().subtract(figures.change());
    }
}
