package kr.kisgateway.api.history;

import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.ApiCall.Method;
import kr.kisgateway.api.job.Job;

/** The calls about stored market data: recordings, backfills, the cache. */
public final class HistoryCalls {
    private HistoryCalls() {}

    private static final String RECORDINGS = "/v1/history/recordings";

    /** Caches data in advance; the answer is the job that does it. */
    public static ApiCall<Job> warm(WarmRequest request) {
        return ApiCall.of(Method.POST, "/v1/cache/warm", request, Job.class);
    }

    /** Stores past bars; the answer is the job that does it. */
    public static ApiCall<Job> backfill(BackfillRequest request) {
        return ApiCall.of(Method.POST, "/v1/history/backfill", request, Job.class);
    }

    /** Recordings of ticks. */
    public static ApiCall<Recordings> recordings() {
        return ApiCall.get(RECORDINGS, Recordings.class);
    }

    /** Starts a recording of ticks. */
    public static ApiCall<Recording> record(RecordingRequest request) {
        return ApiCall.of(Method.POST, RECORDINGS, request, Recording.class);
    }

    /** Ends a recording. */
    public static ApiCall<Recording> endRecording(String id) {
        return ApiCall.of(Method.DELETE, RECORDINGS + "/" + ApiCall.encode(id), Recording.class);
    }

    /** Metrics of bars, files and recordings. */
    public static ApiCall<HistoryMetrics> metrics() {
        return ApiCall.get("/v1/metrics/history", HistoryMetrics.class);
    }
}
