package kr.kisgateway.api.history;

import java.util.List;

/**
 * Recordings of ticks. | 틱 기록 목록.
 *
 * @param recordings Recordings, oldest first; those with a symbol outside the key's scope are left out. | 기록 목록 (오래된
 *     순). 키의 허용 범위 밖의 종목이 있는 기록은 제외합니다.
 */
public record Recordings(List<Recording> recordings) {}
