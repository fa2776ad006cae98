package kr.kisgateway.api.orderbook;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.UsSymbol;
import kr.kisgateway.api.market.UsMarketSession;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * Order book of a US stock, in dollars. | 미국 주식의 호가 (달러).
 *
 * @param symbol Ticker and exchange, as AAPL.NASD. | 티커와 거래소. 예: AAPL.NASD.
 * @param name Korean name where there is one, otherwise the English one. | 종목명. 한글명이 없으면 영문명.
 * @param market Exchange: NASD, NYSE or AMEX. | 거래소. NASD, NYSE, AMEX.
 * @param bids Bids, the best first, at most as many levels as KIS sends. | 매수호가. 최우선호가부터, KIS 가 제공하는 단계까지.
 * @param asks Asks, the best first, at most as many levels as KIS sends. | 매도호가. 최우선호가부터, KIS 가 제공하는 단계까지.
 * @param totalBidQty Bid shares on all levels, visible or not. | 총 매수호가 잔량 (주). 표시되지 않는 단계 포함.
 * @param totalAskQty Ask shares on all levels, visible or not. | 총 매도호가 잔량 (주). 표시되지 않는 단계 포함.
 * @param bestBid Best bid in dollars; null without bids. | 최우선 매수호가 (달러). 매수호가가 없으면 null.
 * @param bestAsk Best ask in dollars; null without asks. | 최우선 매도호가 (달러). 매도호가가 없으면 null.
 * @param spread Best ask less best bid in dollars; null while a side is empty. | 호가 스프레드 (달러). 한쪽 호가가 없으면 null.
 * @param expected Always null: KIS sends no expected match of US auctions. | 항상 null. KIS 는 미국 단일가매매의 예상체결을 제공하지
 *     않습니다.
 * @param source Where the book came from: kis-ws (pushed), kis-rest (requested), cache (the last known book, only
 *     while KIS fails). | 호가 출처. kis-ws 실시간 수신, kis-rest 조회, cache KIS 장애 중 마지막으로 확인된 호가.
 * @param ts Epoch seconds at which the pushed book was received; null for a requested book, which has no time of its
 *     own. | 실시간 호가의 수신 시각 (epoch 초). 조회한 호가는 자체 시각이 없어 null.
 * @param tsMs The same in epoch ms; null with {@code ts}. | 같은 시각 (epoch ms). {@code ts} 가 null 이면 null.
 * @param freshnessSec Age of the book in seconds, to the ms. | 호가의 경과 시간 (초, ms 단위까지).
 * @param state Reliability: HEALTHY or STALE (older than its promised age, or the last known book). | 상태. HEALTHY 정상,
 *     STALE 지연 또는 마지막으로 확인된 호가.
 * @param session Current session of New York, as a Korean broker offers it. | 현재 미국 장 구분 (국내 증권사 기준).
 * @param bookTime Time of the book at KIS by New York's clock, as 09:30:01; null where KIS does not send it. | 호가 시각
 *     (뉴욕 시각). 예: 09:30:01. 제공되지 않으면 null.
 * @param currency Always USD. | 통화. 항상 USD.
 * @param depth Requested levels per side, the most that this answer can have. | 요청한 호가 깊이. 이 응답의 최대 단계 수.
 * @param feed KIS feed that pushed the book: free, paid or day-market; null for a requested book. | 실시간 시세 구분. free
 *     무료시세, paid 유료시세, day-market 주간거래. 조회한 호가이면 null.
 */
public record UsOrderBook(
        @UsSymbol String symbol,
        String name,
        @OneOf({"NASD", "NYSE", "AMEX"}) String market,
        @Size(max = 10) List<Level> bids,
        @Size(max = 10) List<Level> asks,
        long totalBidQty,
        long totalAskQty,
        Optional<BigDecimal> bestBid,
        Optional<BigDecimal> bestAsk,
        Optional<BigDecimal> spread,
        Optional<OrderBook.Expected> expected,
        @OneOf({"kis-ws", "kis-rest", "cache"}) String source,
        OptionalLong ts,
        OptionalLong tsMs,
        @Range(min = 0) BigDecimal freshnessSec,
        @OneOf({"HEALTHY", "STALE"}) String state,
        @UsMarketSession String session,
        Optional<String> bookTime,
        @OneOf("USD") String currency,
        @Range(min = 1, max = 10) long depth,
        @OneOf({"free", "paid", "day-market"}) Optional<String> feed)
        implements AnyOrderBook {

    /**
     * A price of the book with its quantity. | 호가 단계.
     *
     * @param price Price in dollars. | 호가 (달러).
     * @param qty Shares at this price. | 호가 잔량 (주).
     * @param count Number of orders at this price; null, because KIS does not send it. | 주문 건수. KIS 가 제공하지 않아 null.
     */
    public record Level(BigDecimal price, long qty, OptionalLong count) {}
}
