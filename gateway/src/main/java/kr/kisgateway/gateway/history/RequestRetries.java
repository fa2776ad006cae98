package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.util.function.Supplier;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.history.BarSource.Result;
import kr.kisgateway.gateway.job.JobKind.Run;

/** Asks for a unit until there is an answer, for minutes where the trouble may pass, for days where a quota is used up. */
final class RequestRetries {
    private static final int ATTEMPTS_MAX = 8;
    /** How often it is looked whether a new day has brought new calls; nothing is sent for it. */
    private static final Duration QUOTA_CHECK_INTERVAL = Duration.ofSeconds(1);

    private RequestRetries() {}

    static <T> T requestUntilAnswered(Run run, Supplier<Result<T>> request) {
        Duration pause = Duration.ofSeconds(1);
        for (int attempt = 1; ; attempt++) {
            if (run.isStopped()) {
                throw new StoppedException();
            }
            switch (request.get()) {
                case Result.Success<T>(T value) -> {
                    return value;
                }
                case Result.Failure<T>(Refusal refusal)
                when refusal.code() == ErrorCode.QUOTA_EXCEEDED -> {
                    attempt--;
                    run.pause(QUOTA_CHECK_INTERVAL);
                }
                case Result.Failure<T>(Refusal refusal) -> {
                    if (!refusal.code().retryable() || attempt == ATTEMPTS_MAX) {
                        throw new RefusedException(refusal);
                    }
                    run.pause(pause);
                    pause = pause.multipliedBy(2);
                }
            }
        }
    }

    /** A unit that need not be done now. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("stopped", null, false, false);
        }
    }
}
