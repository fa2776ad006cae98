package kr.kisgateway.client.source;

import java.time.DayOfWeek;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.client.krx.BaseInfo;
import kr.kisgateway.client.krx.DailyFigures;
import kr.kisgateway.client.krx.EtfDaily;
import kr.kisgateway.client.krx.KrxClient;
import kr.kisgateway.client.krx.KrxFailure;
import kr.kisgateway.client.krx.KrxReply;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * Market data from the exchange's published days. The price is the last published day's close, marked as such; charts are
 * made from one file a day, so a chart of a year costs some 250 calls, and the next one of the same section none while
 * those files are cached; weeks and months are made of days. Books and minutes are not available.
 *
 * <p>Prices are not adjusted for splits and rights issues. A stock that moved from one section to another is traced
 * back into the older one.
 */
public final class KrxSource implements MarketDataSource {
    /** About a quarter of a year of one section. */
    private static final int FILES_CACHED = 64;
    /** The first day of the daily files, as reported. */
    private static final LocalDate FIRST_DAY = LocalDate.of(2010, 1, 1);
    /** Trading days to search back for a published one. */
    private static final int TRADING_DAYS_BACK_MAX = 7;
    /** No holidays are longer. */
    private static final int CALENDAR_DAYS_BACK_MAX = 30;

    private record Day<T>(LocalDate date, Map<Symbol, T> rows) {}

    private record Found<T>(KrxBoard board, LocalDate day, T row) {}

    private final KrxClient krx;
    private final KrxCalendar calendar;
    private final InstantSource clock;
    private final DailyFileCache<DailyFigures> figures;
    private final DailyFileCache<BaseInfo> infos;

    private KrxSource(KrxClient krx, KrxCalendar calendar, InstantSource clock, int filesCached) {
        this.krx = krx;
        this.calendar = calendar;
        this.clock = clock;
        this.figures = new DailyFileCache<>(this::loadFigures, clock, filesCached);
        this.infos = new DailyFileCache<>(this::loadInfos, clock, KrxBoard.values().length);
    }

    /**
     * A source over {@code krx}, which it closes with itself.
     *
     * @param calendar the days worth a call; before its first day every weekday is
     */
    public static KrxSource open(KrxClient krx, KrxCalendar calendar, InstantSource clock) {
        return open(krx, calendar, clock, FILES_CACHED);
    }

    /**
     * The same with another number of cached files: for charts of many symbols, as many as there are days in a chart. A file
     * of all KOSDAQ stocks takes about 1 MB of memory, one of KOSPI half of that.
     */
    public static KrxSource open(KrxClient krx, KrxCalendar calendar, InstantSource clock, int filesCached) {
        if (filesCached < KrxBoard.values().length) {
            throw new IllegalArgumentException("at least one file of each kind must be cached");
        }
        return new KrxSource(krx, calendar, clock, filesCached);
    }

    @Override
    public SourceType type() {
        return SourceType.KRX;
    }

    /** The last published day's figures, with its date in {@link SourcePrice#asOf}. */
    @Override
    public SourceReply<SourcePrice> price(Symbol symbol) {
        return find(symbol, figures, List.of(KrxBoard.values())).then(found -> price(found.row()));
    }

    /** Always {@link SourceFailure.Code#UNSUPPORTED_BY_SOURCE}. */
    @Override
    public SourceReply<SourceBook> book(Symbol symbol) {
        return unsupported("order books");
    }

    @Override
    public SourceReply<SourceChart> chart(ChartRequest request) {
        if (request.period().isIntraday()) {
            return unsupported("bars of minutes");
        }
        if (request.from().isAfter(request.to())) {
            return failed(
                    SourceFailure.Code.INVALID_INPUT,
                    "the chart would begin on " + request.from() + " and end before it, on " + request.to(),
                    "exchange the two days",
                    false);
        }
        return find(request.symbol(), figures, List.of(KrxBoard.values())).then(found -> chart(request, found.board()));
    }

    /** From the base information of the last published day; an ETF has name, section and shares only. */
    @Override
    public SourceReply<StockInfo> info(Symbol symbol) {
        SourceReply<Found<BaseInfo>> stock = find(symbol, infos, KrxBoard.STOCKS);
        if (stock instanceof SourceReply.Failed<Found<BaseInfo>>(SourceFailure failure)
                && failure.code() == SourceFailure.Code.UNKNOWN_SYMBOL) {
            return find(symbol, figures, List.of(KrxBoard.ETF)).then(found -> new SourceReply.Ok<>(info(found.row())));
        }
        return stock.then(found -> new SourceReply.Ok<>(info(found.row())));
    }

    @Override
    public void close() {
        krx.close();
    }

    private SourceReply<SourcePrice> price(DailyFigures row) {
        if (row.close().isEmpty()) {
            return failed(
                    SourceFailure.Code.NOT_PUBLISHED,
                    "the exchange published no closing price of " + row.symbol() + " for " + row.date(),
                    "use another source",
                    false);
        }
        return new SourceReply.Ok<>(new SourcePrice(
                row.symbol(),
                Optional.of(row.name()),
                row.close().getAsLong(),
                row.change(),
                row.changePercent(),
                row.open(),
                row.high(),
                row.low(),
                row.volume(),
                row.turnover(),
                row.marketCap(),
                new AsOf.PublishedDay(row.date())));
    }

    private SourceReply<SourceChart> chart(ChartRequest request, KrxBoard board) {
        List<LocalDate> days = daysBackwards(request);
        long calls = days.stream().filter(day -> !figures.isCached(board, day)).count();
        if (calls > krx.quota().left()) {
            return failed(
                    SourceFailure.Code.QUOTA_EXCEEDED,
                    "this chart takes " + calls + " calls, and " + krx.quota().left() + " are left of today's",
                    "request fewer days, or retry tomorrow",
                    true);
        }
        return rows(request.symbol(), board, days).then(rows -> new SourceReply.Ok<>(chart(request, rows)));
    }

    private static SourceChart chart(ChartRequest request, List<DailyFigures> rows) {
        List<Bar> bars =
                rows.stream().filter(DailyFigures::traded).map(KrxSource::bar).toList();
        List<LocalDate> daysWithoutTrade = rows.stream()
                .filter(row -> !row.traded())
                .map(DailyFigures::date)
                .toList();
        return new SourceChart(
                request.symbol(),
                request.period(),
                Bars.aggregateDays(request.period(), bars).stream()
                        .filter(bar -> !bar.date().isBefore(request.from()))
                        .toList(),
                daysWithoutTrade,
                false);
    }

    private static Bar bar(DailyFigures row) {
        return new Bar(
                row.date(),
                Optional.empty(),
                row.open().getAsLong(),
                row.high().getAsLong(),
                row.low().getAsLong(),
                row.close().getAsLong(),
                row.volume().getAsLong(),
                row.turnover());
    }

    /**
     * The symbol's figures of all published days among {@code days}, oldest first. Goes back in time from its current
     * section: where it is missing it may have been listed in another, and where it is in none it was not listed
     * at all, nor before.
     */
    private SourceReply<List<DailyFigures>> rows(Symbol symbol, KrxBoard currentBoard, List<LocalDate> days) {
        List<DailyFigures> rows = new ArrayList<>();
        KrxBoard board = currentBoard;
        for (LocalDate day : days) {
            switch (findRow(symbol, board, day)) {
                case SourceReply.Failed<Optional<Found<DailyFigures>>>(SourceFailure failure) -> {
                    return new SourceReply.Failed<>(failure);
                }
                case SourceReply.Ok<Optional<Found<DailyFigures>>>(Optional<Found<DailyFigures>> found) -> {
                    if (found.isPresent()) {
                        board = found.get().board();
                        rows.add(found.get().row());
                    } else if (isPublished(board, day)) {
                        return new SourceReply.Ok<>(oldestFirst(rows));
                    }
                }
            }
        }
        return new SourceReply.Ok<>(oldestFirst(rows));
    }

    private SourceReply<Optional<Found<DailyFigures>>> findRow(Symbol symbol, KrxBoard board, LocalDate day) {
        List<KrxBoard> order = new ArrayList<>(List.of(board));
        if (board != KrxBoard.ETF) {
            KrxBoard.STOCKS.stream().filter(it -> it != board).forEach(order::add);
        }
        for (KrxBoard each : order) {
            switch (figures.get(each, day)) {
                case KrxReply.Failed<Map<Symbol, DailyFigures>>(KrxFailure failure) -> {
                    return new SourceReply.Failed<>(translated(failure));
                }
                case KrxReply.Ok<Map<Symbol, DailyFigures>>(Map<Symbol, DailyFigures> rows) -> {
                    DailyFigures row = rows.get(symbol);
                    if (row != null) {
                        return new SourceReply.Ok<>(Optional.of(new Found<>(each, day, row)));
                    }
                    if (rows.isEmpty()) {
                        // Closed or not published: the other sections are no better.
                        return new SourceReply.Ok<>(Optional.empty());
                    }
                }
            }
        }
        return new SourceReply.Ok<>(Optional.empty());
    }

    private boolean isPublished(KrxBoard board, LocalDate day) {
        return figures.get(board, day) instanceof KrxReply.Ok<Map<Symbol, DailyFigures>>(Map<Symbol, DailyFigures> rows)
                && !rows.isEmpty();
    }

    private static List<DailyFigures> oldestFirst(List<DailyFigures> rows) {
        Collections.reverse(rows);
        return List.copyOf(rows);
    }

    private List<LocalDate> daysBackwards(ChartRequest request) {
        LocalDate first = later(Bars.first(request.period(), request.from()), FIRST_DAY);
        LocalDate last = earlier(Bars.last(request.period(), request.to()), today());
        List<LocalDate> days = new ArrayList<>();
        for (LocalDate day = last; !day.isBefore(first); day = day.minusDays(1)) {
            if (mayBePublished(day)) {
                days.add(day);
            }
        }
        return days;
    }

    /** Finds {@code symbol} among the last published days of {@code boards}. */
    private <T> SourceReply<Found<T>> find(Symbol symbol, DailyFileCache<T> files, List<KrxBoard> boards) {
        for (KrxBoard board : boards) {
            switch (latest(files, board)) {
                case SourceReply.Failed<Day<T>>(SourceFailure failure) -> {
                    return new SourceReply.Failed<>(failure);
                }
                case SourceReply.Ok<Day<T>>(Day<T> day) -> {
                    T row = day.rows().get(symbol);
                    if (row != null) {
                        return new SourceReply.Ok<>(new Found<>(board, day.date(), row));
                    }
                }
            }
        }
        return failed(
                SourceFailure.Code.UNKNOWN_SYMBOL,
                "the exchange's last published day does not list " + symbol,
                "check the code; ETNs and ELWs are not among these files",
                false);
    }

    private <T> SourceReply<Day<T>> latest(DailyFileCache<T> files, KrxBoard board) {
        LocalDate today = today();
        int requestedDays = 0;
        for (int daysBack = 0; daysBack < CALENDAR_DAYS_BACK_MAX && requestedDays < TRADING_DAYS_BACK_MAX; daysBack++) {
            LocalDate day = today.minusDays(daysBack);
            if (!mayBePublished(day)) {
                continue;
            }
            requestedDays++;
            switch (files.get(board, day)) {
                case KrxReply.Failed<Map<Symbol, T>>(KrxFailure failure) -> {
                    return new SourceReply.Failed<>(translated(failure));
                }
                case KrxReply.Ok<Map<Symbol, T>>(Map<Symbol, T> rows) -> {
                    if (!rows.isEmpty()) {
                        return new SourceReply.Ok<>(new Day<>(day, rows));
                    }
                }
            }
        }
        return failed(
                SourceFailure.Code.NOT_PUBLISHED,
                "the exchange has published nothing of " + board + " for the last " + requestedDays + " trading days",
                "retry later",
                true);
    }

    private KrxReply<Map<Symbol, DailyFigures>> loadFigures(KrxBoard board, LocalDate day) {
        return board.market()
                .map(market -> bySymbol(krx.daily(market, day), DailyFigures::symbol, Function.identity()))
                .orElseGet(() -> bySymbol(krx.etfs(day), etf -> etf.figures().symbol(), EtfDaily::figures));
    }

    private KrxReply<Map<Symbol, BaseInfo>> loadInfos(KrxBoard board, LocalDate day) {
        Board market = board.market().orElseThrow();
        return bySymbol(krx.baseInfo(market, day), BaseInfo::symbol, Function.identity());
    }

    private static <R, T> KrxReply<Map<Symbol, T>> bySymbol(
            KrxReply<List<R>> reply, Function<R, Symbol> symbol, Function<R, T> value) {
        return switch (reply) {
            case KrxReply.Failed<List<R>>(KrxFailure failure) -> new KrxReply.Failed<>(failure);
            case KrxReply.Ok<List<R>>(List<R> rows) -> {
                Map<Symbol, T> all = HashMap.newHashMap(rows.size());
                rows.forEach(row -> all.put(symbol.apply(row), value.apply(row)));
                yield new KrxReply.Ok<>(Collections.unmodifiableMap(all));
            }
        };
    }

    private static StockInfo info(BaseInfo row) {
        return new StockInfo(
                row.symbol(),
                row.shortName(),
                row.nameEn(),
                Optional.of(row.isin()),
                row.market(),
                row.section(),
                Optional.empty(),
                row.listedShares(),
                row.faceValue(),
                row.listedOn(),
                new AsOf.PublishedDay(row.date()));
    }

    private static StockInfo info(DailyFigures etf) {
        return new StockInfo(
                etf.symbol(),
                etf.name(),
                Optional.empty(),
                Optional.empty(),
                etf.market(),
                Optional.empty(),
                Optional.empty(),
                etf.listedShares(),
                Optional.empty(),
                Optional.empty(),
                new AsOf.PublishedDay(etf.date()));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
    }

    private boolean mayBePublished(LocalDate day) {
        return day.isBefore(calendar.firstCoveredDay())
                ? day.getDayOfWeek() != DayOfWeek.SATURDAY && day.getDayOfWeek() != DayOfWeek.SUNDAY
                : calendar.isTradingDay(day);
    }

    private static LocalDate later(LocalDate one, LocalDate other) {
        return one.isAfter(other) ? one : other;
    }

    private static LocalDate earlier(LocalDate one, LocalDate other) {
        return one.isBefore(other) ? one : other;
    }

    private static SourceFailure translated(KrxFailure failure) {
        SourceFailure.Code code = switch (failure.code()) {
            case INVALID_INPUT -> SourceFailure.Code.INVALID_INPUT;
            case UNAUTHORIZED -> SourceFailure.Code.UNAUTHORIZED;
            case QUOTA_EXCEEDED -> SourceFailure.Code.QUOTA_EXCEEDED;
            case RATE_LIMITED -> SourceFailure.Code.RATE_LIMITED;
            case TIMEOUT -> SourceFailure.Code.TIMEOUT;
            case CONNECTION, TLS -> SourceFailure.Code.CONNECTION;
            case HTTP_STATUS -> SourceFailure.Code.HTTP_STATUS;
            case TOO_LARGE, UNREADABLE -> SourceFailure.Code.UNREADABLE;
        };
        return new SourceFailure(code, failure.cause(), failure.remedy(), failure.retryable());
    }

    private static <T> SourceReply<T> unsupported(String what) {
        return failed(
                SourceFailure.Code.UNSUPPORTED_BY_SOURCE,
                "the exchange's Open API has no " + what,
                "use the source kis (KIS_APP_KEY and KIS_APP_SECRET), or mock",
                false);
    }

    private static <T> SourceReply<T> failed(SourceFailure.Code code, String cause, String remedy, boolean retryable) {
        return new SourceReply.Failed<>(new SourceFailure(code, cause, remedy, retryable));
    }
}
