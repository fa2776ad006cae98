package kr.kisgateway.api.job;

import java.util.List;
import java.util.Optional;

/**
 * One page of jobs. The last 100 ended jobs are retained. | 작업 목록 한 페이지. 종료된 작업은 최근 100개까지 보관합니다.
 *
 * @param jobs Jobs, newest first: their figures, without failures, notes, result and files. | 작업 목록 (최신순). 수치만 포함하며 실패
 *     내역, 참고 사항, 결과, 파일은 제외합니다.
 * @param nextCursor Value of {@code cursor} for the next page, with older jobs; null if there are none. | 더 오래된 다음 페이지의
 *     {@code cursor} 값. 없으면 null.
 */
public record JobPage(List<Job> jobs, Optional<String> nextCursor) {}
