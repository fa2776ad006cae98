package kr.kisgateway.client.budget;

/** One of KIS's two counts, all calls or those that reach the ledger: its limit, which shrinks after a refusal, and its shares. */
final class RateMeter {
    private static final long RECOVERY_STEP_NANOS = 5_000_000_000L;

    private final int configured;
    private final int perShare;
    private final long pauseNanos;
    final long spanNanos;
    final SlidingWindow window;
    private int limit;
    private boolean cancelsReserved;
    private long pausedUntil = Long.MIN_VALUE;
    private long shrunkAt = Long.MIN_VALUE / 2;
    private long recoverAt = Long.MAX_VALUE;

    RateMeter(int configured, int perShare, long pauseNanos, long spanNanos) {
        this.configured = configured;
        this.perShare = perShare;
        this.pauseNanos = pauseNanos;
        this.spanNanos = spanNanos;
        this.window = new SlidingWindow(spanNanos);
        this.limit = configured;
    }

    /** The calls a second that it allows now. */
    int limit() {
        return limit;
    }

    /** Some slots are only for cancels from now on. */
    void reserveForCancels() {
        cancelsReserved = true;
    }

    void advanceTo(long now) {
        window.expire(now);
        while (limit < configured && now >= recoverAt) {
            limit = Math.min(configured, limit + Math.max(1, configured / 18));
            recoverAt += RECOVERY_STEP_NANOS;
        }
    }

    /** True when the limit changed: one burst of refusals shrinks it once. */
    boolean refused(long now) {
        pausedUntil = now + pauseNanos;
        recoverAt = now + RECOVERY_STEP_NANOS;
        if (now - shrunkAt < spanNanos || limit == 1) {
            return false;
        }
        shrunkAt = now;
        limit = Math.max(1, limit - Math.max(1, limit / 10));
        return true;
    }

    /** Two a second for cancels and for reconciliation, one for quotes; less, down to nothing, under a small limit. */
    int share(BudgetCore.Group group) {
        int pair = Math.min(2, Math.round((float) limit / perShare));
        return switch (group) {
            case CANCEL, RECONCILE -> pair;
            case QUOTE -> pair == 2 ? 1 : 0;
            case ORDER, HISTORY -> 0;
        };
    }

    boolean hasCapacity(BudgetCore.Group group, long now) {
        return now >= pausedUntil && window.used() < limitFor(group);
    }

    long freeAt(BudgetCore.Group group, long now, long ahead) {
        return Math.max(pausedUntil, window.freeAt(now, ahead, limitFor(group)));
    }

    /** The slots that {@code group} may use: all but those reserved for cancels that have not come. */
    int limitFor(BudgetCore.Group group) {
        int reservedForCancels = !cancelsReserved || group == BudgetCore.Group.CANCEL
                ? 0
                : Math.max(0, share(BudgetCore.Group.CANCEL) - window.used(BudgetCore.Group.CANCEL));
        return Math.max(1, limit - reservedForCancels);
    }
}
