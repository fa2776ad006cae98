package kr.kisgateway.api.risk;

import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.ApiCall.Method;
import kr.kisgateway.api.order.OrderRequest;

/** The calls about order limits and the kill switch. */
public final class RiskCalls {
    private RiskCalls() {}

    private static final String LIMITS = "/v1/risk/limits";
    private static final String KILL_SWITCH = "/v1/risk/kill-switch";

    /** Evaluates an order without placing it. */
    public static ApiCall<RiskVerdict> check(OrderRequest order) {
        return ApiCall.of(Method.POST, "/v1/risk/check", order, RiskVerdict.class);
    }

    /** The limits in force. */
    public static ApiCall<RiskPolicy> limits() {
        return ApiCall.get(LIMITS, RiskPolicy.class);
    }

    /** Replaces all limits (operator). */
    public static ApiCall<RiskPolicy> setLimits(RiskLayers limits) {
        return ApiCall.of(Method.PUT, LIMITS, limits, RiskPolicy.class);
    }

    /** Replaces all limits by a JSON text of the form of {@link RiskLayers} (operator). */
    public static ApiCall<RiskPolicy> setLimits(String json) {
        return ApiCall.of(Method.PUT, LIMITS, RiskPolicy.class).withBody(json);
    }

    /** Whether the kill switch is on. */
    public static ApiCall<KillSwitch> killSwitch() {
        return ApiCall.get(KILL_SWITCH, KillSwitch.class);
    }

    /** Turns the kill switch on or off (operator). */
    public static ApiCall<KillSwitch> setKillSwitch(KillSwitchRequest request) {
        return ApiCall.of(Method.POST, KILL_SWITCH, request, KillSwitch.class);
    }
}
