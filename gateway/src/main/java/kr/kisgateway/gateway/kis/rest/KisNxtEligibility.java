package kr.kisgateway.gateway.kis.rest;

import java.time.Instant;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.NxtEligibilitySource;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.InstrumentAnswer;

/** Whether NXT trades a stock, from search-stock-info (주식기본조회), which paper trading lacks, as it lacks NXT. */
public final class KisNxtEligibility implements NxtEligibilitySource {
    /** Requests for orders are the gateway's own tenant. */
    private static final String TENANT = "orders";

    private final Supplier<KisClient> kis;

    /** @param kis resolved at each call */
    public KisNxtEligibility(Supplier<KisClient> kis) {
        this.kis = kis;
    }

    @Override
    public Result<Boolean> isOnNxt(Symbol symbol, Instant deadline) {
        KisClient client = kis.get();
        if (client.environment() == Environment.PAPER_FACE) {
            return Result.refused(Refusal.of(ErrorCode.UNSUPPORTED_BY_SOURCE, "paper trading has no NXT"));
        }
        CallOptions options = CallOptions.standard()
                .withLane(Lane.QUOTE)
                .withTenant(TENANT)
                .withDeadline(client.clock().instant(), deadline);
        return KisRefusals.marketData(client.domestic().instrument(symbol, options), InstrumentAnswer::onNxt);
    }
}
