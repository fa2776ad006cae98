package kr.kisgateway.client.batch;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Ends a batch early: queries in flight are abandoned, and the batch returns with what it has. From any thread. */
public final class BatchStop {
    private final CountDownLatch requested = new CountDownLatch(1);
    private final AtomicReference<Runnable> wake = new AtomicReference<>(() -> {});

    /** Ends the batch, or prevents its start. */
    public void now() {
        requested.countDown();
        wake.get().run();
    }

    /** Whether {@link #now} was called. */
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    void onRequested(Runnable action) {
        wake.set(action);
        if (isRequested()) {
            action.run();
        }
    }

    /** Waits for {@code millis}, or until the stop is requested. */
    void await(long millis) throws InterruptedException {
        if (requested.await(millis, TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("the batch was stopped");
        }
    }
}
