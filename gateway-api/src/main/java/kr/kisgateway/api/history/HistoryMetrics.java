package kr.kisgateway.api.history;

/**
 * Figures of bars, history files and tick recordings: counts since the gateway started, except those of the current
 * state and of the day. | 봉, 과거 데이터 파일, 틱 기록의 지표. 현재 상태와 당일 값 외에는 게이트웨이 시작 이후의 누계입니다.
 *
 * @param barsHeld Bars of Korean instruments cached in memory now. | 현재 메모리에 캐시된 국내 종목의 봉 수.
 * @param barCalls Calls to KIS for requested bars of Korean instruments. | 국내 종목의 봉 조회를 위한 KIS 호출 수.
 * @param lateReads Reads of the files that were cancelled after 5 s. | 5초를 넘겨 취소된 파일 읽기 수.
 * @param krxCallsToday Calls to the exchange's Open API on this day in Seoul, counted across restarts. | 거래소 Open API의
 *     당일(서울) 호출 수. 재시작 후에도 이어서 집계합니다.
 * @param krxCallsAllowed Calls to the exchange's Open API allowed per day; 0 without {@code KRX_AUTH_KEY}. | 거래소 Open
 *     API의 일별 호출 한도. {@code KRX_AUTH_KEY}가 없으면 0.
 * @param recordings Recordings that are active now. | 현재 진행 중인 틱 기록 수.
 * @param recordedSeries Channels of symbols that are recorded now. | 현재 기록 중인 종목별 채널 수.
 * @param ticksWritten Rows written to the files. | 파일에 기록한 행 수.
 * @param ticksWaiting Rows in memory that are not written yet. | 아직 기록하지 않은 메모리의 행 수.
 * @param ticksDropped Ticks dropped because the queue in memory was full; a gap is recorded for them. | 메모리 대기열이 가득 차
 *     버린 틱 수. 누락 구간으로 기록합니다.
 * @param tickFilesWritten Files of ticks written. | 기록한 틱 파일 수.
 * @param recordingsStopped Number of times that all recordings stopped because files could not be written. | 파일을 쓸 수 없어
 *     모든 기록이 중단된 횟수.
 * @param daysDeleted Days of files that were deleted because of their age. | 보관 기간이 지나 삭제된 파일의 일수.
 * @param upkeepFailures Daily maintenance tasks that failed. | 실패한 일일 정리 작업 수.
 */
public record HistoryMetrics(
        long barsHeld,
        long barCalls,
        long lateReads,
        long krxCallsToday,
        long krxCallsAllowed,
        long recordings,
        long recordedSeries,
        long ticksWritten,
        long ticksWaiting,
        long ticksDropped,
        long tickFilesWritten,
        long recordingsStopped,
        long daysDeleted,
        long upkeepFailures) {}
