package kr.kisgateway.client.source;

import java.time.LocalDate;
import kr.kisgateway.market.Symbol;

/**
 * Which chart.
 *
 * @param symbol short code
 * @param period what a bar covers
 * @param from first day; a week or month that it falls into is told whole
 * @param to last day; likewise, as far as there is anything yet
 */
public record ChartRequest(Symbol symbol, ChartPeriod period, LocalDate from, LocalDate to) {}
