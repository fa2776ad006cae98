package kr.kisgateway.simulation.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.simulation.history.DayTrace.Reprice;
import kr.kisgateway.simulation.history.DayTrace.RepriceRule;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;

/** Checks of the prices that the gateway chose: only where that was requested, as often, not sooner, and towards the market. */
public final class RepriceChecks {
    private RepriceChecks() {}

    /**
     * All findings, one sentence each.
     *
     * @param rules what clients permitted, by key
     */
    public static List<String> check(List<Reprice> reprices, Map<String, RepriceRule> rules, DayTrace day) {
        var findings = new ArrayList<String>();
        Map<String, ClientCall> calls = BulkActionChecks.callsByOrder(day);
        Map<String, ReportedOrder> byId = new HashMap<>();
        day.reported().forEach(order -> byId.put(order.id(), order));
        Map<String, Reprice> last = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (Reprice reprice : reprices) {
            ClientCall call = calls.get(reprice.orderId());
            RepriceRule rule = call == null ? null : rules.get(ReplacementCalls.firstKey(call.key(), byId));
            if (call == null || rule == null) {
                findings.add("re-priced without a request: " + reprice);
                continue;
            }
            if (counts.merge(reprice.orderId(), 1, Integer::sum) > rule.max()) {
                findings.add("re-priced more often than requested: " + reprice + " of " + call + " with " + rule);
            }
            Reprice before = last.put(reprice.orderId(), reprice);
            // The exchange may have refused the one before, so only the client's own price is certain to have been in
            // force.
            long price = call.fingerprint().price();
            boolean buys = call.fingerprint().side().equals("BUY");
            if (buys ? reprice.price() <= price : reprice.price() >= price) {
                findings.add("re-priced away from the market: " + reprice + " instead of " + price + " of " + call);
            }
            Instant earliest = before == null ? Instant.MIN : before.at().plus(rule.after());
            if (reprice.at().isBefore(earliest) && day.clockSteps().size() <= 1) {
                findings.add("re-priced too soon: " + reprice + " after " + before + " with " + rule);
            }
        }
        return findings;
    }
}
