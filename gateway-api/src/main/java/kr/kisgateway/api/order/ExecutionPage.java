package kr.kisgateway.api.order;

import java.util.List;
import java.util.Optional;

/**
 * A page of executions, the last recorded first. | 체결 내역의 한 페이지(최신순).
 *
 * @param executions Executions of the page. | 체결 목록.
 * @param nextCursor Value of {@code cursor} for the next page; null on the last one. | 다음 페이지의 cursor 값. 마지막 페이지는
 *     null.
 */
public record ExecutionPage(List<Execution> executions, Optional<String> nextCursor) {}
