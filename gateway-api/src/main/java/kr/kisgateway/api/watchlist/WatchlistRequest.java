package kr.kisgateway.api.watchlist;

import java.util.List;

/**
 * The symbols of a watchlist. | 관심 종목 목록의 종목.
 *
 * @param symbols Symbols of listed instruments, at most 500, each once. | 상장 종목 코드, 최대 500개, 중복 없이.
 */
public record WatchlistRequest(List<String> symbols) {}
