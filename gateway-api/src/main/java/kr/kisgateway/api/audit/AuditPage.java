package kr.kisgateway.api.audit;

import java.util.List;
import java.util.Optional;

/**
 * A page of the audit, the newest row first. | 감사 기록의 한 페이지(최신순).
 *
 * @param rows Rows of the page. | 기록 목록.
 * @param nextCursor Value of {@code cursor} for the next page; null on the last one. | 다음 페이지의 cursor 값. 마지막 페이지는 null.
 * @param sealedThrough Last month that is in sealed files, which this call does not search: {@code ./kis audit search} does; null before
 *     the first. | 봉인된 파일로 옮겨진 마지막 달. 이 호출은 봉인된 파일을 검색하지 않으며 {@code ./kis audit search} 가 검색합니다. 없으면 null.
 */
public record AuditPage(List<AuditRow> rows, Optional<String> nextCursor, Optional<String> sealedThrough) {}
