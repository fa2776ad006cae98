package kr.kisgateway.gateway.feed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The newest gaps of all sockets; of more than {@value #MAX} the oldest are forgotten. Thread-safe. */
public final class RecentGaps {
    private static final int MAX = 200;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<FeedGap> gaps = new ArrayDeque<>(MAX);

    public void add(FeedGap gap) {
        lock.lock();
        try {
            if (gaps.size() == MAX) {
                gaps.removeLast();
            }
            gaps.addFirst(gap);
        } finally {
            lock.unlock();
        }
    }

    /** All of them, the newest first. */
    public List<FeedGap> newestFirst() {
        lock.lock();
        try {
            return List.copyOf(gaps);
        } finally {
            lock.unlock();
        }
    }
}
