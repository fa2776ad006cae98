package kr.kisgateway.gateway.face;

import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.gateway.access.FaceGatekeeper;
import kr.kisgateway.gateway.access.FaceGatekeeper.Admission;
import tools.jackson.databind.json.JsonMapper;

/** Tokens, approval keys and hash keys, issued here: no call reaches KIS. */
final class FaceLogin {
    static final String TOKEN = "/oauth2/tokenP";
    static final String REVOCATION = "/oauth2/revokeP";
    static final String APPROVAL = "/oauth2/Approval";
    static final String HASHKEY = "/uapi/hashkey";

    private static final int FORBIDDEN = 403;
    private static final JsonMapper JSON = new JsonMapper();
    private static final DateTimeFormatter KST =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Seoul"));

    private final FaceGatekeeper gatekeeper;
    private final FaceTokens tokens;
    private final InstantSource clock;

    FaceLogin(FaceGatekeeper gatekeeper, FaceTokens tokens, InstantSource clock) {
        this.gatekeeper = gatekeeper;
        this.tokens = tokens;
        this.clock = clock;
    }

    static boolean isLogin(String path) {
        return path.equals(TOKEN) || path.equals(REVOCATION) || path.equals(APPROVAL);
    }

    /** @param body the fields of the request; empty when it is no JSON object of texts */
    Answer.Text answer(String method, String path, Optional<Map<String, String>> body, String address) {
        if (!method.equals("POST") || body.isEmpty()) {
            return FaceAnswers.oauthRefused(400, "EGW00101");
        }
        var fields = body.get();
        if (!path.equals(REVOCATION)) {
            String grant = fields.getOrDefault("grant_type", "");
            if (!grant.equals("client_credentials")) {
                return FaceAnswers.oauthRefused(FORBIDDEN, grant.isEmpty() ? "EGW00115" : "EGW00116");
            }
        }
        String appKey = fields.getOrDefault("appkey", "");
        String secret = fields.getOrDefault(path.equals(APPROVAL) ? "secretkey" : "appsecret", "");
        return switch (gatekeeper.admit(appKey, secret, address)) {
            case Admission.Refused(FaceGatekeeper.Reason reason) ->
                FaceAnswers.oauthRefused(FORBIDDEN, FaceCalls.code(reason));
            case Admission.Admitted admitted -> {
                MeteredCall.current().by(admitted.key());
                yield answer(path, admitted, appKey, fields);
            }
        };
    }

    private Answer.Text answer(String path, Admission.Admitted admitted, String appKey, Map<String, String> fields) {
        String keyId = admitted.key().id();
        return switch (path) {
            case APPROVAL ->
                FaceAnswers.json(Map.of("approval_key", tokens.approvalKey(keyId, admitted.secretFingerprint())));
            case REVOCATION -> {
                if (!tokens.revoke(keyId, appKey, fields.getOrDefault("token", ""))) {
                    yield FaceAnswers.oauthRefused(FORBIDDEN, "EGW00121");
                }
                var out = new LinkedHashMap<String, Object>();
                out.put("code", 200);
                out.put("message", "접근토큰 폐기에 성공하였습니다");
                yield FaceAnswers.json(out);
            }
            default -> {
                var issued = tokens.issue(keyId, appKey);
                if (issued.isEmpty()) {
                    yield FaceAnswers.oauthRefused(FORBIDDEN, "EGW00133");
                }
                var token = issued.get();
                var out = new LinkedHashMap<String, Object>();
                out.put("access_token", token.text());
                out.put("access_token_token_expired", KST.format(token.expiresAt()));
                out.put("token_type", "Bearer");
                // In whole seconds, as the token counts: a new one has a full day.
                out.put(
                        "expires_in",
                        token.expiresAt().getEpochSecond() - clock.instant().getEpochSecond());
                yield FaceAnswers.json(out);
            }
        };
    }

    /** The hash of an order's body, which the order may carry. */
    Answer.Text hashkey(String keyId, Map<String, String> body) {
        var out = new LinkedHashMap<String, Object>();
        out.put("BODY", body);
        out.put("HASH", hash(keyId, body));
        return FaceAnswers.json(out);
    }

    /** Whether a hash is that of the body. */
    boolean isHash(String keyId, String text, Map<String, String> body) {
        return hash(keyId, body).equalsIgnoreCase(text);
    }

    private String hash(String keyId, Map<String, String> body) {
        return tokens.hash(keyId + JSON.writeValueAsString(new TreeMap<>(body)));
    }
}
