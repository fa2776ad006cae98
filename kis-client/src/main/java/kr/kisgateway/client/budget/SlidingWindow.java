package kr.kisgateway.client.budget;

import java.util.EnumMap;
import java.util.Map;

/**
 * The calls of the last moment, as KIS counts them: any span of that length has at most so many. Times are
 * nanoseconds of one ascending clock.
 */
final class SlidingWindow {
    private final long spanNanos;
    private final Map<BudgetCore.Group, Integer> usedBy = new EnumMap<>(BudgetCore.Group.class);
    private long[] at = new long[64];
    private BudgetCore.Group[] group = new BudgetCore.Group[64];
    private final Map<BudgetCore.Group, Integer> reservedByGroup = new EnumMap<>(BudgetCore.Group.class);
    private int head;
    private int size;
    /** Granted and not sent yet: when they will count is unknown, only that they will. */
    private int reserved;

    SlidingWindow(long spanNanos) {
        this.spanNanos = spanNanos;
    }

    void expire(long now) {
        while (size > 0 && at[head] + spanNanos <= now) {
            usedBy.merge(group[head], -1, Integer::sum);
            head = (head + 1) % at.length;
            size--;
        }
    }

    void add(long now, BudgetCore.Group of) {
        if (size == at.length) {
            grow();
        }
        int tail = (head + size) % at.length;
        at[tail] = now;
        group[tail] = of;
        usedBy.merge(of, 1, Integer::sum);
        size++;
    }

    void reserve(BudgetCore.Group of) {
        reserved++;
        reservedByGroup.merge(of, 1, Integer::sum);
    }

    void release(BudgetCore.Group of) {
        reserved--;
        reservedByGroup.merge(of, -1, Integer::sum);
    }

    int used() {
        return size + reserved;
    }

    int used(BudgetCore.Group of) {
        return usedBy.getOrDefault(of, 0) + reservedByGroup.getOrDefault(of, 0);
    }

    /** When a call may be made after {@code ahead} others that come first, with at most {@code limit} a span. */
    long freeAt(long now, long ahead, int limit) {
        long spans = ahead / limit;
        long overflow = size + reserved + ahead % limit - limit;
        long first = overflow < 0
                ? now
                : overflow < size ? at[(int) ((head + overflow) % at.length)] + spanNanos : now + spanNanos;
        return first + spans * spanNanos;
    }

    private void grow() {
        long[] widerAt = new long[at.length * 2];
        var widerGroup = new BudgetCore.Group[at.length * 2];
        for (int i = 0; i < size; i++) {
            widerAt[i] = at[(head + i) % at.length];
            widerGroup[i] = group[(head + i) % at.length];
        }
        at = widerAt;
        group = widerGroup;
        head = 0;
    }
}
