package kr.kisgateway.gateway.fuzz;

import java.nio.charset.StandardCharsets;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLayersJson;

/** Any body is limits, which are the same when they are stored and read, or is refused. */
public final class RiskLimitsFuzzer {
    private RiskLimitsFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        RiskLayers limits;
        try {
            limits = RiskLayersJson.read(RequestBody.parse(input));
        } catch (RefusedException refused) {
            return;
        }
        String stored = RiskLayersJson.text(limits);
        if (!RiskLayersJson.read(RequestBody.parse(stored.getBytes(StandardCharsets.UTF_8)))
                .equals(limits)) {
            throw new IllegalStateException(limits + " is stored as " + stored);
        }
    }
}
