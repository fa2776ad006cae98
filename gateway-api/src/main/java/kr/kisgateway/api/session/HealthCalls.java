package kr.kisgateway.api.session;

import kr.kisgateway.api.call.ApiCall;
import tools.jackson.databind.JsonNode;

/** The calls about the gateway process. */
public final class HealthCalls {
    private HealthCalls() {}

    /** Whether the process answers. */
    public static ApiCall<Live> live() {
        return ApiCall.get("/health/live", Live.class);
    }

    /** Whether the gateway is ready; one that is not answers with status 503 and the blockers. */
    public static ApiCall<Ready> ready() {
        return ApiCall.get("/health/ready", Ready.class).answeredAlsoWith(503);
    }

    /** The OpenAPI document of the gateway. */
    public static ApiCall<JsonNode> contract() {
        return ApiCall.get("/openapi.json", JsonNode.class);
    }
}
