package kr.kisgateway.api.version;

import kr.kisgateway.api.call.ApiCall;

/** The call about the versions of the API. */
public final class VersionCalls {
    private VersionCalls() {}

    /** The versions and how much each is used. */
    public static ApiCall<ApiVersions> versions() {
        return ApiCall.get("/v1/versions", ApiVersions.class);
    }
}
