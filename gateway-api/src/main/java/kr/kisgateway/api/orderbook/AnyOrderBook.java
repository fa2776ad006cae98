package kr.kisgateway.api.orderbook;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Order book of a Korean or US instrument. | 국내 또는 미국 종목의 호가.
 */
public sealed interface AnyOrderBook permits OrderBook, UsOrderBook {
    String symbol();

    String name();

    String session();

    long totalBidQty();

    long totalAskQty();

    Optional<OrderBook.Expected> expected();

    String source();

    BigDecimal freshnessSec();

    String state();
}
