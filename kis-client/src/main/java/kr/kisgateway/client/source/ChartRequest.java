package kr.kisgateway.client.source;

import java.time.LocalDate;
import kr.kisgateway.market.Symbol;

/**
 * The request of a chart.
 *
 * @param symbol short code
 * @param period length of a bar
 * @param from first day; its week or month is returned completely
 * @param to last day; likewise, up to the newest data
 */
public record ChartRequest(Symbol symbol, ChartPeriod period, LocalDate from, LocalDate to) {}
