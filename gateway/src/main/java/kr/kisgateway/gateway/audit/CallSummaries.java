package kr.kisgateway.gateway.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls that are counted and not recorded one by one: by minute, source, caller, call and TR. The minute in progress is in memory
 * alone; a process that is killed loses it.
 */
final class CallSummaries {
    /** Groups of a minute with a sum of their own; further ones have one together. */
    static final int GROUPS_MAX = 4_096;

    private static final long MINUTE_MILLIS = 60_000;
    private static final String OTHERS = "(others)";
    private static final String SEVERAL = "several";

    private final Map<Group, Sum> sums = new ConcurrentHashMap<>();
    private final AtomicInteger groups = new AtomicInteger();

    private record Group(long minute, AuditSource source, String principal, String key, String call, String tr) {}

    private static final class Sum {
        private String address;
        private String result = AuditEntry.OK;
        private int status;
        private long calls;
        private long failed;
        private long cost;
        private long micros;
        private boolean closed;

        private Sum(String address) {
            this.address = address;
        }

        /** False when the sum is complete already. */
        private synchronized boolean add(AuditEntry call) {
            if (closed) {
                return false;
            }
            if (!address.equals(call.address())) {
                address = SEVERAL;
            }
            calls += call.calls();
            failed += call.failed();
            cost += call.cost();
            micros += call.micros();
            if (call.failed() > 0 || failed == 0) {
                result = call.result();
                status = call.status();
            }
            return true;
        }

        private synchronized AuditEntry close(Group group) {
            closed = true;
            return new AuditEntry(
                    Instant.ofEpochMilli(group.minute() * MINUTE_MILLIS),
                    group.source(),
                    AuditEntry.Kind.MINUTE,
                    group.principal(),
                    group.key(),
                    address,
                    group.call(),
                    group.tr(),
                    "",
                    status,
                    result,
                    "",
                    calls,
                    failed,
                    cost,
                    micros);
        }
    }

    /** Adds a call to its sum. */
    void add(AuditEntry call) {
        long minute = Math.floorDiv(call.at().toEpochMilli(), MINUTE_MILLIS);
        var group = new Group(minute, call.source(), call.principal(), call.key(), call.call(), call.tr());
        while (!sumOf(group, call.address()).add(call)) {
            // The minute ended meanwhile, and its sum was removed: it becomes a second row of that minute.
            Thread.onSpinWait();
        }
    }

    private Sum sumOf(Group group, String address) {
        var present = sums.get(group);
        if (present != null) {
            return present;
        }
        var counted =
                groups.get() < GROUPS_MAX ? group : new Group(group.minute(), group.source(), OTHERS, "", OTHERS, "");
        return sums.computeIfAbsent(counted, _ -> {
            groups.incrementAndGet();
            return new Sum(address);
        });
    }

    /** Removes the sums of all minutes but that of {@code now}; of all where it is {@link Instant#MAX}. */
    List<AuditEntry> removeEnded(Instant now) {
        long present = now.equals(Instant.MAX) ? Long.MAX_VALUE : Math.floorDiv(now.toEpochMilli(), MINUTE_MILLIS);
        var ended = new ArrayList<AuditEntry>();
        sums.forEach((group, sum) -> {
            if (group.minute() != present) {
                sums.remove(group);
                groups.decrementAndGet();
                ended.add(sum.close(group));
            }
        });
        ended.sort(java.util.Comparator.comparing(AuditEntry::at));
        return ended;
    }

    int size() {
        return groups.get();
    }
}
