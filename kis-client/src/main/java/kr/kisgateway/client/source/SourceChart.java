package kr.kisgateway.client.source;

import java.time.LocalDate;
import java.util.List;
import kr.kisgateway.market.Symbol;

/**
 * A chart.
 *
 * @param symbol short code
 * @param period what a bar covers
 * @param bars oldest first; a day without a trade has none
 * @param daysWithoutTrade days on which the stock was listed and nothing traded (a halt, or nobody came)
 * @param adjusted whether prices before a split or a rights issue are those that would have been
 */
public record SourceChart(
        Symbol symbol, ChartPeriod period, List<Bar> bars, List<LocalDate> daysWithoutTrade, boolean adjusted) {
    public SourceChart {
        bars = List.copyOf(bars);
        daysWithoutTrade = List.copyOf(daysWithoutTrade);
    }
}
