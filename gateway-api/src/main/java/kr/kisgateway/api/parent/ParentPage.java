package kr.kisgateway.api.parent;

import java.util.List;
import java.util.Optional;

/**
 * A page of parent orders, newest first. | 예약 목록의 한 페이지(최신순).
 *
 * @param parents Parent orders of the page. | 예약 목록.
 * @param nextCursor Value of {@code cursor} for the next page; null on the last one. | 다음 페이지의 cursor 값. 마지막 페이지는
 *     null.
 */
public record ParentPage(List<Parent> parents, Optional<String> nextCursor) {}
