package kr.kisgateway.api.watchlist;

import java.util.List;

/**
 * The caller's watchlists. | 호출자의 관심 종목 목록들.
 *
 * @param watchlists Watchlists by name. | 이름순 목록.
 */
public record Watchlists(List<Watchlist> watchlists) {}
