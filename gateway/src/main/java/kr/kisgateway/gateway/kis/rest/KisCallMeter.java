package kr.kisgateway.gateway.kis.rest;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.CallListener;
import kr.kisgateway.gateway.meter.LatencyMeter;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.wire.Catalog;

/**
 * How long KIS takes for each TR, and what it answers. Measured are the TRs that the SDK calls by methods of their own; others,
 * which programs call at the KIS-compatible port, are one: a name that a caller chooses must not add meters.
 */
public final class KisCallMeter implements CallListener {
    /** Ids of the live environment, by which calls of paper trading are counted, too. */
    static final List<String> TR_IDS = List.of(
            // Korean stocks: orders and the account
            "TTTC0011U",
            "TTTC0012U",
            "TTTC0013U",
            "TTTC0051U",
            "TTTC0052U",
            "CTSC0009U",
            "TTTC0081R",
            "CTSC9215R",
            "TTTC8434R",
            "TTTC0084R",
            "TTTC8408R",
            "TTTC8908R",
            "TTTC8909R",
            "CTRGA011R",
            // Korean stocks: prices and lists
            "FHKST01010100",
            "FHKST01010200",
            "FHKST01010300",
            "FHKST01010900",
            "FHKST03010100",
            "FHKST03010200",
            "FHKST03010230",
            "FHKST11300006",
            "FHKUP03500100",
            "FHPST01060000",
            "FHPST01700000",
            "FHPST01710000",
            "FHPST01740000",
            "FHPST02400000",
            "FHPST02440200",
            "FHPUP02100000",
            "CTCA0903R",
            "CTPF1002R",
            // other countries
            "TTTT1002U",
            "TTTT1004U",
            "TTTT1006U",
            "TTTS6036U",
            "TTTS6037U",
            "TTTS6038U",
            "TTTT3017U",
            "TTTS3012R",
            "TTTS3035R",
            "CTRP6504R",
            "TTTS3007R",
            "TTTS3018R",
            "HHDFS00000300",
            "HHDFS76200100",
            "HHDFS76200200",
            "HHDFS76240000",
            "HHDFS76950200");

    /** Tokens and approval keys have a path and no TR. */
    static final Map<String, String> PATHS = Map.of("/oauth2/tokenP", "token", "/oauth2/Approval", "approval");

    private static final String OTHER = "other";

    private final Map<String, Map<Result, LatencyMeter>> meters = new HashMap<>();
    private final Map<Result, LatencyMeter> others;

    /** @param paper whether the calls have the ids of paper trading */
    public KisCallMeter(Meters registry, boolean paper) {
        for (String id : TR_IDS) {
            var ofTr = register(registry, id);
            meters.put(id, ofTr);
            if (paper) {
                Catalog.load().restByTrId(id).stream()
                        .flatMap(call -> call.trIds().stream())
                        .filter(one -> one.live().equals(Optional.of(id)))
                        .flatMap(one -> one.paper().stream())
                        .forEach(paperId -> meters.put(paperId, ofTr));
            }
        }
        PATHS.forEach((path, name) -> meters.put(path, register(registry, name)));
        this.others = register(registry, OTHER);
    }

    private static Map<Result, LatencyMeter> register(Meters registry, String tr) {
        var ofTr = new EnumMap<Result, LatencyMeter>(Result.class);
        for (Result result : Result.values()) {
            ofTr.put(
                    result,
                    registry.latency(
                            "kis.calls",
                            "From a request's first byte to KIS's whole answer, by TR and result; each retry is a call",
                            LatencyMeter.Buckets.CALLS,
                            "tr",
                            tr,
                            "result",
                            result.name().toLowerCase(Locale.ROOT)));
        }
        return ofTr;
    }

    @Override
    public void ended(String trId, Result result, long nanos) {
        var meter = meters.getOrDefault(trId, others).get(result);
        if (meter != null) {
            meter.record(nanos);
        }
    }
}
