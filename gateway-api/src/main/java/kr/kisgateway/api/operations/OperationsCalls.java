package kr.kisgateway.api.operations;

import kr.kisgateway.api.call.ApiCall;

/** The calls of operations (operator). */
public final class OperationsCalls {
    private OperationsCalls() {}

    /** The daily checklist now. */
    public static ApiCall<Checklist> checklist() {
        return ApiCall.get("/v1/ops/checklist", Checklist.class).forOperator();
    }
}
