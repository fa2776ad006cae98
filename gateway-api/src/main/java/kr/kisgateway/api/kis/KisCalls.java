package kr.kisgateway.api.kis;

import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.ApiCall.Method;

/** The calls of KIS's own APIs. */
public final class KisCalls {
    private static final String APIS = "/v1/kis/apis";

    private KisCalls() {}

    /** The APIs whose name, title or TR id has every word of {@code words}. */
    public static ApiCall<KisApis> find(String words) {
        return ApiCall.get(APIS + "?q=" + ApiCall.encode(words), KisApis.class);
    }

    /** One API with its parameters. */
    public static ApiCall<KisApiDetails> details(String name) {
        return ApiCall.get(APIS + "/" + ApiCall.encode(name), KisApiDetails.class);
    }

    /** Calls an API that reads. */
    public static ApiCall<KisApiAnswer> call(String name, KisApiRequest request) {
        return ApiCall.of(Method.POST, APIS + "/" + ApiCall.encode(name), request, KisApiAnswer.class);
    }
}
