package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.util.function.Supplier;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.history.BarSource.Told;
import kr.kisgateway.gateway.job.JobKind.Run;

/** Asks for a unit until there is an answer, for minutes where the trouble may pass, for days where a quota is used up. */
final class Patience {
    private static final int TRIES = 8;
    /** How often it is looked whether a new day has brought new calls; nothing is sent for it. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private Patience() {}

    static <T> T told(Run run, Supplier<Told<T>> question) {
        Duration pause = Duration.ofSeconds(1);
        for (int tries = 1; ; tries++) {
            if (run.stopped()) {
                throw new Stop();
            }
            switch (question.get()) {
                case Told.Got<T>(T value) -> {
                    return value;
                }
                case Told.Failed<T>(Refusal refusal)
                when refusal.code() == ErrorCode.QUOTA_EXCEEDED -> {
                    tries--;
                    run.pause(LOOK_AGAIN);
                }
                case Told.Failed<T>(Refusal refusal) -> {
                    if (!refusal.code().retryable() || tries == TRIES) {
                        throw new RefusedException(refusal);
                    }
                    run.pause(pause);
                    pause = pause.multipliedBy(2);
                }
            }
        }
    }

    /** A unit that need not be done now. */
    static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stop() {
            super("stopped", null, false, false);
        }
    }
}
