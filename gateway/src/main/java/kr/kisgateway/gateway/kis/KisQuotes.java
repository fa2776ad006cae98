package kr.kisgateway.gateway.kis;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.quote.QuoteSource;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.parse.PriceAnswer;

/** Prices from inquire-price (주식현재가 시세). */
public final class KisQuotes implements QuoteSource {
    /** {@code hts_avls} is in hundred millions of won (억원). */
    private static final long EOK = 100_000_000;

    private final Supplier<KisClient> kis;

    /** @param kis resolved at each call */
    public KisQuotes(Supplier<KisClient> kis) {
        this.kis = kis;
    }

    /** The same in the lane of charts, behind all other requests: of KRX, whatever venue is named. */
    public static QuoteSource background(Supplier<KisClient> kis) {
        return (symbol, venue, tenant, deadline) -> {
            var client = kis.get();
            var timeLeft = Duration.between(client.clock().instant(), deadline);
            var options = CallOptions.standard()
                    .withLane(Lane.HISTORY)
                    .withTenant(tenant)
                    .withTimeout(timeLeft.isPositive() ? timeLeft : Duration.ofMillis(1));
            return KisRefusals.marketData(client.domestic().price(symbol, options), KisQuotes::quote);
        };
    }

    @Override
    public Result<RestQuote> fetch(Symbol symbol, Venue venue, String tenant, Instant deadline) {
        return KisRefusals.marketData(kis.get().inquirePrice(symbol, venue, tenant, deadline), answer -> answer)
                .flatMap(answer -> answer.isFound()
                        ? Result.success(quote(answer))
                        : Result.refused(Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "KIS does not list " + symbol + ".")));
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
