package kr.kisgateway.api.market;

import java.util.List;

/**
 * Current values of KOSPI, KOSDAQ and KOSPI 200. | KOSPI, KOSDAQ, KOSPI 200의 현재지수.
 *
 * @param indices Indices with a value, by code. | 조회된 지수 (코드순).
 * @param failed Indices without a value, by code; empty when all have one. | 조회하지 못한 지수 (코드순). 모두 조회되면 빈 배열.
 */
public record Indices(List<Index> indices, List<Failure> failed) {

    /**
     * An index without a value, and why. | 조회하지 못한 지수와 그 사유.
     *
     * @param code Code of the index at KIS, four digits. | KIS 업종코드 4자리.
     * @param error Error code of the refusal, as in {@code code} of ApiError. | 오류 코드 (ApiError의 {@code code}와 같음).
     */
    public record Failure(String code, String error) {}
}
