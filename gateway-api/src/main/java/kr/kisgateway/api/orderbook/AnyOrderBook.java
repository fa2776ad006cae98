package kr.kisgateway.api.orderbook;

/**
 * Order book of a Korean or US instrument. | 국내 또는 미국 종목의 호가.
 */
public sealed interface AnyOrderBook permits OrderBook, UsOrderBook {
    String symbol();
}
