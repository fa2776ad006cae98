package kr.kisgateway.client;

import java.time.DayOfWeek;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.parse.BookAnswer;
import kr.kisgateway.wire.parse.DayBar;
import kr.kisgateway.wire.parse.InstrumentAnswer;
import kr.kisgateway.wire.parse.MinuteBar;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.QuickPrice;
import kr.kisgateway.wire.parse.Read;
import kr.kisgateway.wire.parse.RestReply;
import kr.kisgateway.wire.parse.TradeRow;

/**
 * Typed calls about Korean stocks, indices and ETFs. Nothing is thrown for what KIS does: a question answers
 * {@link KisReply.Failed}, an order {@link Placement}. What paper (모의투자) lacks is asked for in another way where there is
 * one, and otherwise refused with {@link KisFailure.Kind#UNSUPPORTED} and what to do instead.
 *
 * <p>Without options a call is made as {@link CallOptions#standard} says. Of a method that needs several calls, each has
 * the whole patience. Lists are as KIS orders them unless a method says otherwise; charts are oldest first.
 */
public final class DomesticCalls {
    /** As many stocks as one question for prices takes. */
    public static final int PRICES_MAX = 30;

    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");
    private static final String BOARD = "FID_COND_MRKT_DIV_CODE";
    private static final String CODE = "FID_INPUT_ISCD";

    /** After the last session of any venue. */
    private static final LocalTime NIGHT = LocalTime.of(20, 0);

    private final KisClient kis;
    private final Environment environment;
    private final InstantSource clock;
    private final QuoteBoard board;

    DomesticCalls(KisClient kis, Environment environment, InstantSource clock) {
        this(kis, environment, clock, QuoteBoard.KRX);
    }

    private DomesticCalls(KisClient kis, Environment environment, InstantSource clock, QuoteBoard board) {
        this.kis = kis;
        this.environment = environment;
        this.clock = clock;
        this.board = board;
    }

    /** The same calls, with the prices of another venue. Orders name their venue themselves. */
    public DomesticCalls on(QuoteBoard other) {
        return new DomesticCalls(kis, environment, clock, other);
    }

    // Prices

    public KisReply<PriceAnswer> price(Symbol symbol) {
        return price(symbol, CallOptions.standard());
    }

    /** The present price (주식현재가 시세, FHKST01010100). */
    public KisReply<PriceAnswer> price(Symbol symbol, CallOptions options) {
        return quote("FHKST01010100", symbol, Map.of(), PriceAnswer::parse, options);
    }

    public KisReply<List<QuickPrice>> prices(List<Symbol> symbols) {
        return prices(symbols, CallOptions.standard());
    }

    /**
     * The present prices of 1 to {@link #PRICES_MAX} different stocks with one call (관심종목 멀티종목 시세조회,
     * FHKST11300006), in the order given. Live only.
     */
    public KisReply<List<QuickPrice>> prices(List<Symbol> symbols, CallOptions options) {
        if (symbols.isEmpty() || symbols.size() > PRICES_MAX || new HashSet<>(symbols).size() < symbols.size()) {
            return Refuse.question(
                    symbols.size() + " stocks, some perhaps twice, are not 1 to " + PRICES_MAX + " different ones",
                    "ask for each once, and for more in several calls");
        }
        var parameters = new HashMap<String, String>();
        for (int i = 1; i <= symbols.size(); i++) {
            parameters.put(BOARD + "_" + i, board.code());
            parameters.put(CODE + "_" + i, symbols.get(i - 1).code());
        }
        return onBoard(() -> kis.ask("FHKST11300006", parameters, QuickPrice::parseAll, options));
    }

    public KisReply<BookAnswer> book(Symbol symbol) {
        return book(symbol, CallOptions.standard());
    }

    /** The order book and the expected match (주식현재가 호가/예상체결, FHKST01010200). */
    public KisReply<BookAnswer> book(Symbol symbol, CallOptions options) {
        return quote("FHKST01010200", symbol, Map.of(), reply -> BookAnswer.parse(reply, symbol), options);
    }

    public KisReply<BookAnswer.ExpectedMatch> expectedMatch(Symbol symbol) {
        return expectedMatch(symbol, CallOptions.standard());
    }

    /** What an auction would give now (예상체결, FHKST01010200); the same call as {@link #book}. */
    public KisReply<BookAnswer.ExpectedMatch> expectedMatch(Symbol symbol, CallOptions options) {
        return switch (book(symbol, options)) {
            case KisReply.Ok<BookAnswer>(BookAnswer book) -> new KisReply.Ok<>(book.expected());
            case KisReply.Failed<BookAnswer>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    public KisReply<List<TradeRow>> latestTrades(Symbol symbol) {
        return latestTrades(symbol, CallOptions.standard());
    }

    /** The last trades, up to 30, newest first (주식현재가 체결, FHKST01010300). */
    public KisReply<List<TradeRow>> latestTrades(Symbol symbol, CallOptions options) {
        return quote("FHKST01010300", symbol, Map.of(), TradeRow::parseLatest, options);
    }

    public KisReply<List<TradeRow>> tradesUntil(Symbol symbol, LocalTime time) {
        return tradesUntil(symbol, time, CallOptions.standard());
    }

    /**
     * Today's last trades up to {@code time}, up to 30, newest first (당일시간대별체결, FHPST01060000). KIS is asked by whole
     * seconds, so who walks back by this loses trades where a second had more than one call's worth.
     */
    public KisReply<List<TradeRow>> tradesUntil(Symbol symbol, LocalTime time, CallOptions options) {
        return quote(
                "FHPST01060000", symbol, Map.of("FID_INPUT_HOUR_1", TIME.format(time)), TradeRow::parseUntil, options);
    }

    public KisReply<InstrumentAnswer> instrument(Symbol symbol) {
        return instrument(symbol, CallOptions.standard());
    }

    /** What {@code symbol} is (주식기본조회, CTPF1002R). Live only. */
    public KisReply<InstrumentAnswer> instrument(Symbol symbol, CallOptions options) {
        return kis.ask(
                "CTPF1002R", Map.of("PRDT_TYPE_CD", "300", "PDNO", symbol.code()), InstrumentAnswer::parse, options);
    }

    // Charts

    public KisReply<List<DayBar>> chart(Symbol symbol, BarPeriod period, LocalDate from, LocalDate to) {
        return chart(symbol, period, from, to, true, CallOptions.standard());
    }

    /**
     * A chart of any length, oldest first (국내주식기간별시세, FHKST03010100), in as many calls as it takes, up to 100 bars each.
     *
     * @param from the first day, included
     * @param to the last day, included
     * @param adjusted whether prices before a split or rights issue are those that would have been (수정주가)
     */
    public KisReply<List<DayBar>> chart(
            Symbol symbol, BarPeriod period, LocalDate from, LocalDate to, boolean adjusted, CallOptions options) {
        if (from.isAfter(to)) {
            return Refuse.backwards(from, to);
        }
        WalkBack<LocalDate, DayBar> walk =
                WalkBack.untilNothingComes(DayBar::date, oldest -> Optional.of(period.before(oldest)));
        return walk.bars(
                from,
                to,
                end -> quote(
                        "FHKST03010100",
                        symbol,
                        Map.of(
                                "FID_INPUT_DATE_1", DAY.format(from),
                                "FID_INPUT_DATE_2", DAY.format(end),
                                "FID_PERIOD_DIV_CODE", period.code(),
                                "FID_ORG_ADJ_PRC", adjusted ? "0" : "1"),
                        DayBar::parseAll,
                        options));
    }

    public KisReply<List<MinuteBar>> minutesToday(Symbol symbol, LocalTime from, LocalTime to) {
        return minutesToday(symbol, from, to, CallOptions.standard());
    }

    /**
     * Bars of a minute of the last trading day, oldest first (주식당일분봉조회, FHKST03010200), 30 a call.
     *
     * @param from the first minute, included
     * @param to the last minute, included; a time that has not come counts as now, because KIS would repeat the present
     *     price for it
     */
    public KisReply<List<MinuteBar>> minutesToday(Symbol symbol, LocalTime from, LocalTime to, CallOptions options) {
        if (from.isAfter(to)) {
            return Refuse.backwards(from, to);
        }
        LocalTime now = seoul().toLocalTime().truncatedTo(ChronoUnit.SECONDS);
        WalkBack<LocalTime, MinuteBar> walk = WalkBack.untilNothingComes(
                bar -> bar.at().toLocalTime(),
                oldest -> oldest.isBefore(LocalTime.of(0, 1)) ? Optional.empty() : Optional.of(oldest.minusMinutes(1)));
        return walk.bars(
                from,
                to.isBefore(now) ? to : now,
                end -> quote(
                        "FHKST03010200",
                        symbol,
                        Map.of(
                                "FID_INPUT_HOUR_1", TIME.format(end),
                                "FID_PW_DATA_INCU_YN", "N",
                                "FID_ETC_CLS_CODE", ""),
                        MinuteBar::parseAll,
                        options));
    }

    public KisReply<List<MinuteBar>> minutes(Symbol symbol, LocalDateTime from, LocalDateTime to) {
        return minutes(symbol, from, to, CallOptions.standard());
    }

    /**
     * Bars of a minute of days past, over as many days as wanted, oldest first (주식일별분봉조회, FHKST03010230), 120 a call. KIS
     * keeps about a year. Live only.
     *
     * @param from the first minute, included
     * @param to the last minute, included; a time that has not come counts as now
     */
    public KisReply<List<MinuteBar>> minutes(Symbol symbol, LocalDateTime from, LocalDateTime to, CallOptions options) {
        if (from.isAfter(to)) {
            return Refuse.backwards(from, to);
        }
        LocalDateTime now = seoul().truncatedTo(ChronoUnit.SECONDS);
        // A day without bars is a holiday or a halt, or KIS does not go on to the day before by itself: ask for that.
        WalkBack<LocalDateTime, MinuteBar> walk = new WalkBack<>(
                MinuteBar::at,
                oldest -> Optional.of(oldest.minusMinutes(1)),
                at -> Optional.of(weekdayBefore(at.toLocalDate()).atTime(NIGHT)));
        return walk.bars(
                from,
                to.isBefore(now) ? to : now,
                end -> quote(
                        "FHKST03010230",
                        symbol,
                        Map.of(
                                "FID_INPUT_DATE_1",
                                DAY.format(end),
                                "FID_INPUT_HOUR_1",
                                TIME.format(end),
                                "FID_PW_DATA_INCU_YN",
                                "Y",
                                "FID_FAKE_TICK_INCU_YN",
                                ""),
                        MinuteBar::parseAll,
                        options));
    }

    private static LocalDate weekdayBefore(LocalDate day) {
        LocalDate before = day.minusDays(1);
        while (before.getDayOfWeek() == DayOfWeek.SATURDAY || before.getDayOfWeek() == DayOfWeek.SUNDAY) {
            before = before.minusDays(1);
        }
        return before;
    }

    // Asking

    private <T> KisReply<T> quote(
            String trId,
            Symbol symbol,
            Map<String, String> more,
            Function<RestReply, Read<T>> parse,
            CallOptions options) {
        var parameters = new HashMap<>(more);
        parameters.put(BOARD, board.code());
        parameters.put(CODE, symbol.code());
        return onBoard(() -> kis.ask(trId, parameters, parse, options));
    }

    private <T> KisReply<T> onBoard(Supplier<KisReply<T>> question) {
        return environment == Environment.PAPER_FACE && board != QuoteBoard.KRX
                ? Refuse.unsupported("paper has no prices of " + board, "ask for those of KRX")
                : question.get();
    }

    private LocalDateTime seoul() {
        return LocalDateTime.ofInstant(clock.instant(), TradingCalendar.SEOUL);
    }
}
