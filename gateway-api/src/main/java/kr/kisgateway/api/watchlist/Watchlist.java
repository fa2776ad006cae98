package kr.kisgateway.api.watchlist;

import java.time.OffsetDateTime;
import java.util.List;

/**
 * A named list of symbols. | 관심 종목 목록.
 *
 * @param name Name, unique among the caller's. | 이름.
 * @param symbols Symbols in the order of the list. | 종목 코드 (표시 순서).
 * @param updatedAt Time of the last change. | 마지막 변경 시각.
 */
public record Watchlist(String name, List<String> symbols, OffsetDateTime updatedAt) {}
