package kr.kisgateway.api.batch;

/**
 * Last line of a batch: its figures. It is missing when the batch was ended early. | 일괄 조회의 마지막 행: 처리 결과 수치. 중간에 종료되면
 * 없습니다.
 *
 * @param stats Figures of the batch. | 처리 결과 수치.
 */
public record BatchStats(Stats stats) {

    /**
     * Figures of a batch. | 일괄 조회의 처리 결과 수치.
     *
     * @param requested Distinct symbols of the request. | 요청 종목 수 (중복 제외).
     * @param succeeded Symbols answered with a result. | 성공 종목 수.
     * @param failed Symbols answered with a failure. | 실패 종목 수.
     * @param durationMs Duration of the batch in ms. | 소요 시간 (ms).
     * @param perSecond Symbols answered per second. | 초당 응답 종목 수.
     */
    public record Stats(long requested, long succeeded, long failed, long durationMs, long perSecond) {}
}
