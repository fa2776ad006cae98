package kr.kisgateway.api.order;

import java.util.List;
import java.util.Optional;

/**
 * A page of orders, newest first. | 주문 목록의 한 페이지(최신순).
 *
 * @param orders Orders of the page. | 주문 목록.
 * @param nextCursor Value of {@code cursor} for the next page; null on the last one. | 다음 페이지의 cursor 값. 마지막 페이지는
 *     null.
 */
public record OrderPage(List<Order> orders, Optional<String> nextCursor) {}
