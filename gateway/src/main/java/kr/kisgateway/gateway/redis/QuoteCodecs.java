package kr.kisgateway.gateway.redis;

import kr.kisgateway.gateway.quote.IssueFacts;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;

/** Codecs of prices and issue data, field by field in the order of their records. */
final class QuoteCodecs {
    private QuoteCodecs() {}

    static final class Price implements Codec<RestQuote> {
        @Override
        public void write(FieldWriter fields, RestQuote quote) {
            fields.number(quote.price())
                    .number(quote.change())
                    .decimal(quote.changePct())
                    .number(quote.open())
                    .number(quote.high())
                    .number(quote.low())
                    .number(quote.volume())
                    .number(quote.turnover())
                    .number(quote.marketCap())
                    .number(quote.lower())
                    .number(quote.upper())
                    .text(quote.tradingStatus().name());
        }

        @Override
        public RestQuote read(FieldReader fields) {
            return new RestQuote(
                    fields.number(),
                    fields.number(),
                    fields.decimal(),
                    fields.number(),
                    fields.number(),
                    fields.number(),
                    fields.number(),
                    fields.number(),
                    fields.optionalNumber(),
                    fields.optionalNumber(),
                    fields.optionalNumber(),
                    Designation.valueOf(fields.text()));
        }
    }

    static final class Issue implements Codec<IssueFacts> {
        @Override
        public void write(FieldWriter fields, IssueFacts issue) {
            fields.number(issue.lower())
                    .number(issue.upper())
                    .text(issue.tradingStatus().name());
        }

        @Override
        public IssueFacts read(FieldReader fields) {
            return new IssueFacts(fields.optionalNumber(), fields.optionalNumber(), Designation.valueOf(fields.text()));
        }
    }

    static final class PreviousClose implements Codec<Long> {
        @Override
        public void write(FieldWriter fields, Long close) {
            fields.number(close);
        }

        @Override
        public Long read(FieldReader fields) {
            return fields.number();
        }
    }
}
