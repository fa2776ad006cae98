package kr.kisgateway.market;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the program needs to know of one market. A further market is an implementation of this, with the file of its
 * instruments.
 */
public interface MarketPolicy {
    Market market();

    /** Names of the lists of its instruments as the API writes them, in their order: KOSPI, KOSDAQ, KONEX. */
    List<String> lists();

    /** The symbol in {@code text}; empty when the form is not that of this market. Nothing is trimmed or capitalised. */
    Optional<? extends MarketSymbol> parse(String text);

    /** The symbols that {@code text} probably means, listed or not, with common errors corrected; the most probable first. */
    List<? extends MarketSymbol> candidates(String text);

    /** The price step at {@code price}, both in units of the currency. */
    long tick(Product product, long price, LocalDate date);

    /**
     * The market's days and hours.
     *
     * @param korean calendar of the Korean market: where that is always open, so is this market
     */
    MarketCalendar calendar(TradingCalendar korean);

    /** The instruments shipped with the program. Korea's are {@link Instruments}, which have more columns: none here. */
    List<ShippedInstrument> shipped();

    /**
     * One instrument of the list that is shipped.
     *
     * @param list one of {@link #lists}
     * @param name English name
     * @param close last close, in units of the currency
     * @param closeDate day of {@code close} and {@code volume}
     * @param volume shares traded that day
     */
    record ShippedInstrument(
            MarketSymbol symbol,
            String list,
            Product product,
            String name,
            long close,
            LocalDate closeDate,
            long volume,
            OptionalLong listedShares,
            Optional<String> sector) {}
}
