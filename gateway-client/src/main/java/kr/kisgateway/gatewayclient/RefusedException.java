package kr.kisgateway.gatewayclient;

import kr.kisgateway.api.error.ApiError;

/** The gateway refused a call whose answer the program needs ({@link ApiResult#orElseThrow}). */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient ApiError error;

    RefusedException(ApiError error) {
        super(error.code() + ": " + error.message());
        this.error = error;
    }

    /** The reason. */
    public ApiError error() {
        return error;
    }
}
