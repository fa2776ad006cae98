package kr.kisgateway.api.batch;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;

/**
 * First line of a batch: its expected effort. | 일괄 조회의 첫 행: 예상 소요.
 *
 * @param expected Expected effort of the batch. | 예상 소요.
 */
public record BatchExpected(Expected expected) {

    /**
     * Expected effort of a batch. | 일괄 조회의 예상 소요.
     *
     * @param symbols Distinct symbols of the request. | 요청 종목 수 (중복 제외).
     * @param cached Of these, symbols answered without a call to KIS. | 그중 KIS 호출 없이 응답하는 종목 수.
     * @param calls Calls to KIS for the others, provided that none is repeated and no history file has the bars. |
     *     나머지 종목의 KIS 호출 건수. 재시도가 없고 과거 데이터 파일에 봉이 없는 경우 기준.
     * @param seconds Minimum duration of these calls in seconds, without other traffic. | 다른 호출이 없을 때 최소 소요 시간 (초).
     */
    public record Expected(
            long symbols, @JsonProperty("at_hand") long cached, long calls, BigDecimal seconds) {}
}
