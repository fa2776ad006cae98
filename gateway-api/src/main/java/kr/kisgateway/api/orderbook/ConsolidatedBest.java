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
 * The better bid and ask of KRX and NXT, with the venue that has each, in won. | KRX 와 NXT 중 더 유리한 최우선호가와 그 거래소 (원).
 *
 * @param symbol Short code, as 005930. | 종목코드. 예: 005930.
 * @param name Korean name. | 종목명 (한글).
 * @param bid Highest bid of the venues that count; null when none has one. | 가장 높은 매수호가. 없으면 null.
 * @param ask Lowest ask of the venues that count; null when none has one. | 가장 낮은 매도호가. 없으면 null.
 * @param spread Ask less bid in won, below zero when the venues cross; null while a side is empty. | 호가 스프레드 (원). 두 거래소의 호가가
 *     엇갈리면 음수. 한쪽 호가가 없으면 null.
 * @param venues The best prices of each venue that trades the stock, KRX first. | 종목을 거래하는 거래소별 최우선호가. KRX 가 먼저.
 * @param session Current session of the market. | 현재 장 구분.
 * @param currency Always KRW. | 통화. 항상 KRW.
 */
public record ConsolidatedBest(
        @Symbol String symbol,
        String name,
        Optional<Side> bid,
        Optional<Side> ask,
        OptionalLong spread,
        @Size(min = 1, max = 2) List<VenueBest> venues,
        @MarketSession String session,
        @OneOf("KRW") String currency) {

    /**
     * A best price with who has it. | 최우선호가와 그 거래소.
     *
     * @param price Price in won. | 호가 (원).
     * @param qty Shares at this price, of all venues named. | 호가 잔량 (주). 해당 거래소 합계.
     * @param venues Venues with this price, KRX first. | 이 호가가 있는 거래소. KRX 가 먼저.
     */
    public record Side(
            long price, long qty, @Size(min = 1, max = 2) List<@OneOf({"KRX", "NXT"}) String> venues) {}

    /**
     * The best prices of one venue. | 거래소별 최우선호가.
     *
     * @param venue Venue. | 거래소.
     * @param counts Whether it counts for the best prices: it matches orders as they arrive, and its book is HEALTHY. |
     *     비교 대상 여부. 접속매매 중이고 호가가 HEALTHY 이면 true.
     * @param bid Best bid in won; null without bids. | 최우선 매수호가 (원). 없으면 null.
     * @param bidQty Shares at it; null without bids. | 최우선 매수호가 잔량 (주). 없으면 null.
     * @param ask Best ask in won; null without asks. | 최우선 매도호가 (원). 없으면 null.
     * @param askQty Shares at it; null without asks. | 최우선 매도호가 잔량 (주). 없으면 null.
     * @param source Where the book came from, as in the order book. | 호가 출처. 호가 조회와 같음.
     * @param state Reliability of the book: HEALTHY or STALE. | 호가 상태. HEALTHY 정상, STALE 지연 또는 마지막으로 확인된 호가.
     * @param freshnessSec Age of the book in seconds, to the ms. | 호가의 경과 시간 (초, ms 단위까지).
     */
    public record VenueBest(
            @OneOf({"KRX", "NXT"}) String venue,
            boolean counts,
            OptionalLong bid,
            OptionalLong bidQty,
            OptionalLong ask,
            OptionalLong askQty,
            @OneOf({"kis-ws", "kis-rest", "nxt", "cache"}) String source,
            @OneOf({"HEALTHY", "STALE"}) String state,
            @Range(min = 0) BigDecimal freshnessSec) {}
}
