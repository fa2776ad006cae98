package kr.kisgateway.gateway.marketwide;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Criterion of a ranking. */
public enum RankingKind {
    /** Shares traded (거래량). */
    VOLUME,
    /** Won traded (거래대금). */
    TURNOVER,
    /** Growth of the volume (거래증가율). */
    VOLUME_GROWTH,
    /** Shares traded in relation to those listed (거래회전율). */
    TURNOVER_RATE,
    /** Risen most since the last close (상승률). */
    GAINERS,
    /** Fallen most since the last close (하락률). */
    LOSERS,
    /** Highest market capitalization (시가총액). */
    MARKET_CAP;

    /** Name in the API: {@code market-cap}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<RankingKind> of(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName().equals(name))
                .findFirst();
    }

    static List<String> wireNames() {
        return Arrays.stream(values()).map(RankingKind::wireName).toList();
    }
}
