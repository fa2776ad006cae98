package kr.kisgateway.api.aegis;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * t1101: price with order book. | t1101: 현재가 호가 조회.
 *
 * @param rspCd 1 ok; 9 when the price or the book is not current ({@code state}). | 1 정상, 9 현재가나 호가가 최신이 아님({@code
 *     state} 참조).
 * @param rspMsg What the code means. | 코드의 뜻.
 * @param data Price and book. | 현재가와 호가.
 */
public record T1101Answer(@OneOf({"1", "9"}) String rspCd, String rspMsg, Data data) implements AegisAnswer {
    /**
     * Price and ten levels a side, in won. | 현재가와 10단계 호가 (원).
     *
     * @param shcode Short code, as 005930. | 종목코드. 예: 005930.
     * @param hname Korean name. | 종목명 (한글).
     * @param price Price in won. | 현재가 (원).
     * @param change Signed difference from the previous close in won. | 전일 대비 (원). 부호 포함.
     * @param diff The same in percent. | 전일 대비율 (%). 부호 포함.
     * @param volume Shares traded today. | 누적 거래량 (주).
     * @param value Turnover of today in won. | 누적 거래대금 (원).
     * @param jnilclose Previous close in won. | 전일 종가 (원).
     * @param open First price of the day; null before it. | 시가 (원). 없으면 null.
     * @param high Highest price of the day; null before the first. | 고가 (원). 없으면 null.
     * @param low Lowest price of the day; null before the first. | 저가 (원). 없으면 null.
     * @param levels The book: asks {@code offerho1} to {@code offerho10} with their shares {@code offerrem1} to {@code
     *     offerrem10}, bids {@code bidho1} to {@code bidho10} with {@code bidrem1} to {@code bidrem10}; 1 is the best, 0
     *     means none. | 호가: 매도호가 {@code offerho1}~{@code offerho10} 와 잔량 {@code offerrem1}~{@code offerrem10}, 매수호가
     *     {@code bidho1}~{@code bidho10} 와 잔량 {@code bidrem1}~{@code bidrem10}. 1이 최우선이며 없으면 0.
     * @param offer Ask shares on all levels. | 총 매도호가 잔량 (주).
     * @param bid Bid shares on all levels. | 총 매수호가 잔량 (주).
     * @param hotime Time of the last order in the book by the exchange's clock, HHmmss; null without one. | 호가 시각
     *     (HHmmss). 없으면 null.
     * @param yeprice Expected price of an auction; null outside one. | 예상체결가 (원). 단일가매매가 아니면 null.
     * @param yevolume Expected quantity of an auction; null outside one. | 예상체결수량 (주). 단일가매매가 아니면 null.
     * @param marketCap Market capitalization in won: KIS's, or listed shares times price where the price is pushed; left
     *     out in v3.0 and where it is unknown. | 시가총액 (원). KIS 제공값이며, 실시간 가격이면 상장주식수 × 현재가. v3.0 에는 없고 알 수 없으면 생략.
     * @param state The worse of the states of price and book: HEALTHY, STALE, FALLBACK. | 현재가와 호가 중 나쁜 쪽의 상태.
     * @param source Where the price came from, as in {@code /v1/quotes}. | 현재가 출처 ({@code /v1/quotes} 와 같음).
     * @param freshnessSec Age of the older of price and book in seconds, to the ms. | 현재가와 호가 중 오래된 쪽의 경과 시간 (초, ms
     *     단위까지).
     */
    public record Data(
            @Symbol String shcode,
            String hname,
            long price,
            long change,
            BigDecimal diff,
            long volume,
            long value,
            long jnilclose,
            OptionalLong open,
            OptionalLong high,
            OptionalLong low,

            @JsonAnyGetter @JsonAnySetter @Form("^(offerho|offerrem|bidho|bidrem)([1-9]|10)$")
            Map<String, Long> levels,

            long offer,
            long bid,
            Optional<String> hotime,
            OptionalLong yeprice,
            OptionalLong yevolume,
            @JsonProperty("marketCap") @OmittedWhenEmpty OptionalLong marketCap,
            @OneOf({"HEALTHY", "STALE", "FALLBACK"}) String state,
            String source,
            @Range(min = 0) BigDecimal freshnessSec) {}
}
