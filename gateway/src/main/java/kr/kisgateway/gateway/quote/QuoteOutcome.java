package kr.kisgateway.gateway.quote;

import kr.kisgateway.gateway.error.Refusal;

/** A quote, or the reason for its absence. */
public sealed interface QuoteOutcome {
    record Korean(Quote quote) implements QuoteOutcome {}

    record Us(UsQuote quote) implements QuoteOutcome {}

    record Refused(Refusal refusal) implements QuoteOutcome {}
}
