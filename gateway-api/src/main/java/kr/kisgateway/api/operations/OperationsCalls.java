package kr.kisgateway.api.operations;

import kr.kisgateway.api.call.ApiCall;

/** The calls of operations (operator). */
public final class OperationsCalls {
    private OperationsCalls() {}

    /** The daily checklist now. */
    public static ApiCall<Checklist> checklist() {
        return ApiCall.get("/v1/ops/checklist", Checklist.class).forOperator();
    }

    /** The settings that the gateway runs with. */
    public static ApiCall<EffectiveSettings> settings() {
        return ApiCall.get("/v1/ops/settings", EffectiveSettings.class).forOperator();
    }

    /** The report of today until now, of the caller's accounts. */
    public static ApiCall<DayReport> report() {
        return ApiCall.get("/v1/ops/report", DayReport.class);
    }

    /** What each caller used since the start. */
    public static ApiCall<ClientUsage> clients() {
        return ApiCall.get("/v1/ops/clients", ClientUsage.class).forOperator();
    }
}
