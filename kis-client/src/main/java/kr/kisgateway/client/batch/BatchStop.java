package kr.kisgateway.client.batch;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Ends a batch early: what is on its way is given up, and the batch returns with what it has. From any thread. */
public final class BatchStop {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicReference<Runnable> wake = new AtomicReference<>(() -> {});

    /** Ends the batch, or lets it not begin. */
    public void now() {
        asked.countDown();
        wake.get().run();
    }

    /** Whether {@link #now} was called. */
    public boolean isAsked() {
        return asked.getCount() == 0;
    }

    void onAsked(Runnable action) {
        wake.set(action);
        if (isAsked()) {
            action.run();
        }
    }

    /** Waits for {@code millis}, or until it is asked for. */
    void await(long millis) throws InterruptedException {
        if (asked.await(millis, TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("the batch was stopped");
        }
    }
}
