package kr.kisgateway.client.source;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Symbol;

/**
 * A price and the figures of its day, in won and shares. A stock that has not traded that day has a price and no open,
 * high and low.
 *
 * @param symbol short code
 * @param name Korean name, where the source has it
 * @param price of the last trade, or the close of a published day
 * @param change price less the previous close, signed
 * @param changePercent the same in percent
 * @param open first price of the day
 * @param high highest
 * @param low lowest
 * @param volume shares traded
 * @param turnover won traded
 * @param marketCap won
 * @param asOf its time
 */
public record SourcePrice(
        Symbol symbol,
        Optional<String> name,
        long price,
        OptionalLong change,
        Optional<BigDecimal> changePercent,
        OptionalLong open,
        OptionalLong high,
        OptionalLong low,
        OptionalLong volume,
        OptionalLong turnover,
        OptionalLong marketCap,
        AsOf asOf)
        implements SourceValue {
    @Override
    public String kind() {
        return "price";
    }

    @Override
    public Map<String, Object> fields() {
        return new Fields()
                .with("symbol", symbol.code())
                .with("name", name)
                .with("price", price)
                .with("change", change)
                .with("change_percent", changePercent)
                .with("open", open)
                .with("high", high)
                .with("low", low)
                .with("volume", volume)
                .with("turnover", turnover)
                .with("market_cap", marketCap)
                .with("as_of", asOf.text())
                .map();
    }
}
