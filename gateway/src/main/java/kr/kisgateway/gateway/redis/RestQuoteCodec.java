package kr.kisgateway.gateway.redis;

import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalLong;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.risk.MarketFacts.Standing;

/** A Korean price as twelve fields, in the order of {@link RestQuote}. */
final class RestQuoteCodec implements RedisShelf.Codec<RestQuote> {
    @Override
    public int count() {
        return 12;
    }

    @Override
    public List<String> write(RestQuote quote) {
        return List.of(
                Long.toString(quote.price()),
                Long.toString(quote.change()),
                quote.changePct().toPlainString(),
                Long.toString(quote.open()),
                Long.toString(quote.high()),
                Long.toString(quote.low()),
                Long.toString(quote.volume()),
                Long.toString(quote.turnover()),
                optional(quote.marketCap()),
                optional(quote.lower()),
                optional(quote.upper()),
                quote.standing().name());
    }

    @Override
    public RestQuote read(List<String> fields) {
        return new RestQuote(
                Long.parseLong(fields.get(0)),
                Long.parseLong(fields.get(1)),
                new BigDecimal(fields.get(2)),
                Long.parseLong(fields.get(3)),
                Long.parseLong(fields.get(4)),
                Long.parseLong(fields.get(5)),
                Long.parseLong(fields.get(6)),
                Long.parseLong(fields.get(7)),
                optional(fields.get(8)),
                optional(fields.get(9)),
                optional(fields.get(10)),
                Standing.valueOf(fields.get(11)));
    }

    private static String optional(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : "";
    }

    private static OptionalLong optional(String text) {
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }
}
