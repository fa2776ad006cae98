package kr.kisgateway.api.alert;

import java.util.OptionalInt;
import kr.kisgateway.api.call.ApiCall;

/** The calls about alerts. */
public final class AlertCalls {
    private AlertCalls() {}

    /** The newest alerts, at most {@code limit}; without one at most 100. */
    public static ApiCall<Alerts> alerts(OptionalInt limit) {
        return ApiCall.get(new ApiCall.Path("/v1/alerts").with("limit", limit).toString(), Alerts.class);
    }
}
