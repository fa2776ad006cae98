package kr.kisgateway.api.job;

import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.ApiCall.Method;

/** The calls about jobs. */
public final class JobCalls {
    private JobCalls() {}

    /** Jobs, newest first, at most {@code limit}; without one 20. */
    public static ApiCall<JobPage> jobs(OptionalInt limit, Optional<String> cursor) {
        return ApiCall.get(
                new ApiCall.Path("/v1/jobs")
                        .with("limit", limit)
                        .with("cursor", cursor)
                        .toString(),
                JobPage.class);
    }

    /** One job. */
    public static ApiCall<Job> job(String id) {
        return ApiCall.get(path(id), Job.class);
    }

    /** Ends a job; what it did stays. */
    public static ApiCall<Job> cancel(String id) {
        return ApiCall.of(Method.DELETE, path(id), Job.class);
    }

    private static String path(String id) {
        return "/v1/jobs/" + ApiCall.encode(id);
    }
}
