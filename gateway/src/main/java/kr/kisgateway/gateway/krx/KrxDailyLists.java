package kr.kisgateway.gateway.krx;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.krx.DailyFigures;
import kr.kisgateway.client.krx.EtfDaily;
import kr.kisgateway.client.krx.KrxClient;
import kr.kisgateway.client.krx.KrxConfig;
import kr.kisgateway.client.krx.KrxFailure;
import kr.kisgateway.client.krx.KrxReply;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.DailyList;
import kr.kisgateway.gateway.history.DailyListSource;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.TradingCalendar;

/**
 * The daily lists of the exchange's Open API. Its calls of a day are counted in a file, so that a restart does not reset the
 * count.
 */
public final class KrxDailyLists implements DailyListSource, AutoCloseable {
    private final Optional<KrxClient> krx;
    private final DailyCallCounter calls;

    private KrxDailyLists(Optional<KrxClient> krx, DailyCallCounter calls) {
        this.krx = krx;
        this.calls = calls;
    }

    /**
     * Sends nothing yet.
     *
     * @param key empty: nothing is requested
     * @param base the folder above the groups of services, ending with /; empty for the exchange's own
     * @param callsPerDay empty: as many as the exchange allows
     * @param counterFile file with the count of today's calls
     */
    public static KrxDailyLists open(
            Optional<Secret> key, Optional<URI> base, OptionalInt callsPerDay, Path counterFile, InstantSource clock) {
        var client = key.map(KrxConfig::standard)
                .map(standard -> new KrxConfig(
                        base.orElse(standard.base()),
                        standard.authKey(),
                        standard.timeout(),
                        standard.answerBytesMax(),
                        callsPerDay,
                        standard.tls()))
                .map(config -> KrxClient.open(config, clock));
        return new KrxDailyLists(client, new DailyCallCounter(counterFile, clock));
    }

    @Override
    public boolean hasKey() {
        return krx.isPresent();
    }

    @Override
    public Result<List<Row>> requestDay(DailyList list, LocalDate day) {
        if (krx.isEmpty()) {
            return failed(ErrorCode.CREDENTIALS_MISSING, "KRX_AUTH_KEY is not set.");
        }
        if (!calls.tryTake(krx.get().quota().allowed())) {
            return failed(
                    ErrorCode.QUOTA_EXCEEDED,
                    "The day's calls to the exchange are used up; the job continues after midnight in Seoul.");
        }
        return switch (list) {
            case KOSPI -> stocks(krx.get().daily(Board.KOSPI, day));
            case KOSDAQ -> stocks(krx.get().daily(Board.KOSDAQ, day));
            case KONEX -> stocks(krx.get().daily(Board.KONEX, day));
            case ETF -> funds(krx.get().etfs(day));
        };
    }

    /** Registers the meters of calls today, and of the daily limit. */
    public void bindTo(Meters meters) {
        meters.gauge("krx.calls.today", "calls", "Calls to the exchange's Open API today in Seoul", calls::used);
        meters.gauge(
                "krx.calls.allowed",
                "calls",
                "Calls allowed per day, 0 without a key",
                () -> krx.map(client -> client.quota().allowed()).orElse(0));
    }

    @Override
    public void close() {
        krx.ifPresent(KrxClient::close);
    }

    private static Result<List<Row>> stocks(KrxReply<List<DailyFigures>> reply) {
        return switch (reply) {
            case KrxReply.Ok<List<DailyFigures>>(List<DailyFigures> rows) ->
                Result.success(rows.stream().map(KrxDailyLists::row).toList());
            case KrxReply.Failed<List<DailyFigures>>(KrxFailure failure) -> failed(failure);
        };
    }

    private static Result<List<Row>> funds(KrxReply<List<EtfDaily>> reply) {
        return switch (reply) {
            case KrxReply.Ok<List<EtfDaily>>(List<EtfDaily> rows) ->
                Result.success(rows.stream().map(fund -> row(fund.figures())).toList());
            case KrxReply.Failed<List<EtfDaily>>(KrxFailure failure) -> failed(failure);
        };
    }

    private static Row row(DailyFigures day) {
        return new Row(
                day.symbol(),
                day.traded()
                        ? Optional.of(Bar.ofDay(
                                day.date(),
                                TradingCalendar.SEOUL,
                                day.open().getAsLong(),
                                day.high().getAsLong(),
                                day.low().getAsLong(),
                                day.close().getAsLong(),
                                day.volume().getAsLong(),
                                day.turnover()))
                        : Optional.empty());
    }

    private static Result<List<Row>> failed(KrxFailure failure) {
        String message = failure.cause() + "; " + failure.remedy() + ".";
        return switch (failure.code()) {
            case UNAUTHORIZED -> failed(ErrorCode.CREDENTIALS_REFUSED, message);
            case QUOTA_EXCEEDED -> failed(ErrorCode.QUOTA_EXCEEDED, message);
            case TIMEOUT -> failed(ErrorCode.UPSTREAM_TIMEOUT, message);
            case RATE_LIMITED, CONNECTION -> failed(ErrorCode.BARS_UNAVAILABLE, message);
            case HTTP_STATUS ->
                failed(failure.retryable() ? ErrorCode.BARS_UNAVAILABLE : ErrorCode.UNSUPPORTED_BY_SOURCE, message);
            case INVALID_INPUT, TLS, TOO_LARGE, UNREADABLE -> failed(ErrorCode.UNSUPPORTED_BY_SOURCE, message);
        };
    }

    private static Result<List<Row>> failed(ErrorCode code, String message) {
        return Result.refused(Refusal.of(code, message));
    }
}
