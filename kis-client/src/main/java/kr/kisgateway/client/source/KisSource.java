package kr.kisgateway.client.source;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.parse.BookAnswer;
import kr.kisgateway.wire.parse.DayBar;
import kr.kisgateway.wire.parse.InstrumentAnswer;
import kr.kisgateway.wire.parse.MinuteBar;
import kr.kisgateway.wire.parse.PriceAnswer;

/**
 * Market data from KIS, or from a simulator with KIS's protocol, of the exchange KRX. Charts are adjusted for splits and
 * rights issues; weeks and months are made of days, because KIS does not document which day of them it names, and bars of 5
 * and 30 minutes of minutes, 120 a call. Minutes reach back about a year; paper has today's only, and no stock information.
 */
public final class KisSource implements MarketDataSource {
    /** KIS's unit of a market's value: 억원. */
    private static final long HUNDRED_MILLION = 100_000_000;

    private static final CallOptions BULK = CallOptions.standard().withLane(Lane.HISTORY);

    private final SourceType type;
    private final KisClient kis;
    private final StockNames names;

    private KisSource(SourceType type, KisClient kis, StockNames names) {
        this.type = type;
        this.kis = kis;
        this.names = names;
    }

    /** A source over {@code kis} with the names of the shipped list; it closes {@code kis} with itself. */
    public static KisSource over(SourceType type, KisClient kis) {
        return over(type, kis, StockNames.shipped());
    }

    /** The same with other names, which it closes with itself. */
    public static KisSource over(SourceType type, KisClient kis, StockNames names) {
        if (type == SourceType.KRX) {
            throw new IllegalArgumentException("KIS is not the exchange");
        }
        return new KisSource(type, kis, names);
    }

    @Override
    public SourceType type() {
        return type;
    }

    @Override
    public SourceReply<SourcePrice> price(Symbol symbol) {
        return toSourceReply(kis.domestic().price(symbol))
                .then(answer -> answer.isFound() ? price(symbol, answer) : unknown(symbol));
    }

    @Override
    public SourceReply<SourceBook> book(Symbol symbol) {
        return toSourceReply(kis.domestic().book(symbol)).then(answer -> {
            SourceBook book = book(symbol, answer);
            // KIS answers an unknown symbol like an empty market: only the price distinguishes them.
            return book.bids().isEmpty() && book.asks().isEmpty()
                    ? price(symbol).then(_ -> new SourceReply.Ok<>(book))
                    : new SourceReply.Ok<>(book);
        });
    }

    @Override
    public SourceReply<SourceChart> chart(ChartRequest request) {
        if (request.from().isAfter(request.to())) {
            return new SourceReply.Failed<>(new SourceFailure(
                    SourceFailure.Code.INVALID_INPUT,
                    "from " + request.from() + " to " + request.to() + " goes backwards",
                    "name the earlier day first",
                    false));
        }
        SourceReply<SourceChart> chart = request.period().isIntraday() ? minutes(request) : days(request);
        // KIS answers an unknown symbol with bars of zeros, or with none: only the price distinguishes it from one
        // without trades.
        return chart.then(found -> found.bars().stream().allMatch(bar -> bar.close() == 0)
                ? price(request.symbol()).then(_ -> new SourceReply.Ok<>(found))
                : new SourceReply.Ok<>(found));
    }

    @Override
    public SourceReply<StockInfo> info(Symbol symbol) {
        return toSourceReply(kis.domestic().instrument(symbol)).then(answer -> {
            if (answer.name().isEmpty()) {
                return unknown(symbol);
            }
            Optional<Board> market = answer.market();
            return market.isPresent()
                    ? new SourceReply.Ok<>(info(answer, market.get()))
                    : new SourceReply.Failed<>(new SourceFailure(
                            SourceFailure.Code.UNREADABLE,
                            "KIS names a market that this library does not support: " + answer.marketCode(),
                            "update the library",
                            false));
        });
    }

    @Override
    public void close() {
        kis.close();
        names.close();
    }

    private SourceReply<SourceChart> days(ChartRequest request) {
        LocalDate from = Bars.first(request.period(), request.from());
        LocalDate to = Bars.last(request.period(), request.to());
        return toSourceReply(kis.domestic().chart(request.symbol(), BarPeriod.DAY, from, to, true, BULK))
                .then(days -> {
                    var bars = new ArrayList<Bar>();
                    var without = new ArrayList<LocalDate>();
                    for (DayBar day : days) {
                        if (day.volume() == 0) {
                            without.add(day.date());
                        } else {
                            bars.add(bar(day));
                        }
                    }
                    return new SourceReply.Ok<>(new SourceChart(
                            request.symbol(),
                            request.period(),
                            Bars.aggregateDays(request.period(), bars).stream()
                                    // A week or month that the range touches on its last days off has no day in it.
                                    .filter(bar -> !bar.date().isBefore(request.from()))
                                    .toList(),
                            without,
                            true));
                });
    }

    private SourceReply<SourceChart> minutes(ChartRequest request) {
        LocalDate today = LocalDate.ofInstant(kis.clock().instant(), TradingCalendar.SEOUL);
        KisReply<List<MinuteBar>> reply = request.from().equals(today)
                ? kis.domestic().minutesToday(request.symbol(), LocalTime.MIN, LocalTime.MAX, BULK)
                : kis.domestic()
                        .minutes(
                                request.symbol(),
                                request.from().atStartOfDay(),
                                request.to().atTime(LocalTime.MAX),
                                BULK);
        return toSourceReply(reply).then(minutes -> {
            List<Bar> bars = bars(minutes).stream()
                    // Before the first trade of today KIS answers the day before.
                    .filter(bar ->
                            !bar.date().isBefore(request.from()) && !bar.date().isAfter(request.to()))
                    .toList();
            return new SourceReply.Ok<>(new SourceChart(
                    request.symbol(),
                    request.period(),
                    Bars.aggregateMinutes(request.period(), bars),
                    List.of(),
                    true));
        });
    }

    private SourceReply<SourcePrice> price(Symbol symbol, PriceAnswer answer) {
        return new SourceReply.Ok<>(new SourcePrice(
                symbol,
                names.of(symbol),
                answer.price(),
                OptionalLong.of(answer.change()),
                Optional.of(answer.changePct()),
                ifAny(answer.open()),
                ifAny(answer.high()),
                ifAny(answer.low()),
                OptionalLong.of(answer.volume()),
                OptionalLong.of(answer.turnover()),
                ifAny(Math.multiplyExact(answer.marketCap(), HUNDRED_MILLION)),
                now()));
    }

    private SourceBook book(Symbol symbol, BookAnswer answer) {
        OrderBook book = answer.book();
        List<SourceBook.Level> bids = IntStream.range(0, OrderBook.LEVELS)
                .filter(level -> book.bidPrice(level) > 0)
                .mapToObj(level -> new SourceBook.Level(book.bidPrice(level), book.bidQty(level), OptionalLong.empty()))
                .toList();
        List<SourceBook.Level> asks = IntStream.range(0, OrderBook.LEVELS)
                .filter(level -> book.askPrice(level) > 0)
                .mapToObj(level -> new SourceBook.Level(book.askPrice(level), book.askQty(level), OptionalLong.empty()))
                .toList();
        return new SourceBook(symbol, bids, asks, book.totalBidQty(), book.totalAskQty(), now());
    }

    private StockInfo info(InstrumentAnswer answer, Board market) {
        return new StockInfo(
                answer.symbol(),
                answer.name(),
                ifAny(answer.nameEn()),
                ifAny(answer.isin()),
                market,
                Optional.empty(),
                ifAny(answer.industry()),
                answer.listedShares(),
                answer.faceValue().filter(value -> value.signum() > 0),
                answer.listedOn(),
                now());
    }

    private static Bar bar(DayBar day) {
        return new Bar(
                day.date(),
                Optional.empty(),
                day.open(),
                day.high(),
                day.low(),
                day.close(),
                day.volume(),
                OptionalLong.of(day.turnover()));
    }

    /** KIS counts a minute's turnover from the beginning of the day. */
    private static List<Bar> bars(List<MinuteBar> minutes) {
        var bars = new ArrayList<Bar>();
        LocalDate day = LocalDate.MIN;
        long before = 0;
        for (MinuteBar minute : minutes) {
            before = minute.at().toLocalDate().equals(day) ? before : 0;
            day = minute.at().toLocalDate();
            long turnover = minute.turnover() - before;
            before = minute.turnover();
            bars.add(new Bar(
                    day,
                    Optional.of(minute.at().toLocalTime()),
                    minute.open(),
                    minute.high(),
                    minute.low(),
                    minute.close(),
                    minute.qty(),
                    turnover < 0 ? OptionalLong.empty() : OptionalLong.of(turnover)));
        }
        return bars;
    }

    private AsOf now() {
        return new AsOf.Now(kis.clock().instant());
    }

    private static OptionalLong ifAny(long value) {
        return value == 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static Optional<String> ifAny(String text) {
        return Optional.of(text).filter(it -> !it.isEmpty());
    }

    private static <T> SourceReply<T> unknown(Symbol symbol) {
        return new SourceReply.Failed<>(new SourceFailure(
                SourceFailure.Code.UNKNOWN_SYMBOL,
                "KIS lists no stock " + symbol,
                "find it in the master files",
                false));
    }

    private static <T> SourceReply<T> toSourceReply(KisReply<T> reply) {
        return switch (reply) {
            case KisReply.Ok<T>(T value) -> new SourceReply.Ok<>(value);
            case KisReply.Failed<T>(KisFailure failure) -> new SourceReply.Failed<>(translated(failure));
        };
    }

    private static SourceFailure translated(KisFailure failure) {
        SourceFailure.Code code = switch (failure.kind()) {
            case CREDENTIALS_MISSING -> SourceFailure.Code.CREDENTIALS_MISSING;
            case INVALID_SETTINGS, INVALID_REQUEST -> SourceFailure.Code.INVALID_INPUT;
            case UNSUPPORTED -> SourceFailure.Code.UNSUPPORTED_BY_SOURCE;
            case TOKEN -> SourceFailure.Code.UNAUTHORIZED;
            case RATE_LIMITED -> SourceFailure.Code.RATE_LIMITED;
            case TIMEOUT, QUEUE_TIMEOUT -> SourceFailure.Code.TIMEOUT;
            case BREAKER_OPEN -> SourceFailure.Code.BREAKER_OPEN;
            case CONNECTION, CLOSED -> SourceFailure.Code.CONNECTION;
            case REFUSED, REGISTRATIONS_FULL -> SourceFailure.Code.REFUSED;
            case UNKNOWN_SYMBOL -> SourceFailure.Code.UNKNOWN_SYMBOL;
            case UNREADABLE -> SourceFailure.Code.UNREADABLE;
        };
        String ofKis = failure.msgCd().isEmpty() ? "" : " (" + failure.msgCd() + ")";
        return new SourceFailure(code, failure.msg1() + ofKis, failure.remedy(), failure.retryable());
    }
}
