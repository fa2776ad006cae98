package kr.kisgateway.gateway.audit;

import java.time.Instant;
import kr.kisgateway.gateway.Interleavings;
import kr.kisgateway.gateway.Interleavings.Effort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads of calls, which add to the sum of a minute, and the audit's thread, which removes it. */
@Tag("slow")
class CallSummariesLinearizabilityTest {
    private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");

    private static void add(CallSummaries summaries, int calls) {
        summaries.add(new AuditEntry(
                START,
                AuditSource.API,
                AuditEntry.Kind.CALL,
                "",
                "",
                "",
                "",
                "",
                "",
                200,
                AuditEntry.OK,
                "",
                calls,
                0,
                calls,
                0));
    }

    private static long removeEnded(CallSummaries summaries) {
        long calls = 0;
        for (AuditEntry row : summaries.removeEnded(Instant.MAX)) {
            calls += row.calls();
        }
        return calls;
    }

    private static void removeWhileCallsAreAdded() {
        var summaries = new CallSummaries();
        add(summaries, 1);
        Thread caller = Thread.ofPlatform().start(() -> {
            add(summaries, 2);
            add(summaries, 4);
        });
        long first = removeEnded(summaries);
        Interleavings.join(caller);
        long second = removeEnded(summaries);
        // The calls of one thread are added in their order, so a row has the second one only with the first, or after
        // it.
        if (first + second != 7 || first % 2 == 0 || first == 5) {
            throw new AssertionError("calls in the rows: " + first + " and " + second);
        }
        if (summaries.size() != 0) {
            throw new AssertionError("groups after all were removed: " + summaries.size());
        }
    }

    @Test
    void every_call_is_in_exactly_one_row_in_every_interleaving() {
        Interleavings.checkAlways(CallSummariesLinearizabilityTest::removeWhileCallsAreAdded, Effort.REGULAR);
    }

    @Test
    @Tag("long")
    void every_call_is_in_exactly_one_row_in_each_of_many_interleavings() {
        Interleavings.checkAlways(CallSummariesLinearizabilityTest::removeWhileCallsAreAdded, Effort.LONG);
    }
}
