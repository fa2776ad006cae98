package kr.kisgateway.gateway.kis.rest;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.client.CallListener;
import kr.kisgateway.client.EndedCall;
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

    private final Map<String, OfTr> byTr = new HashMap<>();
    private final OfTr others;

    /** The time of all calls of a TR, and how many had each result. */
    private record OfTr(LatencyMeter time, Map<Result, LongAdder> results) {}

    /** @param paper whether the calls have the ids of paper trading */
    public KisCallMeter(Meters meters, boolean paper) {
        for (String id : TR_IDS) {
            var ofTr = register(meters, id);
            byTr.put(id, ofTr);
            if (paper) {
                Catalog.load().restByTrId(id).stream()
                        .flatMap(call -> call.trIds().stream())
                        .filter(one -> one.live().equals(Optional.of(id)))
                        .flatMap(one -> one.paper().stream())
                        .forEach(paperId -> byTr.put(paperId, ofTr));
            }
        }
        PATHS.forEach((path, name) -> byTr.put(path, register(meters, name)));
        this.others = register(meters, OTHER);
    }

    private static OfTr register(Meters meters, String tr) {
        var results = new EnumMap<Result, LongAdder>(Result.class);
        for (Result result : Result.values()) {
            var count = new LongAdder();
            results.put(result, count);
            meters.counter(
                    "kis.results",
                    "calls",
                    "Calls to KIS's REST servers by result; each retry is a call",
                    count::sum,
                    "tr",
                    tr,
                    "result",
                    result.name().toLowerCase(Locale.ROOT));
        }
        var time = meters.latency(
                "kis.calls",
                "From a request's first byte to KIS's whole answer, or until it is given up",
                LatencyMeter.Buckets.CALLS,
                "tr",
                tr);
        return new OfTr(time, results);
    }

    @Override
    public void ended(EndedCall call) {
        var ofTr = byTr.getOrDefault(call.trId(), others);
        ofTr.time().record(call.nanos());
        Optional.ofNullable(ofTr.results().get(call.result())).ifPresent(LongAdder::increment);
    }
}
