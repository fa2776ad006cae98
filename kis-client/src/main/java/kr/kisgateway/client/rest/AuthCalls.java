package kr.kisgateway.client.rest;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.session.SessionCore;
import kr.kisgateway.client.token.TokenCore;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.KisCode;
import kr.kisgateway.wire.parse.RestReply;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The requests of access tokens and approval keys in KIS's form, and the meaning of their answers. Sends nothing. */
public final class AuthCalls {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter KIS_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final Duration TOKEN_LIFE = Duration.ofHours(24);

    private final Secret appKey;
    private final Secret appSecret;

    public AuthCalls(Credentials credentials) {
        this.appKey = credentials.appKey();
        this.appSecret = credentials.appSecret();
    }

    /** The request of an access token (§2.1). */
    public RestRequest token() {
        return oauth("/oauth2/tokenP", "appsecret");
    }

    /** The request of an approval key (§2.3). The field is called {@code secretkey} here, not {@code appsecret}. */
    public RestRequest approvalKey() {
        return oauth("/oauth2/Approval", "secretkey");
    }

    /** Interprets the answer to {@link #token}. */
    public TokenCore.Input readToken(RestOutcome outcome, Instant now) {
        return switch (outcome) {
            case RestOutcome.Answered(int status, String _, String text) ->
                readToken(status, appSecret.redactIn(appKey.redactIn(text)), now);
            case RestOutcome.NotSent(String cause, boolean _) ->
                new TokenCore.Input.Failed(TokenCore.Failure.NOT_SENT, "CONNECTION", cause);
            case RestOutcome.Lost(String cause, boolean _) ->
                new TokenCore.Input.Failed(TokenCore.Failure.LOST, "CONNECTION", cause);
        };
    }

    private static TokenCore.Input readToken(int status, String text, Instant now) {
        Optional<JsonNode> json = object(text);
        String token = json.map(it -> it.path("access_token").asString("")).orElse("");
        if (status == 200 && !token.isBlank()) {
            return new TokenCore.Input.Obtained(
                    new TokenCore.Token(Secret.of(token), now, expiryOf(json.orElseThrow(), now)), false);
        }
        RestReply reply = RestReply.parse(status, text);
        // An answer without a KIS code may be a proxy's: KIS may have issued a token behind it.
        boolean refused = !reply.msgCd().isEmpty();
        return new TokenCore.Input.Failed(
                refused ? TokenCore.Failure.ANSWERED : TokenCore.Failure.LOST,
                code(reply),
                reply.msg1().isEmpty() ? "unreadable answer, HTTP " + status : reply.msg1());
    }

    /**
     * When a token expires: the answer has it in two forms, of which one may be missing; after a day at the latest. A
     * repeated token keeps its old end whatever the span, so the earlier of the two counts.
     */
    private static Instant expiryOf(JsonNode answer, Instant now) {
        Instant latest = now.plus(TOKEN_LIFE);
        JsonNode span = answer.path("expires_in");
        Instant bySpan = span.isIntegralNumber() && span.canConvertToLong() && span.asLong() > 0
                ? now.plusSeconds(Math.min(span.asLong(), TOKEN_LIFE.toSeconds()))
                : latest;
        Instant byTime =
                kisTime(answer.path("access_token_token_expired").asString("")).orElse(latest);
        // A time of day in the past for a token of this moment means that this machine's clock is ahead.
        return byTime.isAfter(now) && byTime.isBefore(bySpan) ? byTime : bySpan;
    }

    /** Interprets the answer to {@link #approvalKey}. */
    public SessionCore.Input readApprovalKey(RestOutcome outcome) {
        return switch (outcome) {
            case RestOutcome.Answered(int status, String _, String text) -> {
                Optional<String> key =
                        object(text).map(json -> json.path("approval_key").asString(""));
                yield status == 200 && key.filter(it -> !it.isBlank()).isPresent()
                        ? new SessionCore.Input.Approved(Secret.of(key.get()))
                        : new SessionCore.Input.ApprovalFailed(
                                code(RestReply.parse(status, appSecret.redactIn(appKey.redactIn(text)))));
            }
            case RestOutcome.NotSent(String cause, boolean _) -> new SessionCore.Input.ApprovalFailed(cause);
            case RestOutcome.Lost(String cause, boolean _) -> new SessionCore.Input.ApprovalFailed(cause);
        };
    }

    /** The meaning of {@code code}, received instead of an approval key. */
    public KisFailure credentialFailure(String code) {
        Optional<KisCode> listed = CodeTable.load().entry(code);
        return new KisFailure(
                listed.isPresent() ? KisFailure.Kind.REFUSED : KisFailure.Kind.CONNECTION,
                "",
                listed.map(KisCode::code).orElse(""),
                listed.map(it -> it.causeKo() + " (" + it.causeEn() + ")").orElse(code),
                listed.map(KisCode::action).orElse("check the address and the network"),
                listed.isEmpty(),
                Duration.ZERO);
    }

    private RestRequest oauth(String path, String nameOfSecret) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("grant_type", "client_credentials");
        body.put("appkey", appKey.reveal());
        body.put(nameOfSecret, appSecret.reveal());
        return new RestRequest(
                "POST",
                path,
                Secret.of(""),
                Map.of(),
                Map.of(),
                Optional.of(Secret.of(RestCalls.toJson(body))),
                Optional.empty());
    }

    private static String code(RestReply reply) {
        return reply.msgCd().isEmpty() ? "HTTP " + reply.httpStatus() : reply.msgCd();
    }

    private static Optional<JsonNode> object(String text) {
        try {
            return Optional.of(JSON.readTree(text)).filter(JsonNode::isObject);
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> kisTime(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text, KIS_TIME)
                    .atZone(TradingCalendar.SEOUL)
                    .toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
