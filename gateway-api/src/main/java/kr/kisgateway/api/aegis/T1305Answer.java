package kr.kisgateway.api.aegis;

import java.util.List;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OneOf;

/**
 * t1305: prices by day, week or month. | t1305: 기간별 주가.
 *
 * @param rspCd Always 1. | 항상 1.
 * @param rspMsg OK. | 정상.
 * @param data The periods. | 기간별 주가.
 */
public record T1305Answer(@OneOf("1") String rspCd, String rspMsg, Data data) implements AegisAnswer {
    /**
     * Periods, the newest first, adjusted for splits. | 기간별 주가. 최신부터이며 수정주가.
     *
     * @param shcode Short code. | 종목코드.
     * @param dwmcode 1 days, 2 weeks, 3 months. | 1 일, 2 주, 3 월.
     * @param cnt Number of periods in {@code list}. | {@code list} 의 건수.
     * @param ctsDate Send it as {@code cts_date} for the periods before these; empty when there are none. | 이전 기간을 조회할 때
     *     {@code cts_date} 로 보낼 값. 더 없으면 빈 문자열.
     * @param asOfMs Time at which KIS answered, epoch ms: an answer is served for up to 30 minutes. | KIS 가 응답한 시각 (epoch
     *     ms). 최대 30분간 같은 응답을 제공.
     * @param list The periods. | 기간 목록.
     */
    public record Data(
            @Symbol String shcode,
            @OneOf({"1", "2", "3"}) String dwmcode,
            long cnt,
            @Form("^([0-9]{8})?$") String ctsDate,
            long asOfMs,
            List<Row> list) {}

    /**
     * A period. | 한 기간의 주가.
     *
     * @param date Day, or first day of the week or month with a trade, as 20261120. | 일자. 예: 20261120.
     * @param open First price in won. | 시가 (원).
     * @param high Highest price in won. | 고가 (원).
     * @param low Lowest price in won. | 저가 (원).
     * @param close Last price in won. | 종가 (원).
     * @param volume Shares traded. | 거래량 (주).
     * @param value Turnover in won; null where KIS sends none. | 거래대금 (원). KIS 가 제공하지 않으면 null.
     */
    public record Row(
            @Form("^[0-9]{8}$") String date,
            long open,
            long high,
            long low,
            long close,
            long volume,
            OptionalLong value) {}
}
