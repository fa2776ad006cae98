package kr.kisgateway.gateway.bar;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.MarketSymbol;

/** Source of complete minutes when trades are missing. */
@FunctionalInterface
public interface MinuteSource {
    /**
     * The minutes of {@code symbol} with trades; blocks.
     *
     * @param from first minute, as in {@link LiveBar#minute}
     * @param to last minute; it must be over
     * @return empty when there is no answer now
     */
    Optional<List<Minute>> minutes(MarketSymbol symbol, long from, long to);

    /** One minute, in the units of {@link LiveBar}. */
    record Minute(long minute, long open, long high, long low, long close, long volume, long turnover) {}
}
