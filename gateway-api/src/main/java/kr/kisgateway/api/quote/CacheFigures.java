package kr.kisgateway.api.quote;

/**
 * Figures of one cache since the start. | 캐시별 시작 이후 수치.
 *
 * @param hits Requests answered from memory. | 메모리에서 응답한 조회 건수.
 * @param misses The other requests. | 그 밖의 조회 건수.
 * @param calls Calls to KIS. | KIS 호출 건수.
 * @param size Answers cached now; for bars, the number of bars. | 현재 저장된 응답 수. 봉은 봉 개수.
 */
public record CacheFigures(long hits, long misses, long calls, long size) {}
