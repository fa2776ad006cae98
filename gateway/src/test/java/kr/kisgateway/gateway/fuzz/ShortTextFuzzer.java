package kr.kisgateway.gateway.fuzz;

import java.nio.charset.StandardCharsets;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.access.KeyText;
import kr.kisgateway.gateway.access.Network;
import kr.kisgateway.gateway.audit.AuditTimes;
import kr.kisgateway.gateway.database.PostgresAddress;
import kr.kisgateway.gateway.http.NodeSignature;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Markets;

/** Headers, parameters and settings of one line: any text is a value or none. The first byte chooses the parser. */
public final class ShortTextFuzzer {
    private static final Markets MARKETS = Markets.standard();
    private static final TraceIds TRACES = new TraceIds(1);
    private static final NodeSignature SIGNATURE =
            new NodeSignature(Secret.of("0123456789abcdef"), new ManualClock("2026-11-20T02:00:00Z"));

    private ShortTextFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String text = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
        switch (input[0] & 7) {
            case 0 -> {
                if (PostgresAddress.parse(text)
                        .filter(it -> it.toString().isBlank())
                        .isPresent()) {
                    throw new IllegalStateException("an address that names nothing");
                }
            }
            case 1 -> Network.parse(text).ifPresent(network -> network.contains("192.0.2.7"));
            case 2 -> AuditTimes.parse(text, 1);
            case 3 -> ApiValues.time(text);
            case 4 -> TRACES.incoming(text, text);
            case 5 -> {
                if (SIGNATURE.verified(text, "purpose").isPresent()) {
                    throw new IllegalStateException("a signature without the secret");
                }
            }
            case 6 -> {
                var symbol = MARKETS.parse(text);
                if (!symbol.equals(symbol.flatMap(it -> MARKETS.parse(it.code())))) {
                    throw new IllegalStateException(symbol + " has the code of another");
                }
            }
            default -> {
                KeyText.parse(text);
                BarPeriod.of(text);
            }
        }
    }
}
