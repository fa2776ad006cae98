package kr.kisgateway.simulation.history;

import java.util.ArrayList;
import java.util.List;

/** Checks of several gateways that share a database: one owner at a time, in the journal and at the broker. */
public final class ClusterChecks {
    private ClusterChecks() {}

    /** All findings, one sentence each. */
    public static List<String> check(ClusterTrace trace) {
        var findings = new ArrayList<String>();
        epochsGrow(trace, findings);
        onlyTheOwnerWrites(trace, findings);
        onlyTheOwnerSends(trace, findings);
        trace.waits().forEach(wait -> findings.add("the lease was free and not taken: " + wait));
        return findings;
    }

    private static void epochsGrow(ClusterTrace trace, List<String> findings) {
        long last = 0;
        for (ClusterTrace.Takeover takeover : trace.takeovers()) {
            if (takeover.epoch() <= last) {
                findings.add("an epoch did not grow: " + takeover + " after " + last);
            }
            last = takeover.epoch();
        }
    }

    private static void onlyTheOwnerWrites(ClusterTrace trace, List<String> findings) {
        for (ClusterTrace.Commit commit : trace.commits()) {
            if (commit.epoch() != commit.current()) {
                findings.add("written by a former owner: " + commit);
            }
        }
    }

    private static void onlyTheOwnerSends(ClusterTrace trace, List<String> findings) {
        for (ClusterTrace.Send send : trace.sends()) {
            trace.endOf(send.epoch())
                    .filter(end -> end.isBefore(send.at()) && !send.compared().isBefore(end))
                    .ifPresent(
                            end -> findings.add("transmitted by a former owner: " + send + ", taken over at " + end));
        }
    }
}
