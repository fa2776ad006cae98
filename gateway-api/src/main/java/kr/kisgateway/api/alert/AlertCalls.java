package kr.kisgateway.api.alert;

import java.util.OptionalInt;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.ApiCall.Method;

/** The calls about alerts. */
public final class AlertCalls {
    private static final String ALERTS = "/v1/alerts";
    private static final String SILENCES = ALERTS + "/silences";

    private AlertCalls() {}

    /** The newest alerts, at most {@code limit}; without one at most 100. */
    public static ApiCall<Alerts> alerts(OptionalInt limit) {
        return ApiCall.get(new ApiCall.Path(ALERTS).with("limit", limit).toString(), Alerts.class);
    }

    /** Takes note of an alert that persists (operator). */
    public static ApiCall<AcknowledgedAlert> acknowledge(AlertAcknowledgement request) {
        return ApiCall.of(Method.POST, ALERTS + "/ack", request, AcknowledgedAlert.class);
    }

    /** The silences that are in force (operator). */
    public static ApiCall<Silences> silences() {
        return ApiCall.get(SILENCES, Silences.class).forOperator();
    }

    /** Does not send some alerts for a while (operator). */
    public static ApiCall<Silence> silence(SilenceRequest request) {
        return ApiCall.of(Method.POST, SILENCES, request, Silence.class);
    }

    /** Ends a silence (operator). */
    public static ApiCall<Silence> endSilence(String id) {
        return ApiCall.of(Method.DELETE, SILENCES + "/" + ApiCall.encode(id), Silence.class);
    }

    /** Sends a test message to a channel and waits for its delivery (operator). */
    public static ApiCall<ChannelTest> test(ChannelTestRequest request) {
        return ApiCall.of(Method.POST, ALERTS + "/test", request, ChannelTest.class);
    }
}
