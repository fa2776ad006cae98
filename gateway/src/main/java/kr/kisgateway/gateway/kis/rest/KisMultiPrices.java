package kr.kisgateway.gateway.kis.rest;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.DomesticCalls;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.quote.MultiPriceSource;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.parse.QuickPrice;

/** Prices from intstock-multprice (관심종목 멀티종목 시세조회), thirty a call; on paper, which lacks it, from inquire-price. */
public final class KisMultiPrices implements MultiPriceSource {
    private final Supplier<KisClient> kis;
    private final InstantSource clock;

    /** @param kis resolved at each call */
    public KisMultiPrices(Supplier<KisClient> kis, InstantSource clock) {
        this.kis = kis;
        this.clock = clock;
    }

    @Override
    public int groupSizeMax() {
        return isPaper(kis.get()) ? 1 : DomesticCalls.PRICES_MAX;
    }

    @Override
    public Result<Map<Symbol, Price>> requestPrices(List<Symbol> symbols, String tenant, Instant deadline) {
        var client = kis.get();
        return isPaper(client)
                ? requestOne(client, symbols.getFirst(), tenant, deadline)
                : requestMany(client, symbols, tenant, deadline);
    }

    private Result<Map<Symbol, Price>> requestMany(
            KisClient client, List<Symbol> symbols, String tenant, Instant deadline) {
        var options =
                CallOptions.standard().withLane(Lane.QUOTE).withTenant(tenant).withDeadline(clock.instant(), deadline);
        return KisRefusals.marketData(client.domestic().prices(symbols, options), rows -> {
            Map<Symbol, Price> prices = new HashMap<>();
            for (QuickPrice row : rows) {
                // A symbol unknown to KIS has a row of zeros.
                if (row.price() > 0) {
                    prices.put(row.symbol(), new Price(quote(row), row.bid(), row.ask()));
                }
            }
            return prices;
        });
    }

    private static Result<Map<Symbol, Price>> requestOne(
            KisClient client, Symbol symbol, String tenant, Instant deadline) {
        return KisRefusals.marketData(
                client.inquirePrice(symbol, Venue.KRX, tenant, deadline),
                answer -> answer.isFound() ? Map.of(symbol, new Price(KisQuotes.quote(answer), 0, 0)) : Map.of());
    }

    private static boolean isPaper(KisClient client) {
        return client.environment() == Environment.PAPER_FACE;
    }

    /** This call returns neither market capitalization nor trading status. */
    private static RestQuote quote(QuickPrice row) {
        return new RestQuote(
                row.price(),
                row.change(),
                row.changePct(),
                row.open(),
                row.high(),
                row.low(),
                row.volume(),
                row.turnover(),
                OptionalLong.empty(),
                KisQuotes.price(row.lowerLimit()),
                KisQuotes.price(row.upperLimit()),
                Designation.UNKNOWN);
    }
}
