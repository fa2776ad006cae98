package kr.kisgateway.client;

import java.time.DayOfWeek;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.client.check.ChartCode;
import kr.kisgateway.client.check.OrderChecks;
import kr.kisgateway.client.core.Refusals;
import kr.kisgateway.client.rest.BackwardPager;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.CreditCodes;
import kr.kisgateway.wire.parse.BalanceAnswer;
import kr.kisgateway.wire.parse.BookAnswer;
import kr.kisgateway.wire.parse.BuyingPowerAnswer;
import kr.kisgateway.wire.parse.DailyOrderRow;
import kr.kisgateway.wire.parse.DayBar;
import kr.kisgateway.wire.parse.EtfAnswer;
import kr.kisgateway.wire.parse.EtfNavDay;
import kr.kisgateway.wire.parse.IndexAnswer;
import kr.kisgateway.wire.parse.IndexBar;
import kr.kisgateway.wire.parse.InstrumentAnswer;
import kr.kisgateway.wire.parse.InvestorDay;
import kr.kisgateway.wire.parse.MarketDay;
import kr.kisgateway.wire.parse.MinuteBar;
import kr.kisgateway.wire.parse.OpenOrder;
import kr.kisgateway.wire.parse.PaidRightRow;
import kr.kisgateway.wire.parse.ParseResult;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.QuickPrice;
import kr.kisgateway.wire.parse.RankRow;
import kr.kisgateway.wire.parse.RestReply;
import kr.kisgateway.wire.parse.SellableAnswer;
import kr.kisgateway.wire.parse.TradeRow;

/**
 * Typed calls about Korean stocks, indices and ETFs. No answer of KIS throws: a query returns
 * {@link KisReply.Failed}, an order {@link Placement}. What paper (모의투자) does not offer is queried in another way where there is
 * one, and otherwise refused with {@link KisFailure.Kind#UNSUPPORTED} and the alternative.
 *
 * <p>Without options a call uses {@link KisClient#standardOptions}. Of a method with several calls, each has
 * the full timeout. Lists are in KIS's order unless a method documents another; charts are oldest first.
 */
public final class DomesticCalls {
    /** The most stocks of one price query. */
    public static final int PRICES_MAX = 30;

    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");
    private static final String BOARD = "FID_COND_MRKT_DIV_CODE";
    private static final String CODE = "FID_INPUT_ISCD";

    private static final Pattern INDEX = Pattern.compile("[0-9]{4}");

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
        return price(symbol, kis.standardOptions());
    }

    /**
     * The current price (주식현재가 시세, FHKST01010100). A symbol that KIS does not list, which it answers with 0 won, is
     * {@link KisFailure.Kind#UNKNOWN_SYMBOL}.
     */
    public KisReply<PriceAnswer> price(Symbol symbol, CallOptions options) {
        KisReply<PriceAnswer> reply = quote("FHKST01010100", symbol, Map.of(), PriceAnswer::parse, options);
        return reply instanceof KisReply.Ok<PriceAnswer>(PriceAnswer answer) && !answer.isFound()
                ? Refusals.unknownSymbol(symbol)
                : reply;
    }

    public KisReply<List<QuickPrice>> prices(List<Symbol> symbols) {
        return prices(symbols, kis.standardOptions());
    }

    /**
     * The current prices of 1 to {@link #PRICES_MAX} different stocks with one call (관심종목 멀티종목 시세조회,
     * FHKST11300006), in the order given. Live only.
     */
    public KisReply<List<QuickPrice>> prices(List<Symbol> symbols, CallOptions options) {
        if (symbols.isEmpty() || symbols.size() > PRICES_MAX || new HashSet<>(symbols).size() < symbols.size()) {
            return Refusals.invalidRequest(
                    symbols.size() + " stocks, some perhaps repeated, are not 1 to " + PRICES_MAX + " different ones",
                    "name each once, and split more into several calls");
        }
        var parameters = new HashMap<String, String>();
        for (int i = 1; i <= symbols.size(); i++) {
            parameters.put(BOARD + "_" + i, board.code());
            parameters.put(CODE + "_" + i, symbols.get(i - 1).code());
        }
        return requestOnBoard(() -> kis.request("FHKST11300006", parameters, QuickPrice::parseAll, options));
    }

    public KisReply<BookAnswer> book(Symbol symbol) {
        return book(symbol, kis.standardOptions());
    }

    /** The order book and the expected match (주식현재가 호가/예상체결, FHKST01010200). */
    public KisReply<BookAnswer> book(Symbol symbol, CallOptions options) {
        return quote("FHKST01010200", symbol, Map.of(), reply -> BookAnswer.parse(reply, symbol), options);
    }

    public KisReply<BookAnswer.ExpectedMatch> expectedMatch(Symbol symbol) {
        return expectedMatch(symbol, kis.standardOptions());
    }

    /** The indicative result of an auction now (예상체결, FHKST01010200); the same call as {@link #book}. */
    public KisReply<BookAnswer.ExpectedMatch> expectedMatch(Symbol symbol, CallOptions options) {
        return switch (book(symbol, options)) {
            case KisReply.Ok<BookAnswer>(BookAnswer book) -> new KisReply.Ok<>(book.expected());
            case KisReply.Failed<BookAnswer>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    public KisReply<List<TradeRow>> latestTrades(Symbol symbol) {
        return latestTrades(symbol, kis.standardOptions());
    }

    /** The last trades, up to 30, newest first (주식현재가 체결, FHKST01010300). */
    public KisReply<List<TradeRow>> latestTrades(Symbol symbol, CallOptions options) {
        return quote("FHKST01010300", symbol, Map.of(), TradeRow::parseLatest, options);
    }

    public KisReply<List<TradeRow>> tradesUntil(Symbol symbol, LocalTime time) {
        return tradesUntil(symbol, time, kis.standardOptions());
    }

    /**
     * Today's last trades up to {@code time}, up to 30, newest first (당일시간대별체결, FHPST01060000). KIS takes whole
     * seconds, so paging back loses trades where a second had more than one call returns.
     */
    public KisReply<List<TradeRow>> tradesUntil(Symbol symbol, LocalTime time, CallOptions options) {
        return quote(
                "FHPST01060000", symbol, Map.of("FID_INPUT_HOUR_1", TIME.format(time)), TradeRow::parseUntil, options);
    }

    public KisReply<InstrumentAnswer> instrument(Symbol symbol) {
        return instrument(symbol, kis.standardOptions());
    }

    /** Listing data of {@code symbol} (주식기본조회, CTPF1002R). Live only. */
    public KisReply<InstrumentAnswer> instrument(Symbol symbol, CallOptions options) {
        return kis.request(
                "CTPF1002R", Map.of("PRDT_TYPE_CD", "300", "PDNO", symbol.code()), InstrumentAnswer::parse, options);
    }

    // Charts

    public KisReply<List<DayBar>> chart(Symbol symbol, BarPeriod period, LocalDate from, LocalDate to) {
        return chart(symbol, period, from, to, true, kis.standardOptions());
    }

    /**
     * A chart of any length, oldest first (국내주식기간별시세, FHKST03010100), in as many calls as needed, up to 100 bars each.
     *
     * @param period DAY or longer
     * @param from the first day, included
     * @param to the last day, included
     * @param adjusted whether prices before a split or rights issue are adjusted (수정주가)
     */
    public KisReply<List<DayBar>> chart(
            Symbol symbol, BarPeriod period, LocalDate from, LocalDate to, boolean adjusted, CallOptions options) {
        if (from.isAfter(to)) {
            return Refusals.reversedRange(from, to);
        }
        BackwardPager<LocalDate, DayBar> pager = BackwardPager.untilEmpty(
                DayBar::date, oldest -> Optional.of(period.first(oldest).minusDays(1)));
        return pager.collectBars(from, to, end -> chartPage(symbol, period, from, end, adjusted, options));
    }

    /**
     * One call of {@link #chart}: the newest bars between {@code from} and {@code to}, up to 100, newest first. A caller that pages
     * itself continues from before the oldest bar, until the answer is empty.
     */
    public KisReply<List<DayBar>> chartPage(
            Symbol symbol, BarPeriod period, LocalDate from, LocalDate to, boolean adjusted, CallOptions options) {
        if (from.isAfter(to)) {
            return Refusals.reversedRange(from, to);
        }
        var letter = ChartCode.domestic(period);
        if (letter.isEmpty()) {
            return ChartCode.refused(period);
        }
        return quote(
                "FHKST03010100",
                symbol,
                Map.of(
                        "FID_INPUT_DATE_1", DAY.format(from),
                        "FID_INPUT_DATE_2", DAY.format(to),
                        "FID_PERIOD_DIV_CODE", letter.get(),
                        "FID_ORG_ADJ_PRC", adjusted ? "0" : "1"),
                DayBar::parseAll,
                options);
    }

    public KisReply<List<MinuteBar>> minutesToday(Symbol symbol, LocalTime from, LocalTime to) {
        return minutesToday(symbol, from, to, kis.standardOptions());
    }

    /**
     * Bars of a minute of the last trading day, oldest first (주식당일분봉조회, FHKST03010200), 30 a call.
     *
     * @param from the first minute, included
     * @param to the last minute, included; a future time counts as now, because KIS would repeat the current
     *     price for it
     */
    public KisReply<List<MinuteBar>> minutesToday(Symbol symbol, LocalTime from, LocalTime to, CallOptions options) {
        if (from.isAfter(to)) {
            return Refusals.reversedRange(from, to);
        }
        LocalTime now = nowInSeoul().toLocalTime().truncatedTo(ChronoUnit.SECONDS);
        BackwardPager<LocalTime, MinuteBar> pager = BackwardPager.untilEmpty(
                bar -> bar.at().toLocalTime(),
                oldest -> oldest.isBefore(LocalTime.of(0, 1)) ? Optional.empty() : Optional.of(oldest.minusMinutes(1)));
        return pager.collectBars(
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
        return minutes(symbol, from, to, kis.standardOptions());
    }

    /**
     * Bars of a minute of past days, over any number of days, oldest first (주식일별분봉조회, FHKST03010230), 120 a call. KIS
     * stores about a year. Live only.
     *
     * @param from the first minute, included
     * @param to the last minute, included; a future time counts as now
     */
    public KisReply<List<MinuteBar>> minutes(Symbol symbol, LocalDateTime from, LocalDateTime to, CallOptions options) {
        if (from.isAfter(to)) {
            return Refusals.reversedRange(from, to);
        }
        LocalDateTime now = nowInSeoul().truncatedTo(ChronoUnit.SECONDS);
        // A day without bars is a holiday or a halt, or KIS does not continue to the day before: request that day.
        BackwardPager<LocalDateTime, MinuteBar> pager = new BackwardPager<>(
                MinuteBar::at,
                oldest -> Optional.of(oldest.minusMinutes(1)),
                at -> Optional.of(weekdayBefore(at.toLocalDate()).atTime(NIGHT)));
        return pager.collectBars(
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

    // The account

    public KisReply<BuyingPowerAnswer> buyingPower(Symbol symbol) {
        return buyingPower(symbol, kis.standardOptions());
    }

    /**
     * The quantity of {@code symbol} that a market order may buy (매수가능조회, TTTC8908R). Such an order is margined at the upper limit,
     * and the symbol's margin rate counts.
     */
    public KisReply<BuyingPowerAnswer> buyingPower(Symbol symbol, CallOptions options) {
        return buyingPower(symbol, "01", 0, options);
    }

    public KisReply<BuyingPowerAnswer> buyingPower(Symbol symbol, long price) {
        return buyingPower(symbol, price, kis.standardOptions());
    }

    /**
     * The quantity of {@code symbol} that a limit order at {@code price} may buy (매수가능조회, TTTC8908R). KIS does not apply the
     * symbol's margin rate here.
     *
     * @param price whole won, at least 1
     */
    public KisReply<BuyingPowerAnswer> buyingPower(Symbol symbol, long price, CallOptions options) {
        return OrderChecks.validatePrice(symbol, price, nowInSeoul().toLocalDate())
                .<KisReply<BuyingPowerAnswer>>map(KisReply.Failed::new)
                .orElseGet(() -> buyingPower(symbol, "00", price, options));
    }

    private KisReply<BuyingPowerAnswer> buyingPower(Symbol symbol, String ordDvsn, long price, CallOptions options) {
        return kis.request(
                "TTTC8908R",
                Map.of(
                        "PDNO",
                        symbol.code(),
                        "ORD_UNPR",
                        Long.toString(price),
                        "ORD_DVSN",
                        ordDvsn,
                        "CMA_EVLU_AMT_ICLD_YN",
                        "N",
                        "OVRS_ICLD_YN",
                        "N"),
                BuyingPowerAnswer::parse,
                options);
    }

    /**
     * The quantity of {@code symbol} that a buy on credit may be for (신용매수가능조회, TTTC8909R, live only).
     *
     * @param type opens a loan
     * @param price whole won of a limit; empty for an order that no price bounds, which counts at the upper limit
     */
    public KisReply<BuyingPowerAnswer> creditBuyingPower(
            Symbol symbol, CreditType type, OptionalLong price, CallOptions options) {
        return kis.request(
                "TTTC8909R",
                Map.of(
                        "PDNO",
                        symbol.code(),
                        "ORD_UNPR",
                        Long.toString(price.orElse(0)),
                        "ORD_DVSN",
                        price.isPresent() ? "00" : "01",
                        "CRDT_TYPE",
                        CreditCodes.code(type),
                        "CMA_EVLU_AMT_ICLD_YN",
                        "N",
                        "OVRS_ICLD_YN",
                        "N"),
                BuyingPowerAnswer::parse,
                options);
    }

    public KisReply<List<PaidRightRow>> paidRights(LocalDate from, LocalDate to) {
        return paidRights(from, to, kis.standardOptions());
    }

    /**
     * Dividends and other rights of the account that paid money (기간별계좌권리현황조회, CTRGA011R, live only), by record dates
     * from {@code from} to {@code to}, all pages.
     */
    public KisReply<List<PaidRightRow>> paidRights(LocalDate from, LocalDate to, CallOptions options) {
        return flatten(kis.requestAll(
                "CTRGA011R",
                Map.of("INQR_DVSN", "03", "INQR_STRT_DT", DAY.format(from), "INQR_END_DT", DAY.format(to)),
                PaidRightRow::parseAll,
                options));
    }

    public KisReply<SellableAnswer> sellable(Symbol symbol) {
        return sellable(symbol, kis.standardOptions());
    }

    /** The quantity of {@code symbol} that may be sold (매도가능수량조회, TTTC8408R); in paper from the balance. */
    public KisReply<SellableAnswer> sellable(Symbol symbol, CallOptions options) {
        if (environment == Environment.LIVE_FACE) {
            return kis.request(
                    "TTTC8408R", Map.of("PDNO", symbol.code()), reply -> SellableAnswer.parse(reply, symbol), options);
        }
        return switch (kis.inquireBalance(
                options.lane().orElse(Lane.ACCOUNT), clock.instant().plus(options.timeout()))) {
            case KisReply.Ok<BalanceAnswer>(BalanceAnswer balance) ->
                new KisReply.Ok<>(balance.holdings().stream()
                        .filter(holding -> holding.symbol().equals(symbol))
                        .map(SellableAnswer::of)
                        .findFirst()
                        .orElseGet(() -> SellableAnswer.none(symbol)));
            case KisReply.Failed<BalanceAnswer>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    public KisReply<BalanceAnswer> balance() {
        return balance(kis.standardOptions());
    }

    /** Cash and holdings (주식잔고조회, TTTC8434R), all pages. It lags fills by seconds. */
    public KisReply<BalanceAnswer> balance(CallOptions options) {
        return kis.inquireBalance(
                options.lane().orElse(Lane.ACCOUNT), clock.instant().plus(options.timeout()));
    }

    public KisReply<List<DailyOrderRow>> orders(LocalDate day) {
        return orders(day, kis.standardOptions());
    }

    /**
     * All orders of a day within the last three months with their fills (주식일별주문체결조회, TTTC0081R), oldest
     * first, all pages. KIS lists a new order only after seconds: a missing one may exist.
     */
    public KisReply<List<DailyOrderRow>> orders(LocalDate day, CallOptions options) {
        return kis.inquireDailyOrders(
                day, options.lane().orElse(Lane.ACCOUNT), clock.instant().plus(options.timeout()));
    }

    public KisReply<List<OpenOrder>> openOrders() {
        return openOrders(kis.standardOptions());
    }

    /**
     * The orders that can still be modified or cancelled, all pages (주식정정취소가능주문조회, TTTC0084R); in paper, which does not offer
     * that, today's open ones of 주식일별주문체결조회 (VTTC0081R).
     */
    public KisReply<List<OpenOrder>> openOrders(CallOptions options) {
        KisReply<List<List<OpenOrder>>> pages = environment == Environment.LIVE_FACE
                ? kis.requestAll(
                        "TTTC0084R", Map.of("INQR_DVSN_1", "0", "INQR_DVSN_2", "0"), OpenOrder::parseAll, options)
                : kis.requestAll("VTTC0081R", openToday(), OpenOrder::parseDaily, options);
        return flatten(pages);
    }

    private static <T> KisReply<List<T>> flatten(KisReply<List<List<T>>> pages) {
        return switch (pages) {
            case KisReply.Ok<List<List<T>>>(List<List<T>> all) ->
                new KisReply.Ok<>(all.stream().flatMap(List::stream).toList());
            case KisReply.Failed<List<List<T>>>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    private Map<String, String> openToday() {
        String today = DAY.format(nowInSeoul().toLocalDate());
        return Map.of(
                "INQR_STRT_DT", today,
                "INQR_END_DT", today,
                "SLL_BUY_DVSN_CD", "00",
                "CCLD_DVSN", "02",
                "INQR_DVSN", "01",
                "INQR_DVSN_3", "00",
                "EXCG_ID_DVSN_CD", "KRX");
    }

    // Orders

    public Placement place(PlaceOrder order) {
        return place(order, kis.standardOptions());
    }

    /**
     * Sends an order (주식주문 현금, TTTC0012U buys, TTTC0011U sells; 신용, TTTC0052U, TTTC0051U) at most once, when the call budget has a slot. What KIS
     * would surely refuse is {@link Placement.NotSent}: zero shares, a division that the venue does not take on that day, a limit
     * without a price or off the tick, a price where there is none, a stop limit without a stop price, a venue that paper does not
     * offer.
     */
    public Placement place(PlaceOrder order, CallOptions options) {
        return validateVenue(order.venue())
                .or(() -> OrderChecks.validate(environment, order, nowInSeoul().toLocalDate()))
                .map(Refusals::notSent)
                .orElseGet(() -> kis.sendOnSlot(
                        order.ordDvsn().equals("01") ? Lane.MARKET_ORDER : Lane.LIMIT_ORDER,
                        options,
                        permit -> kis.place(permit, order)));
    }

    public Placement modify(ModifyOrder modify) {
        return modify(modify, kis.standardOptions());
    }

    /**
     * Sends a new price for the rest of an order (주식주문 정정, TTTC0013U) at most once. Accepted carries the order number
     * of the rest.
     */
    public Placement modify(ModifyOrder modify, CallOptions options) {
        return validateVenue(modify.venue())
                .or(() -> OrderChecks.validate(modify, nowInSeoul().toLocalDate()))
                .map(Refusals::notSent)
                .orElseGet(() -> kis.sendOnSlot(Lane.LIMIT_ORDER, options, permit -> kis.modify(permit, modify)));
    }

    public Placement cancel(CancelOrder cancel) {
        return cancel(cancel, kis.standardOptions());
    }

    /** Sends a full or partial cancel (주식주문 취소, TTTC0013U), at most once. Accepted means sent, not yet confirmed. */
    public Placement cancel(CancelOrder cancel, CallOptions options) {
        return validateVenue(cancel.venue())
                .or(() -> OrderChecks.validate(cancel))
                .map(Refusals::notSent)
                .orElseGet(() -> kis.sendOnSlot(Lane.CANCEL, options, permit -> kis.cancel(permit, cancel)));
    }

    private Optional<KisFailure> validateVenue(Venue venue) {
        return environment == Environment.PAPER_FACE && venue != Venue.KRX
                ? Optional.of(KisFailure.of(
                        KisFailure.Kind.UNSUPPORTED, "paper has no " + venue, "send the order to KRX", false))
                : Optional.empty();
    }

    // Rankings, investors, indices, ETFs, holidays

    public KisReply<List<RankRow>> mostTraded(VolumeRanking ranking) {
        return mostTraded(ranking, kis.standardOptions());
    }

    /** The stocks that are traded most, up to 30 (거래량순위, FHPST01710000). Live only. */
    public KisReply<List<RankRow>> mostTraded(VolumeRanking ranking, CallOptions options) {
        return kis.request(
                "FHPST01710000",
                Map.ofEntries(
                        Map.entry(BOARD, board.code()),
                        Map.entry("FID_COND_SCR_DIV_CODE", "20171"),
                        Map.entry(CODE, "0000"),
                        Map.entry("FID_DIV_CLS_CODE", "0"),
                        Map.entry("FID_BLNG_CLS_CODE", ranking.code()),
                        Map.entry("FID_TRGT_CLS_CODE", "111111111"),
                        Map.entry("FID_TRGT_EXLS_CLS_CODE", "0000000000"),
                        Map.entry("FID_INPUT_PRICE_1", ""),
                        Map.entry("FID_INPUT_PRICE_2", ""),
                        Map.entry("FID_VOL_CNT", ""),
                        Map.entry("FID_INPUT_DATE_1", "")),
                RankRow::parseAll,
                options);
    }

    public KisReply<List<RankRow>> risers() {
        return risers(kis.standardOptions());
    }

    /** The stocks that rose most since their last close, up to 30 (등락률 순위, FHPST01700000). Live only. */
    public KisReply<List<RankRow>> risers(CallOptions options) {
        return movers("0", options);
    }

    public KisReply<List<RankRow>> fallers() {
        return fallers(kis.standardOptions());
    }

    /** The stocks that fell most since their last close, up to 30 (등락률 순위, FHPST01700000). Live only. */
    public KisReply<List<RankRow>> fallers(CallOptions options) {
        return movers("1", options);
    }

    private KisReply<List<RankRow>> movers(String order, CallOptions options) {
        return kis.request(
                "FHPST01700000",
                Map.ofEntries(
                        Map.entry("fid_cond_mrkt_div_code", "J"),
                        Map.entry("fid_cond_scr_div_code", "20170"),
                        Map.entry("fid_input_iscd", "0000"),
                        Map.entry("fid_rank_sort_cls_code", order),
                        Map.entry("fid_input_cnt_1", "0"),
                        // 1 measures from the close; 0 from the day's low or high.
                        Map.entry("fid_prc_cls_code", "1"),
                        Map.entry("fid_trgt_cls_code", "0"),
                        Map.entry("fid_trgt_exls_cls_code", "0"),
                        Map.entry("fid_div_cls_code", "0")),
                RankRow::parseAll,
                options);
    }

    public KisReply<List<RankRow>> largestByMarketCap() {
        return largestByMarketCap(kis.standardOptions());
    }

    /** The stocks with the highest market value, up to 30 (시가총액 상위, FHPST01740000). Live only. */
    public KisReply<List<RankRow>> largestByMarketCap(CallOptions options) {
        return kis.request(
                "FHPST01740000",
                Map.of(
                        "fid_cond_mrkt_div_code", "J",
                        "fid_cond_scr_div_code", "20174",
                        "fid_div_cls_code", "0",
                        "fid_input_iscd", "0000",
                        "fid_trgt_cls_code", "0",
                        "fid_trgt_exls_cls_code", "0",
                        "fid_input_price_1", "",
                        "fid_input_price_2", "",
                        "fid_vol_cnt", ""),
                RankRow::parseAll,
                options);
    }

    public KisReply<List<InvestorDay>> investors(Symbol symbol) {
        return investors(symbol, kis.standardOptions());
    }

    /** Net trading of {@code symbol} by investors on the last 30 days, newest first (주식현재가 투자자, FHKST01010900). */
    public KisReply<List<InvestorDay>> investors(Symbol symbol, CallOptions options) {
        return quote("FHKST01010900", symbol, Map.of(), InvestorDay::parseAll, options);
    }

    public KisReply<IndexAnswer> index(String code) {
        return index(code, kis.standardOptions());
    }

    /**
     * The current value of an index (국내업종 현재지수, FHPUP02100000). Live only.
     *
     * @param code four digits: 0001 KOSPI, 1001 KOSDAQ, 2001 KOSPI 200, others from the master file of sectors
     */
    public KisReply<IndexAnswer> index(String code, CallOptions options) {
        return requestIndex(
                code, () -> kis.request("FHPUP02100000", Map.of(BOARD, "U", CODE, code), IndexAnswer::parse, options));
    }

    public KisReply<List<IndexBar>> indexChart(String code, BarPeriod period, LocalDate from, LocalDate to) {
        return indexChart(code, period, from, to, kis.standardOptions());
    }

    /**
     * A chart of an index, of any length, oldest first (국내주식업종기간별시세, FHKUP03500100), in as many calls as needed.
     *
     * @param code as of {@link #index}
     * @param period DAY or longer
     * @param from the first day, included
     * @param to the last day, included
     */
    public KisReply<List<IndexBar>> indexChart(
            String code, BarPeriod period, LocalDate from, LocalDate to, CallOptions options) {
        if (from.isAfter(to)) {
            return Refusals.reversedRange(from, to);
        }
        var letter = ChartCode.domestic(period);
        if (letter.isEmpty()) {
            return ChartCode.refused(period);
        }
        BackwardPager<LocalDate, IndexBar> pager = BackwardPager.untilEmpty(
                IndexBar::date, oldest -> Optional.of(period.first(oldest).minusDays(1)));
        return requestIndex(
                code,
                () -> pager.collectBars(
                        from,
                        to,
                        end -> kis.request(
                                "FHKUP03500100",
                                Map.of(
                                        BOARD,
                                        "U",
                                        CODE,
                                        code,
                                        "FID_INPUT_DATE_1",
                                        DAY.format(from),
                                        "FID_INPUT_DATE_2",
                                        DAY.format(end),
                                        "FID_PERIOD_DIV_CODE",
                                        letter.get()),
                                IndexBar::parseAll,
                                options)));
    }

    public KisReply<EtfAnswer> etf(Symbol symbol) {
        return etf(symbol, kis.standardOptions());
    }

    /** Price and net asset value of an ETF or ETN (ETF/ETN 현재가, FHPST02400000). Live only. */
    public KisReply<EtfAnswer> etf(Symbol symbol, CallOptions options) {
        return quote("FHPST02400000", symbol, Map.of(), EtfAnswer::parse, options);
    }

    public KisReply<List<EtfNavDay>> etfDays(Symbol symbol, LocalDate from, LocalDate to) {
        return etfDays(symbol, from, to, kis.standardOptions());
    }

    /** Price and net asset value of an ETF day by day, oldest first (NAV 비교추이(일), FHPST02440200). Live only. */
    public KisReply<List<EtfNavDay>> etfDays(Symbol symbol, LocalDate from, LocalDate to, CallOptions options) {
        if (from.isAfter(to)) {
            return Refusals.reversedRange(from, to);
        }
        BackwardPager<LocalDate, EtfNavDay> pager =
                BackwardPager.untilEmpty(EtfNavDay::date, oldest -> Optional.of(oldest.minusDays(1)));
        return pager.collectBars(
                from,
                to,
                end -> quote(
                        "FHPST02440200",
                        symbol,
                        Map.of("FID_INPUT_DATE_1", DAY.format(from), "FID_INPUT_DATE_2", DAY.format(end)),
                        EtfNavDay::parseAll,
                        options));
    }

    public KisReply<List<MarketDay>> marketDays(LocalDate from, LocalDate to) {
        return marketDays(from, to, kis.standardOptions());
    }

    /**
     * The exchange's trading days (국내휴장일조회, CTCA0903R), both ends included, about 25 days a call. KIS requests at most one
     * call a day: cache the answer. Live only; in paper use {@code KrxCalendar}.
     */
    public KisReply<List<MarketDay>> marketDays(LocalDate from, LocalDate to, CallOptions options) {
        if (from.isAfter(to)) {
            return Refusals.reversedRange(from, to);
        }
        var days = new ArrayList<MarketDay>();
        try (Stream<KisAnswer> pages = kis.pages("CTCA0903R", Map.of("BASS_DT", DAY.format(from)), options)) {
            Iterator<KisAnswer> each = pages.iterator();
            while ((days.isEmpty() || days.getLast().date().isBefore(to)) && each.hasNext()) {
                switch (MarketDay.parseAll(each.next().reply())) {
                    case ParseResult.Ok<List<MarketDay>>(List<MarketDay> some) -> days.addAll(some);
                    case ParseResult.Bad<List<MarketDay>> bad -> {
                        return Refusals.unreadable(bad);
                    }
                }
            }
        } catch (KisException noPage) {
            return new KisReply.Failed<>(noPage.failure());
        }
        return new KisReply.Ok<>(days.stream()
                .filter(day -> !day.date().isBefore(from) && !day.date().isAfter(to))
                .toList());
    }

    private static <T> KisReply<T> requestIndex(String code, Supplier<KisReply<T>> request) {
        return INDEX.matcher(code).matches()
                ? request.get()
                : Refusals.invalidRequest(
                        "the code of an index is four digits", "such as 0001 for KOSPI, 1001 for KOSDAQ");
    }

    // Requests

    private <T> KisReply<T> quote(
            String trId,
            Symbol symbol,
            Map<String, String> more,
            Function<RestReply, ParseResult<T>> parse,
            CallOptions options) {
        var parameters = new HashMap<>(more);
        parameters.put(BOARD, board.code());
        parameters.put(CODE, symbol.code());
        return requestOnBoard(() -> kis.request(trId, parameters, parse, options));
    }

    private <T> KisReply<T> requestOnBoard(Supplier<KisReply<T>> request) {
        return environment == Environment.PAPER_FACE && board != QuoteBoard.KRX
                ? Refusals.unsupported("paper has no prices of " + board, "request those of KRX")
                : request.get();
    }

    private LocalDateTime nowInSeoul() {
        return LocalDateTime.ofInstant(clock.instant(), TradingCalendar.SEOUL);
    }
}
