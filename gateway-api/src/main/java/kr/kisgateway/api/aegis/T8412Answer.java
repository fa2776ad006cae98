package kr.kisgateway.api.aegis;

import java.util.List;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OneOf;

/**
 * t8412: chart of minutes. | t8412: 주식차트 (N분).
 *
 * @param rspCd Always 1. | 항상 1.
 * @param rspMsg OK. | 정상.
 * @param data The bars. | 분봉.
 */
public record T8412Answer(@OneOf("1") String rspCd, String rspMsg, Data data) implements AegisAnswer {
    /**
     * Bars of minutes, the oldest first. | 분봉. 오래된 것부터.
     *
     * @param shcode Short code. | 종목코드.
     * @param ncnt Minutes of a bar. | 봉의 단위 (분).
     * @param cnt Number of bars in {@code list}. | {@code list} 의 건수.
     * @param ctsDate Send it as {@code cts_date} for the bars before these; empty when there are none. | 이전 봉을 조회할 때 {@code
     *     cts_date} 로 보낼 값. 더 없으면 빈 문자열.
     * @param ctsTime Send it as {@code cts_time} beside it; empty with it. | 함께 {@code cts_time} 으로 보낼 값. 더 없으면 빈 문자열.
     * @param asOfMs Time at which KIS answered, epoch ms: an answer is served for up to 5 minutes. | KIS 가 응답한 시각 (epoch
     *     ms). 최대 5분간 같은 응답을 제공.
     * @param list The bars. | 분봉 목록.
     */
    public record Data(
            @Symbol String shcode,
            long ncnt,
            long cnt,
            @Form("^([0-9]{8})?$") String ctsDate,
            @Form("^([0-9]{6})?$") String ctsTime,
            long asOfMs,
            List<Row> list) {}

    /**
     * A bar. | 봉 하나.
     *
     * @param date Day, as 20261120. | 일자. 예: 20261120.
     * @param time Begin of the bar, HHmmss. | 봉의 시작 시각 (HHmmss).
     * @param open First price in won. | 시가 (원).
     * @param high Highest price in won. | 고가 (원).
     * @param low Lowest price in won. | 저가 (원).
     * @param close Last price in won. | 종가 (원).
     * @param volume Shares traded ({@code jdiff_vol}). | 거래량 (주).
     * @param value Turnover in won; null where it is unknown. | 거래대금 (원). 알 수 없으면 null.
     */
    public record Row(
            @Form("^[0-9]{8}$") String date,
            @Form("^[0-9]{6}$") String time,
            long open,
            long high,
            long low,
            long close,
            long volume,
            OptionalLong value) {}
}
