package kr.kisgateway.api.orderbook;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.market.MarketSession;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * Order book of a Korean instrument, in won. | 국내 종목의 호가 (원).
 *
 * @param symbol Short code, as 005930. | 종목코드. 예: 005930.
 * @param name Korean name. | 종목명 (한글).
 * @param market Market: KOSPI, KOSDAQ or KONEX. | 시장. KOSPI, KOSDAQ, KONEX.
 * @param bids Bids, the best first; levels without a price are left out. | 매수호가. 최우선호가부터이며 가격이 없는 단계는 제외.
 * @param asks Asks, the best first; levels without a price are left out. | 매도호가. 최우선호가부터이며 가격이 없는 단계는 제외.
 * @param totalBidQty Bid shares on all levels, visible or not. | 총 매수호가 잔량 (주). 표시되지 않는 단계 포함.
 * @param totalAskQty Ask shares on all levels, visible or not. | 총 매도호가 잔량 (주). 표시되지 않는 단계 포함.
 * @param bestBid Best bid in won; null without bids. | 최우선 매수호가 (원). 매수호가가 없으면 null.
 * @param bestAsk Best ask in won; null without asks. | 최우선 매도호가 (원). 매도호가가 없으면 null.
 * @param spread Best ask less best bid in won; null while a side is empty. | 호가 스프레드 (원). 한쪽 호가가 없으면 null.
 * @param expected Expected match of the auction now; null outside auctions and volatility interruptions, and where
 *     KIS sends none. | 예상체결. 단일가매매나 변동성완화장치 발동 중이 아니거나 KIS 가 제공하지 않으면 null.
 * @param source Where the book came from: kis-ws (pushed), kis-rest (requested), cache (the last known book, only
 *     while KIS fails). | 호가 출처. kis-ws 실시간 수신, kis-rest 조회, cache KIS 장애 중 마지막으로 확인된 호가.
 * @param ts Epoch seconds at which the pushed book was received; null for a requested book, which has no time of its
 *     own. | 실시간 호가의 수신 시각 (epoch 초). 조회한 호가는 자체 시각이 없어 null.
 * @param tsMs The same in epoch ms; null with {@code ts}. | 같은 시각 (epoch ms). {@code ts} 가 null 이면 null.
 * @param freshnessSec Age of the book in seconds, to the ms. | 호가의 경과 시간 (초, ms 단위까지).
 * @param state Reliability: HEALTHY or STALE (older than its promised age, or the last known book). | 상태. HEALTHY 정상,
 *     STALE 지연 또는 마지막으로 확인된 호가.
 * @param session Current session of the market. | 현재 장 구분.
 * @param bookTime Time of the last order in the book by the exchange's clock, as 09:00:01; null without one. | 호가 시각
 *     (거래소 기준). 예: 09:00:01. 없으면 null.
 * @param currency Always KRW. | 통화. 항상 KRW.
 */
public record OrderBook(
        @Symbol String symbol,
        String name,
        @OneOf({"KOSPI", "KOSDAQ", "KONEX"}) String market,
        @Size(max = 10) List<Level> bids,
        @Size(max = 10) List<Level> asks,
        long totalBidQty,
        long totalAskQty,
        OptionalLong bestBid,
        OptionalLong bestAsk,
        OptionalLong spread,
        Optional<Expected> expected,
        @OneOf({"kis-ws", "kis-rest", "nxt", "cache"}) String source,
        OptionalLong ts,
        OptionalLong tsMs,
        @Range(min = 0) BigDecimal freshnessSec,
        @OneOf({"HEALTHY", "STALE"}) String state,
        @MarketSession String session,
        Optional<String> bookTime,
        @OneOf("KRW") String currency)
        implements AnyOrderBook {

    /**
     * A price of the book with its quantity. | 호가 단계.
     *
     * @param price Price in won. | 호가 (원).
     * @param qty Shares at this price. | 호가 잔량 (주).
     * @param count Number of orders at this price; null, because KIS does not send it. | 주문 건수. KIS 가 제공하지 않아 null.
     */
    public record Level(long price, long qty, OptionalLong count) {}

    /**
     * Expected match of an auction. | 단일가매매의 예상체결.
     *
     * @param price Expected price in won. | 예상체결가 (원).
     * @param qty Expected quantity in shares. | 예상체결수량 (주).
     * @param change Signed difference from the base price in won. | 기준가 대비 (원). 부호 포함.
     * @param changePct The same in percent of the base price. | 기준가 대비율 (%). 부호 포함.
     */
    public record Expected(long price, long qty, long change, BigDecimal changePct) {}
}
