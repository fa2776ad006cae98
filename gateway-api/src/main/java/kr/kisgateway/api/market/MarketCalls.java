package kr.kisgateway.api.market;

import java.util.OptionalInt;
import kr.kisgateway.api.call.ApiCall;

/** The calls about whole markets. */
public final class MarketCalls {
    private MarketCalls() {}

    /** Current and next session of each market. */
    public static ApiCall<MarketStatus> status() {
        return ApiCall.get("/v1/market/status", MarketStatus.class);
    }

    /** The first places of a ranking, at most {@code limit}; without one thirty. */
    public static ApiCall<Ranking> ranking(String kind, OptionalInt limit) {
        return ApiCall.get(
                new ApiCall.Path("/v1/rankings/" + ApiCall.encode(kind))
                        .with("limit", limit)
                        .toString(),
                Ranking.class);
    }

    /** The current value of the index with KIS's code of four digits. */
    public static ApiCall<Index> index(String code) {
        return ApiCall.get("/v1/indices/" + ApiCall.encode(code), Index.class);
    }

    /** KOSPI, KOSDAQ and KOSPI 200. */
    public static ApiCall<Indices> indices() {
        return ApiCall.get("/v1/indices", Indices.class);
    }

    /** Trading of a stock by investor group on the last thirty days. */
    public static ApiCall<Investors> investors(String symbol) {
        return ApiCall.get("/v1/investors/" + ApiCall.encode(symbol), Investors.class);
    }

    /** Price and net asset value of an ETF or ETN. */
    public static ApiCall<EtfNav> etfNav(String symbol) {
        return ApiCall.get("/v1/etf/" + ApiCall.encode(symbol) + "/nav", EtfNav.class);
    }
}
