package kr.kisgateway.gateway.kis.rest;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.kis.wire.KisStatus;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.gateway.quote.Quote;
import kr.kisgateway.gateway.quote.QuoteSource;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.parse.OverseasDetailAnswer;
import kr.kisgateway.wire.parse.OverseasPriceAnswer;
import kr.kisgateway.wire.parse.PriceAnswer;

/**
 * Korean prices from inquire-price (주식현재가 시세); US ones from price-detail (해외주식 현재가상세), on paper, which lacks it, from
 * price (해외주식 현재체결가), which returns neither the day's first price nor the highest and lowest.
 */
public final class KisQuotes implements QuoteSource {
    /** {@code hts_avls} is in hundred millions of won (억원). */
    private static final long EOK = 100_000_000;

    private final Supplier<KisClient> kis;
    private final Lane lane;

    /** @param kis resolved at each call */
    public KisQuotes(Supplier<KisClient> kis) {
        this(kis, Lane.QUOTE);
    }

    private KisQuotes(Supplier<KisClient> kis, Lane lane) {
        this.kis = kis;
        this.lane = lane;
    }

    /** The same in the lane of charts, behind all other requests: of KRX, whatever Korean series is named. */
    public static QuoteSource background(Supplier<KisClient> kis) {
        return new KisQuotes(kis, Lane.HISTORY);
    }

    @Override
    public Result<RestQuote> fetch(MarketSymbol symbol, PriceSeries series, String tenant, Instant deadline) {
        var client = kis.get();
        if (series.isOfVenues() && client.environment() == Environment.PAPER_FACE) {
            return Result.refused(Refusal.of(
                    ErrorCode.UNSUPPORTED_BY_SOURCE, "paper trading has the prices of KRX only; omit venue"));
        }
        return switch (symbol) {
            case Symbol korean ->
                KisRefusals.marketData(price(client, korean, series, tenant, deadline), answer -> answer)
                        .flatMap(answer -> answer.isFound()
                                ? Result.success(quote(answer))
                                : notFound("KIS does not list " + korean + ".", korean));
            case UsSymbol us ->
                KisRefusals.marketData(
                                overseasPrice(client, us, series, options(client, tenant, deadline)), found -> found)
                        .flatMap(found -> found.map(Result::success)
                                .orElseGet(() -> notFound("KIS has no price of " + us + ".", us)));
            default -> throw KisTr.unsupported(symbol);
        };
    }

    private static Result<RestQuote> notFound(String message, MarketSymbol symbol) {
        return Result.refused(Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, message).with("symbol", symbol.code()));
    }

    private KisReply<PriceAnswer> price(
            KisClient client, Symbol symbol, PriceSeries series, String tenant, Instant deadline) {
        return lane == Lane.QUOTE
                ? client.inquirePrice(symbol, venue(series), tenant, deadline)
                : client.domestic().price(symbol, options(client, tenant, deadline));
    }

    private static Venue venue(PriceSeries series) {
        return switch (series) {
            case MAIN, DAY_MARKET -> Venue.KRX;
            case NXT -> Venue.NXT;
            case UNIFIED -> Venue.SOR;
        };
    }

    private CallOptions options(KisClient client, String tenant, Instant deadline) {
        return CallOptions.standard()
                .withLane(lane)
                .withTenant(tenant)
                .withDeadline(client.clock().instant(), deadline);
    }

    /** The price of a US stock; empty when KIS has none. */
    static KisReply<Optional<RestQuote>> overseasPrice(
            KisClient client, UsSymbol symbol, PriceSeries series, CallOptions options) {
        var code = KisTr.toOverseasSymbol(symbol);
        var calls = client.overseas();
        boolean dayMarket = series == PriceSeries.DAY_MARKET;
        var reply = client.environment() == Environment.PAPER_FACE
                ? (dayMarket ? calls.dayPrice(code, options) : calls.price(code, options)).map(KisQuotes::quote)
                : (dayMarket ? calls.dayDetail(code, options) : calls.detail(code, options)).map(KisQuotes::quote);
        return reply.map(quote -> Optional.of(quote).filter(it -> it.price() > 0));
    }

    private static RestQuote quote(OverseasPriceAnswer answer) {
        return overseas(
                Dollars.roundedUnits(answer.price()),
                Dollars.roundedUnits(answer.change()),
                answer.changePct(),
                0,
                0,
                0,
                answer.volume(),
                Dollars.roundedUnits(answer.turnover()));
    }

    /** This call returns no change; it is computed from the previous close. */
    private static RestQuote quote(OverseasDetailAnswer answer) {
        long price = Dollars.roundedUnits(answer.price());
        long base = Dollars.roundedUnits(answer.base());
        long change = base > 0 ? price - base : 0;
        return overseas(
                price,
                change,
                Quote.percent(change, base),
                Dollars.roundedUnits(answer.open().orElse(BigDecimal.ZERO)),
                Dollars.roundedUnits(answer.high().orElse(BigDecimal.ZERO)),
                Dollars.roundedUnits(answer.low().orElse(BigDecimal.ZERO)),
                answer.volume(),
                Dollars.roundedUnits(answer.turnover()));
    }

    private static RestQuote overseas(
            long price, long change, BigDecimal changePct, long open, long high, long low, long volume, long turnover) {
        return new RestQuote(
                price,
                change,
                changePct,
                open,
                high,
                low,
                volume,
                turnover,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Designation.UNKNOWN);
    }

    static RestQuote quote(PriceAnswer answer) {
        return new RestQuote(
                answer.price(),
                answer.change(),
                answer.changePct(),
                answer.open(),
                answer.high(),
                answer.low(),
                answer.volume(),
                answer.turnover(),
                answer.marketCap() > 0
                        ? OptionalLong.of(Math.multiplyExact(answer.marketCap(), EOK))
                        : OptionalLong.empty(),
                price(answer.lowerLimit()),
                price(answer.upperLimit()),
                KisStatus.tradingStatus(answer.tempStop(), answer.statusCode()));
    }

    /** KIS writes 0 where there is none. */
    static OptionalLong price(long won) {
        return won > 0 ? OptionalLong.of(won) : OptionalLong.empty();
    }
}
