package kr.kisgateway.api.face;

import java.util.OptionalInt;
import kr.kisgateway.api.call.ApiCall;

/** The calls about programs at the KIS-compatible port (operator). */
public final class FaceClientCalls {
    private FaceClientCalls() {}

    private static final String CLIENTS = "/v1/face/clients";

    /** What each program did today; at most {@code limit}, without one 1,000. */
    public static ApiCall<FaceClients> clients(OptionalInt limit) {
        return ApiCall.get(new ApiCall.Path(CLIENTS).with("limit", limit).toString(), FaceClients.class)
                .forOperator();
    }

    /** What the program with the key of this name did today, and its last calls. */
    public static ApiCall<FaceClientTrace> trace(String key) {
        return ApiCall.get(CLIENTS + "/" + ApiCall.encode(key), FaceClientTrace.class)
                .forOperator();
    }
}
