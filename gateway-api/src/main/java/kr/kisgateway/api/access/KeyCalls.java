package kr.kisgateway.api.access;

import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.ApiCall.Method;

/** The calls about API keys (administrator), and about logins with them. */
public final class KeyCalls {
    private KeyCalls() {}

    private static final String KEYS = "/v1/keys";

    /** API keys, without their texts. */
    public static ApiCall<ApiKeys> keys() {
        return ApiCall.get(KEYS, ApiKeys.class).forOperator();
    }

    /** Creates a key; its text is in this answer only. */
    public static ApiCall<MadeApiKey> create(ApiKeyRequest request) {
        return ApiCall.of(Method.POST, KEYS, request, MadeApiKey.class);
    }

    /** Revokes the key with this name or id. */
    public static ApiCall<ApiKey> revoke(String key) {
        return ApiCall.of(Method.DELETE, KEYS + "/" + ApiCall.encode(key), ApiKey.class);
    }

    /** Gives the key with this name or id a new secret; its text is in this answer only. */
    public static ApiCall<MadeApiKey> rotate(String key, KeyRotationRequest request) {
        return ApiCall.of(Method.POST, KEYS + "/" + ApiCall.encode(key) + "/rotate", request, MadeApiKey.class);
    }

    /** Who calls, and by which login. */
    public static ApiCall<Login> login() {
        return ApiCall.get("/v1/login", Login.class);
    }

    /** Exchanges the API key of this call for a login, whose cookie the answer sets. */
    public static ApiCall<Login> logIn() {
        return ApiCall.of(Method.POST, "/v1/login", Login.class);
    }

    /** Ends the login of this call. */
    public static ApiCall<LoggedOut> logOut(LogoutRequest request) {
        return ApiCall.of(Method.POST, "/v1/logout", request, LoggedOut.class);
    }
}
