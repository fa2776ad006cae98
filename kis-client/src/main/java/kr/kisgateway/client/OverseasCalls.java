package kr.kisgateway.client;

import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.client.check.ChartCode;
import kr.kisgateway.client.check.OrderChecks;
import kr.kisgateway.client.check.OverseasChecks;
import kr.kisgateway.client.core.Refusals;
import kr.kisgateway.client.overseas.OverseasRequests;
import kr.kisgateway.client.rest.BackwardPager;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.wire.OverseasExchange;
import kr.kisgateway.wire.OverseasSymbol;
import kr.kisgateway.wire.parse.OverseasBookAnswer;
import kr.kisgateway.wire.parse.OverseasBuyingPower;
import kr.kisgateway.wire.parse.OverseasDayBar;
import kr.kisgateway.wire.parse.OverseasDetailAnswer;
import kr.kisgateway.wire.parse.OverseasHolding;
import kr.kisgateway.wire.parse.OverseasMinuteBar;
import kr.kisgateway.wire.parse.OverseasOrderRow;
import kr.kisgateway.wire.parse.OverseasPresentBalance;
import kr.kisgateway.wire.parse.OverseasPriceAnswer;
import kr.kisgateway.wire.parse.ParseResult;
import kr.kisgateway.wire.parse.RestReply;

/**
 * Typed calls for overseas stocks: quotes of every exchange that KIS offers, orders for US stocks. No answer of KIS throws,
 * as in {@link DomesticCalls}. Times and dates of quotes are the exchange's own.
 *
 * <p>Without options a call uses {@link KisClient#standardOptions}. Of a method with several calls, each has
 * the full timeout.
 */
public final class OverseasCalls {
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");
    private static final ZoneId NEW_YORK = OverseasExchange.NYSE.zone();
    private static final int MINUTES_OF_A_BAR_MAX = 120;

    private final KisClient kis;
    private final Environment environment;
    private final InstantSource clock;

    OverseasCalls(KisClient kis, Environment environment, InstantSource clock) {
        this.kis = kis;
        this.environment = environment;
        this.clock = clock;
    }

    // Prices and charts

    public KisReply<OverseasPriceAnswer> price(OverseasSymbol symbol) {
        return price(symbol, kis.standardOptions());
    }

    /** The current price (해외주식 현재체결가, HHDFS00000300). */
    public KisReply<OverseasPriceAnswer> price(OverseasSymbol symbol, CallOptions options) {
        return quote("HHDFS00000300", symbol, Map.of(), OverseasPriceAnswer::parse, options);
    }

    public KisReply<OverseasDetailAnswer> detail(OverseasSymbol symbol) {
        return detail(symbol, kis.standardOptions());
    }

    /** The current price with listing data (해외주식 현재가상세, HHDFS76200200). Live only. */
    public KisReply<OverseasDetailAnswer> detail(OverseasSymbol symbol, CallOptions options) {
        return quote("HHDFS76200200", symbol, Map.of(), OverseasDetailAnswer::parse, options);
    }

    public KisReply<OverseasBookAnswer> book(OverseasSymbol symbol) {
        return book(symbol, kis.standardOptions());
    }

    /** The order book (해외주식 현재가 호가, HHDFS76200100). Live only. */
    public KisReply<OverseasBookAnswer> book(OverseasSymbol symbol, CallOptions options) {
        return quote("HHDFS76200100", symbol, Map.of(), OverseasBookAnswer::parse, options);
    }

    /** As {@link #price(OverseasSymbol, CallOptions)}, of the US day market (주간거래), which KIS names as its own exchange. */
    public KisReply<OverseasPriceAnswer> dayPrice(OverseasSymbol symbol, CallOptions options) {
        return dayQuote("HHDFS00000300", symbol, OverseasPriceAnswer::parse, options);
    }

    /** As {@link #detail(OverseasSymbol, CallOptions)}, of the US day market. Live only. */
    public KisReply<OverseasDetailAnswer> dayDetail(OverseasSymbol symbol, CallOptions options) {
        return dayQuote("HHDFS76200200", symbol, OverseasDetailAnswer::parse, options);
    }

    /** As {@link #book(OverseasSymbol, CallOptions)}, of the US day market. Live only. */
    public KisReply<OverseasBookAnswer> dayBook(OverseasSymbol symbol, CallOptions options) {
        return dayQuote("HHDFS76200100", symbol, OverseasBookAnswer::parse, options);
    }

    public KisReply<List<OverseasDayBar>> chart(OverseasSymbol symbol, BarPeriod period, LocalDate from, LocalDate to) {
        return chart(symbol, period, from, to, true, kis.standardOptions());
    }

    /**
     * A chart of any length, oldest first (해외주식 기간별시세, HHDFS76240000), in as many calls as needed.
     *
     * @param period DAY, WEEK or MONTH
     * @param from the first local day, included
     * @param to the last local day, included
     * @param adjusted whether prices before a split are adjusted (수정주가)
     */
    public KisReply<List<OverseasDayBar>> chart(
            OverseasSymbol symbol,
            BarPeriod period,
            LocalDate from,
            LocalDate to,
            boolean adjusted,
            CallOptions options) {
        if (from.isAfter(to)) {
            return Refusals.reversedRange(from, to);
        }
        if (ChartCode.overseas(period).isEmpty()) {
            return ChartCode.refused(period);
        }
        BackwardPager<LocalDate, OverseasDayBar> pager = BackwardPager.untilEmpty(
                OverseasDayBar::date, oldest -> Optional.of(period.first(oldest).minusDays(1)));
        return pager.collectBars(from, to, end -> chartPage(symbol, period, end, adjusted, options));
    }

    /**
     * One call of {@link #chart}: the newest bars up to {@code to}, up to 100, newest first. A caller that pages itself continues
     * from before the oldest bar, until the answer is empty.
     */
    public KisReply<List<OverseasDayBar>> chartPage(
            OverseasSymbol symbol, BarPeriod period, LocalDate to, boolean adjusted, CallOptions options) {
        var code = ChartCode.overseas(period);
        if (code.isEmpty()) {
            return ChartCode.refused(period);
        }
        return quote(
                "HHDFS76240000",
                symbol,
                Map.of(
                        "GUBN", code.get(),
                        "BYMD", DAY.format(to),
                        "MODP", adjusted ? "1" : "0"),
                OverseasDayBar::parseAll,
                options);
    }

    public KisReply<List<OverseasMinuteBar>> minutes(
            OverseasSymbol symbol, int minutes, LocalDateTime from, LocalDateTime to) {
        return minutes(symbol, minutes, from, to, kis.standardOptions());
    }

    /**
     * Bars of minutes, oldest first (해외주식분봉조회, HHDFS76950200), 120 a call. KIS stores about a month. Live only.
     *
     * @param minutes length of one bar, 1 to 120
     * @param from the start of the first bar, local time, included
     * @param to the start of the last bar, local time, included; a future time counts as now
     */
    public KisReply<List<OverseasMinuteBar>> minutes(
            OverseasSymbol symbol, int minutes, LocalDateTime from, LocalDateTime to, CallOptions options) {
        if (from.isAfter(to)) {
            return Refusals.reversedRange(from, to);
        }
        LocalDateTime now = now(symbol);
        LocalDateTime last = to.isBefore(now) ? to : now;
        BackwardPager<LocalDateTime, OverseasMinuteBar> pager =
                BackwardPager.untilEmpty(OverseasMinuteBar::at, oldest -> Optional.of(oldest.minusMinutes(minutes)));
        return pager.collectBars(from, last, end -> minutesPage(symbol, minutes, end.equals(last) ? to : end, options));
    }

    /**
     * One call of {@link #minutes}: the newest bars up to {@code to}, up to 120, newest first; for a future time, the
     * newest available. A caller that pages itself continues from before the oldest bar, until the answer is empty.
     */
    public KisReply<List<OverseasMinuteBar>> minutesPage(
            OverseasSymbol symbol, int minutes, LocalDateTime to, CallOptions options) {
        if (minutes < 1 || minutes > MINUTES_OF_A_BAR_MAX) {
            return Refusals.invalidRequest(
                    "a bar of " + minutes + " minutes", "name 1 to " + MINUTES_OF_A_BAR_MAX + " minutes");
        }
        boolean newest = !to.isBefore(now(symbol));
        return quote(
                "HHDFS76950200",
                symbol,
                Map.of(
                        "NMIN",
                        Integer.toString(minutes),
                        "PINC",
                        "1",
                        "NEXT",
                        newest ? "" : "1",
                        "NREC",
                        "120",
                        "FILL",
                        "",
                        "KEYB",
                        newest ? "" : DAY_AND_TIME.format(to)),
                OverseasMinuteBar::parseAll,
                options);
    }

    private LocalDateTime now(OverseasSymbol symbol) {
        return LocalDateTime.ofInstant(clock.instant(), symbol.exchange().zone())
                .truncatedTo(ChronoUnit.SECONDS);
    }

    // Orders

    public Placement place(OverseasOrder order) {
        return place(order, kis.standardOptions());
    }

    /**
     * Sends an order for US stocks (해외주식 주문; live TTTT1002U buys, TTTT1006U sells; paper VTTT1002U and VTTT1001U; 미국주간주문
     * TTTS6036U and TTTS6037U) at most once, when the call budget has a slot. What KIS would surely refuse is {@link Placement.NotSent}: another country,
     * a price between two ticks, a market order with a price or to buy, anything but a limit in paper.
     */
    public Placement place(OverseasOrder order, CallOptions options) {
        return OverseasChecks.validate(environment, order)
                .map(Refusals::notSent)
                .orElseGet(() -> kis.send(OverseasRequests.placing(order), OverseasRequests.body(order), options));
    }

    /** As {@link #place(OverseasOrder, CallOptions)} in the slot of {@code permit}, and not after its deadline. */
    public Placement place(Permit permit, OverseasOrder order) {
        return sendOn(
                permit,
                OverseasChecks.validate(environment, order),
                OverseasRequests.placing(order),
                OverseasRequests.body(order));
    }

    /** An order that KIS would surely refuse costs no slot. */
    private Placement sendOn(Permit permit, Optional<KisFailure> trouble, String name, Map<String, String> body) {
        if (trouble.isPresent()) {
            permit.release();
            return Refusals.notSent(trouble.get());
        }
        return kis.send(permit, name, body);
    }

    public Placement modify(OverseasSymbol symbol, long odno, long qty, BigDecimal price) {
        return modify(symbol, odno, qty, price, kis.standardOptions());
    }

    /**
     * Sends a new price for an order in US stocks (해외주식 정정, live TTTT1004U, paper VTTT1004U) at most once. Accepted carries the
     * new order number.
     *
     * @param odno the current number of the order
     * @param qty open shares of the order
     * @param price dollars, as of {@link OverseasOrder#price}
     */
    public Placement modify(OverseasSymbol symbol, long odno, long qty, BigDecimal price, CallOptions options) {
        return OverseasChecks.validatePrice(price)
                .map(Refusals::notSent)
                .orElseGet(() -> revise(
                        "01",
                        symbol,
                        odno,
                        qty,
                        price,
                        options.lane().isPresent() ? options : options.withLane(Lane.LIMIT_ORDER)));
    }

    /**
     * As {@link #modify(OverseasSymbol, long, long, BigDecimal, CallOptions)} in the slot of {@code permit}, and not after its
     * deadline.
     *
     * @param dayMarket whether the order is one of the day market (TTTS6038U)
     */
    public Placement modify(
            Permit permit, OverseasSymbol symbol, boolean dayMarket, long odno, long qty, BigDecimal price) {
        return sendOn(
                permit,
                OverseasChecks.validatePrice(price).or(() -> revisionTrouble(symbol, odno, qty)),
                OverseasRequests.revising(dayMarket),
                OverseasRequests.revision("01", symbol, dayMarket, odno, qty, price));
    }

    /**
     * As {@link #cancel(OverseasSymbol, long, long, CallOptions)} in the slot of {@code permit}, and not after its deadline.
     *
     * @param dayMarket whether the order is one of the day market (TTTS6038U)
     */
    public Placement cancel(Permit permit, OverseasSymbol symbol, boolean dayMarket, long odno, long qty) {
        return sendOn(
                permit,
                revisionTrouble(symbol, odno, qty),
                OverseasRequests.revising(dayMarket),
                OverseasRequests.revision("02", symbol, dayMarket, odno, qty, BigDecimal.ZERO));
    }

    private static Optional<KisFailure> revisionTrouble(OverseasSymbol symbol, long odno, long qty) {
        return OverseasChecks.validateExchange(symbol)
                .or(() -> OrderChecks.validateQty(qty))
                .or(() -> OrderChecks.validateOdno(odno));
    }

    public Placement cancel(OverseasSymbol symbol, long odno, long qty) {
        return cancel(symbol, odno, qty, kis.standardOptions());
    }

    /**
     * Sends a cancel of an order in US stocks (해외주식 취소, live TTTT1004U, paper VTTT1004U) at most once. Accepted means sent, not
     * yet confirmed.
     *
     * @param odno the current number of the order
     * @param qty open shares of the order
     */
    public Placement cancel(OverseasSymbol symbol, long odno, long qty, CallOptions options) {
        return revise("02", symbol, odno, qty, BigDecimal.ZERO, options);
    }

    private Placement revise(
            String revisionCode, OverseasSymbol symbol, long odno, long qty, BigDecimal price, CallOptions options) {
        return revisionTrouble(symbol, odno, qty)
                .map(Refusals::notSent)
                .orElseGet(() -> kis.send(
                        OverseasRequests.revising(false),
                        OverseasRequests.revision(revisionCode, symbol, false, odno, qty, price),
                        options));
    }

    public KisReply<List<OverseasOrderRow>> openOrders() {
        return openOrders(kis.standardOptions());
    }

    /**
     * The open orders in US stocks, all pages (해외주식 미체결내역, TTTS3018R); in paper, where sources disagree whether
     * that exists, those of 해외주식 주문체결내역 since yesterday.
     */
    public KisReply<List<OverseasOrderRow>> openOrders(CallOptions options) {
        if (environment == Environment.LIVE_FACE) {
            return filterRows(
                    kis.requestAll(
                            "TTTS3018R",
                            Map.of("OVRS_EXCG_CD", "NASD", "SORT_SQN", "DS"),
                            OverseasOrderRow::parseAll,
                            options),
                    OverseasFilter.ALL.with(OverseasFilter.State.OPEN));
        }
        LocalDate today = LocalDate.ofInstant(clock.instant(), NEW_YORK);
        return orders(today.minusDays(1), today, OverseasFilter.ALL.with(OverseasFilter.State.OPEN), options);
    }

    public KisReply<List<OverseasOrderRow>> orders(LocalDate from, LocalDate to, OverseasFilter filter) {
        return orders(from, to, filter, kis.standardOptions());
    }

    /**
     * Orders with their fills, all pages (해외주식 주문체결내역, TTTS3035R).
     *
     * @param from the first local day, included
     * @param to the last local day, included
     */
    public KisReply<List<OverseasOrderRow>> orders(
            LocalDate from, LocalDate to, OverseasFilter filter, CallOptions options) {
        if (from.isAfter(to)) {
            return Refusals.reversedRange(from, to);
        }
        // Paper accepts no filter.
        boolean live = environment == Environment.LIVE_FACE;
        return filterRows(
                kis.requestAll(
                        OverseasRequests.ORDERS,
                        OverseasRequests.orders(from, to, live ? filter : OverseasFilter.ALL, live ? "%" : ""),
                        OverseasOrderRow::parseAll,
                        options),
                filter);
    }

    private static KisReply<List<OverseasOrderRow>> filterRows(
            KisReply<List<List<OverseasOrderRow>>> pages, OverseasFilter filter) {
        return switch (pages) {
            case KisReply.Ok<List<List<OverseasOrderRow>>>(List<List<OverseasOrderRow>> all) ->
                new KisReply.Ok<>(all.stream()
                        .flatMap(List::stream)
                        .filter(filter::matches)
                        .toList());
            case KisReply.Failed<List<List<OverseasOrderRow>>>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    // The account

    public KisReply<List<OverseasHolding>> holdings() {
        return holdings(kis.standardOptions());
    }

    /**
     * The positions in US stocks, all pages (해외주식 잔고, TTTS3012R). Live answers for all exchanges at once; paper is queried for
     * each, because there NASD may mean NASDAQ alone.
     */
    public KisReply<List<OverseasHolding>> holdings(CallOptions options) {
        List<OverseasExchange> requested = environment == Environment.LIVE_FACE
                ? List.of(OverseasExchange.NASD)
                : List.of(OverseasExchange.NASD, OverseasExchange.NYSE, OverseasExchange.AMEX);
        var holdings = new ArrayList<OverseasHolding>();
        for (OverseasExchange exchange : requested) {
            switch (kis.requestAll(
                    OverseasRequests.HOLDINGS,
                    OverseasRequests.holdings(exchange),
                    OverseasHolding::parseAll,
                    options)) {
                case KisReply.Ok<List<List<OverseasHolding>>>(List<List<OverseasHolding>> pages) ->
                    holdings.addAll(pages.stream()
                            .flatMap(List::stream)
                            .filter(it -> !holdings.contains(it))
                            .toList());
                case KisReply.Failed<List<List<OverseasHolding>>>(KisFailure failure) -> {
                    return new KisReply.Failed<>(failure);
                }
            }
        }
        return new KisReply.Ok<>(List.copyOf(holdings));
    }

    public KisReply<OverseasPresentBalance> presentBalance() {
        return presentBalance(kis.standardOptions());
    }

    /**
     * Positions of all countries, foreign cash and sums in won, including today's trades (해외주식 체결기준현재잔고,
     * CTRP6504R).
     */
    public KisReply<OverseasPresentBalance> presentBalance(CallOptions options) {
        return kis.request(
                "CTRP6504R",
                Map.of("WCRC_FRCR_DVSN_CD", "02", "NATN_CD", "000", "TR_MKET_CD", "00", "INQR_DVSN_CD", "00"),
                OverseasPresentBalance::parse,
                options);
    }

    public KisReply<OverseasBuyingPower> buyingPower(OverseasSymbol symbol, BigDecimal price) {
        return buyingPower(symbol, price, kis.standardOptions());
    }

    /**
     * The quantity of {@code symbol} that may be bought at {@code price} (해외주식 매수가능금액조회, TTTS3007R).
     *
     * @param price in the exchange's currency; for US stocks as of {@link OverseasOrder#price}
     */
    public KisReply<OverseasBuyingPower> buyingPower(OverseasSymbol symbol, BigDecimal price, CallOptions options) {
        Optional<KisFailure> trouble = symbol.exchange().isUs() || price.signum() <= 0
                ? OverseasChecks.validatePrice(price)
                : Optional.empty();
        return trouble.<KisReply<OverseasBuyingPower>>map(KisReply.Failed::new)
                .orElseGet(() -> kis.request(
                        "TTTS3007R",
                        Map.of(
                                "OVRS_EXCG_CD", symbol.exchange().name(),
                                "OVRS_ORD_UNPR", price.toPlainString(),
                                "ITEM_CD", symbol.code()),
                        OverseasBuyingPower::parse,
                        options));
    }

    private <T> KisReply<T> quote(
            String trId,
            OverseasSymbol symbol,
            Map<String, String> more,
            Function<RestReply, ParseResult<T>> parse,
            CallOptions options) {
        return quote(trId, symbol.exchange().quoteCode(), symbol, more, parse, options);
    }

    private <T> KisReply<T> dayQuote(
            String trId, OverseasSymbol symbol, Function<RestReply, ParseResult<T>> parse, CallOptions options) {
        return symbol.exchange()
                .dayCode()
                .map(exchange -> quote(trId, exchange, symbol, Map.of(), parse, options))
                .orElseGet(() -> Refusals.invalidRequest(
                        symbol + " has no day market", "request a US stock, such as AAPL.NASD"));
    }

    private <T> KisReply<T> quote(
            String trId,
            String exchange,
            OverseasSymbol symbol,
            Map<String, String> more,
            Function<RestReply, ParseResult<T>> parse,
            CallOptions options) {
        var parameters = new HashMap<>(more);
        parameters.put("AUTH", "");
        parameters.put("EXCD", exchange);
        parameters.put("SYMB", symbol.code());
        return kis.request(trId, parameters, parse, options);
    }
}
