package kr.kisgateway.gateway.quote;

/** A quote of a Korean or US instrument. */
sealed interface Priced {
    record Korean(Quote quote) implements Priced {}

    record Us(UsQuote quote) implements Priced {}
}
