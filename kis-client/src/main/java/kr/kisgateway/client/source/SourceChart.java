package kr.kisgateway.client.source;

import java.time.LocalDate;
import java.util.List;
import kr.kisgateway.market.Symbol;

/**
 * A chart.
 *
 * @param symbol short code
 * @param period length of a bar
 * @param bars oldest first; a day without a trade has none
 * @param daysWithoutTrade days on which the stock was listed and nothing traded (a halt, or no orders)
 * @param adjusted whether prices before a split or a rights issue are adjusted
 */
public record SourceChart(
        Symbol symbol, ChartPeriod period, List<Bar> bars, List<LocalDate> daysWithoutTrade, boolean adjusted) {
    public SourceChart {
        bars = List.copyOf(bars);
        daysWithoutTrade = List.copyOf(daysWithoutTrade);
    }
}
