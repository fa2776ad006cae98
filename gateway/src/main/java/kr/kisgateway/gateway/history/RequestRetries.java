package kr.kisgateway.gateway.history;

import java.time.Duration;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.job.JobKind.Run;

/** Retries the request for a unit: for minutes after a temporary failure, for days when a quota is used up. */
final class RequestRetries {
    private static final int ATTEMPTS_MAX = 8;
    /** Interval of checking whether a new day has restored the quota; the check sends nothing. */
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
                case Result.Refused<T>(Refusal refusal)
                when refusal.code() == ErrorCode.QUOTA_EXCEEDED -> {
                    attempt--;
                    run.pause(QUOTA_CHECK_INTERVAL);
                }
                case Result.Refused<T>(Refusal refusal) -> {
                    if (!refusal.code().retryable() || attempt == ATTEMPTS_MAX) {
                        throw new RefusedException(refusal);
                    }
                    run.pause(pause);
                    pause = pause.multipliedBy(2);
                }
            }
        }
    }

    /** The unit was stopped and need not be done now. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("stopped", null, false, false);
        }
    }
}
