package kr.kisgateway.gateway.kis.rest;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarSource;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.parse.DayBar;
import kr.kisgateway.wire.parse.MinuteBar;

/** Bars from the period charts (국내주식기간별시세) and the minute charts (주식일별분봉조회; in paper 주식당일분봉조회), in the lane of charts. */
public final class KisBars implements BarSource {
    private final KisClient kis;

    public KisBars(KisClient kis) {
        this.kis = kis;
    }

    @Override
    public Result<Page> requestDays(
            MarketSymbol symbol,
            BarPeriod period,
            LocalDate from,
            LocalDate to,
            boolean adjusted,
            RequestContext context) {
        return options(kis, context)
                .flatMap(options -> KisRefusals.result(
                        kis.domestic().chartPage(korean(symbol), period, from, to, adjusted, options),
                        rows -> page(period, rows),
                        KisBars::refusal));
    }

    @Override
    public Result<List<Minute>> requestMinutes(
            MarketSymbol symbol, LocalDateTime from, LocalDateTime to, RequestContext context) {
        return options(kis, context).flatMap(options -> requestMinutes(korean(symbol), from, to, options));
    }

    private Result<List<Minute>> requestMinutes(
            Symbol symbol, LocalDateTime from, LocalDateTime to, CallOptions options) {
        // Paper has today's minutes only.
        boolean paperToday = kis.environment() == Environment.PAPER_FACE
                && from.toLocalDate().equals(minutesAvailableSince(from.toLocalDate()));
        KisReply<List<MinuteBar>> reply = paperToday
                ? kis.domestic().minutesToday(symbol, from.toLocalTime(), to.toLocalTime(), options)
                : kis.domestic().minutes(symbol, from, to, options);
        return KisRefusals.result(
                reply,
                rows -> rows.stream()
                        .filter(row -> row.at().toLocalDate().equals(from.toLocalDate()))
                        .map(row -> new Minute(
                                row.at(), row.open(), row.high(), row.low(), row.close(), row.qty(), row.turnover()))
                        .toList(),
                KisBars::refusal);
    }

    /** KIS has about a year; paper has today's. */
    @Override
    public LocalDate minutesAvailableSince(LocalDate today) {
        return kis.environment() == Environment.PAPER_FACE ? today : today.minusYears(1);
    }

    /** KIS has ranges of Korean instruments only. */
    private static Symbol korean(MarketSymbol symbol) {
        return switch (symbol) {
            case Symbol korean -> korean;
            default -> throw KisTr.unsupported(symbol);
        };
    }

    /** Options of a call, or the refusal when it is too late for one. */
    static Result<CallOptions> options(KisClient kis, RequestContext context) {
        var timeLeft = Duration.between(kis.clock().instant(), context.deadline());
        return timeLeft.isPositive()
                ? Result.success(CallOptions.standard()
                        .withLane(Lane.HISTORY)
                        .withTenant(context.tenant())
                        .withTimeout(timeLeft))
                : Result.refused(
                        Refusal.of(ErrorCode.QUEUE_TIMEOUT, "Too many calls to KIS are queued; nothing was sent."));
    }

    /** KIS's date of a week or month may be any day in it, so bars are dated by the first. */
    private static Page page(BarPeriod period, List<DayBar> rows) {
        var bars = new ArrayList<Bar>(rows.size());
        var daysWithoutTrade = new HashSet<LocalDate>();
        for (DayBar row : rows) {
            // Without a trade KIS repeats the previous price, or writes zeros.
            if (row.volume() > 0 && row.open() > 0) {
                bars.add(Bar.ofDay(
                        period.first(row.date()),
                        TradingCalendar.SEOUL,
                        row.open(),
                        row.high(),
                        row.low(),
                        row.close(),
                        row.volume(),
                        OptionalLong.of(row.turnover())));
            } else {
                daysWithoutTrade.add(row.date());
            }
        }
        bars.sort(Comparator.comparing(Bar::date));
        return new Page(bars, rows.stream().map(DayBar::date).min(Comparator.naturalOrder()), daysWithoutTrade);
    }

    private static Refusal refusal(KisFailure failure) {
        return refusal(failure, "KIS's paper trading has minutes of today only.");
    }

    /** @param unsupported message where paper lacks the call */
    static Refusal refusal(KisFailure failure, String unsupported) {
        return switch (failure.kind()) {
            case RATE_LIMITED, TIMEOUT, QUEUE_TIMEOUT, UNKNOWN_SYMBOL -> KisRefusals.marketData(failure);
            case UNSUPPORTED -> KisRefusals.refusal(ErrorCode.UNSUPPORTED_BY_SOURCE, unsupported, failure);
            case CONNECTION,
                    REFUSED,
                    TOKEN,
                    UNREADABLE,
                    INVALID_REQUEST,
                    BREAKER_OPEN,
                    REGISTRATIONS_FULL,
                    CREDENTIALS_MISSING,
                    INVALID_SETTINGS,
                    CLOSED ->
                KisRefusals.refusal(ErrorCode.BARS_UNAVAILABLE, "No source has these bars now; retry.", failure);
        };
    }
}
