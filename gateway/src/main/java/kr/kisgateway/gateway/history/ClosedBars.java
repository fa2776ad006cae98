package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.MarketSymbol;

/**
 * Requests the bars of closed days from the broker, for the history's files. Methods block and refuse as those of {@link
 * BarSource}.
 */
interface ClosedBars {
    /** The newest days between {@code from} and {@code to}, both included, as many as one call returns. */
    Result<BarSource.Page> days(
            MarketSymbol symbol, LocalDate from, LocalDate to, boolean adjusted, RequestContext context);

    /** All minutes of {@code day} with trades, oldest first. */
    Result<List<Bar>> minutes(MarketSymbol symbol, LocalDate day, RequestContext context);

    /** The first day whose minutes the source still has on {@code today}. */
    LocalDate minutesAvailableSince(LocalDate today);

    /** The bars of a source that has ranges. */
    static ClosedBars ofRanges(BarSource source, ZoneId zone) {
        return new ClosedBars() {
            @Override
            public Result<BarSource.Page> days(
                    MarketSymbol symbol, LocalDate from, LocalDate to, boolean adjusted, RequestContext context) {
                return source.requestDays(symbol, BarPeriod.DAY, from, to, adjusted, context);
            }

            @Override
            public Result<List<Bar>> minutes(MarketSymbol symbol, LocalDate day, RequestContext context) {
                return source.requestMinutes(symbol, day.atStartOfDay(), day.atTime(LocalTime.MAX), context)
                        .map(minutes -> MinuteBars.bars(minutes, zone));
            }

            @Override
            public LocalDate minutesAvailableSince(LocalDate today) {
                return source.minutesAvailableSince(today);
            }
        };
    }

    /** The bars of a source that has pages. A day between two bars of a page without a bar had no trade. */
    static ClosedBars ofPages(BarPageSource source, ZoneId zone) {
        return new ClosedBars() {
            @Override
            public Result<BarSource.Page> days(
                    MarketSymbol symbol, LocalDate from, LocalDate to, boolean adjusted, RequestContext context) {
                return source.requestPage(symbol, BarPeriod.DAY, to.atStartOfDay(), adjusted, context)
                        .map(page -> {
                            List<Bar> bars = page.bars().stream()
                                    .filter(bar -> !bar.date().isBefore(from)
                                            && !bar.date().isAfter(to))
                                    .toList();
                            return new BarSource.Page(
                                    bars, page.oldest().map(LocalDateTime::toLocalDate), daysBetween(bars));
                        });
            }

            private static Set<LocalDate> daysBetween(List<Bar> bars) {
                if (bars.isEmpty()) {
                    return Set.of();
                }
                Set<LocalDate> days = bars.getFirst()
                        .date()
                        .datesUntil(bars.getLast().date())
                        .collect(Collectors.toCollection(HashSet::new));
                bars.forEach(bar -> days.remove(bar.date()));
                return days;
            }

            @Override
            public Result<List<Bar>> minutes(MarketSymbol symbol, LocalDate day, RequestContext context) {
                var bars = new ArrayList<Bar>();
                LocalDateTime last = day.atTime(23, 59);
                while (last.toLocalDate().equals(day)) {
                    switch (source.requestPage(symbol, BarPeriod.M1, last, false, context)) {
                        case Result.Refused<BarPageSource.Page>(Refusal refusal) -> {
                            return Result.refused(refusal);
                        }
                        case Result.Success<BarPageSource.Page>(BarPageSource.Page page) -> {
                            LocalDateTime until = last;
                            page.bars().stream()
                                    .filter(bar -> bar.date().equals(day)
                                            && !bar.begin(zone).isAfter(until))
                                    .forEach(bars::add);
                            // KIS repeats itself for a time without bars.
                            last = page.oldest()
                                    .filter(oldest -> !oldest.isAfter(until))
                                    .orElseGet(day::atStartOfDay)
                                    .minusMinutes(1);
                        }
                    }
                }
                bars.sort(Comparator.comparing(Bar::ts));
                return Result.success(List.copyOf(bars));
            }

            @Override
            public LocalDate minutesAvailableSince(LocalDate today) {
                return source.minutesAvailableSince(today);
            }
        };
    }
}
