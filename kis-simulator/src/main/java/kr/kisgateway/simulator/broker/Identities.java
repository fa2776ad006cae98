package kr.kisgateway.simulator.broker;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.Json;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.wire.NoticeKey;

/**
 * App keys, tokens and approval keys. Any well-formed key is accepted; the first secret used with it binds it. Keys and
 * secrets are stored as hashes only.
 */
final class Identities {
    private static final Pattern KEY = Pattern.compile("[!-~]{8,64}");
    private static final Pattern SECRET = Pattern.compile("[!-~]{16,256}");
    private static final Duration TOKEN_LIFE = Duration.ofHours(24);
    private static final Duration TOKEN_REUSE = Duration.ofHours(6);
    private static final Duration ISSUE_SPACING = Duration.ofMinutes(1);
    private static final DateTimeFormatter KST =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(TradingCalendar.SEOUL);

    /** The state of one app key. */
    static final class AppKey {
        final String hash;
        final String secretHash;
        final RateWindow calls;
        final Set<AccountId> accounts = new TreeSet<>();
        final List<Token> tokens = new ArrayList<>();
        String htsId = "";
        Optional<Token> newest = Optional.empty();
        Instant lastIssue = Instant.MIN;
        /** The part of the key that may be displayed. */
        String mask;
        /** The key of its newest session, while a fault lets sessions reuse it. */
        Optional<NoticeKey> lastNoticeKey = Optional.empty();

        AppKey(String hash, String secretHash, RateWindow calls) {
            this.hash = hash;
            this.secretHash = secretHash;
            this.calls = calls;
            this.mask = "****" + hash.substring(0, 4);
        }
    }

    static final class Token {
        final AppKey key;
        final Instant issuedAt;
        final Instant originalExpiry;
        Instant expiresAt;
        /** Empty after a restart until its app key calls: the file stores the key's hash alone. */
        String text = "";

        boolean revoked;

        Token(AppKey key, Instant issuedAt, Instant expiresAt) {
            this.key = key;
            this.issuedAt = issuedAt;
            this.originalExpiry = issuedAt.plus(TOKEN_LIFE);
            this.expiresAt = expiresAt;
        }

        boolean isDead(Instant now) {
            return revoked || !now.isBefore(expiresAt);
        }

        Change.Token change() {
            return new Change.Token(key.hash, issuedAt, expiresAt, revoked);
        }
    }

    private record Approval(AppKey key, Instant expiresAt) {}

    private final double callsPerSecond;
    private final Face face;
    private final Customers customers;
    private final Faults faults;
    private final Map<String, AppKey> keysByHash = new HashMap<>();
    private final Map<String, AppKey> keysByText = new HashMap<>();
    private final Map<String, Token> tokens = new HashMap<>();
    private final Map<String, Approval> approvals = new HashMap<>();
    private String tokenSecret = "";

    Identities(BrokerRules rules, Customers customers, Faults faults) {
        this.callsPerSecond = rules.callsPerSecond();
        this.face = rules.face();
        this.customers = customers;
        this.faults = faults;
    }

    /** Restores one record; tokens that have expired by {@code now} are left out. */
    void restore(Change change, Instant now) {
        switch (change) {
            case Change.Identity identity -> tokenSecret = identity.tokenSecret();
            case Change.Key k -> {
                AppKey key = keysByHash.computeIfAbsent(
                        k.keyHash(), hash -> new AppKey(hash, k.secretHash(), new RateWindow(callsPerSecond)));
                key.htsId = k.htsId();
                customers.faces().claim(k.keyHash(), face);
            }
            case Change.KeyAccount use -> storedKey(use.keyHash()).accounts.add(use.account());
            case Change.Token t when !now.isBefore(t.expiresAt()) -> {}
            case Change.Token t -> {
                Token token = addToken(storedKey(t.keyHash()), t.issuedAt(), t.expiresAt());
                token.revoked = t.revoked();
            }
            case Change.Day d -> {}
            case Change.FirstDay d -> {}
            case Change.Traded t -> {}
            case Change.TradedMinutes t -> {}
            case Change.TodaysMinutes t -> {}
            case Change.Cash c -> {}
            case Change.Holding h -> {}
            case Change.Loan l -> {}
            case Change.Dividend d -> {}
            case Change.Order o -> {}
            case Change.Fill f -> {}
            case Change.Price p -> {}
            case Change.TradingDate d -> {}
        }
    }

    /** The OAuth calls: token, revocation, approval key. */
    HttpAnswer oauth(String path, Map<String, String> body, String entropy, Instant now, StepOutput out) {
        boolean approval = path.equals("/oauth2/Approval");
        String appKey = body.getOrDefault("appkey", "");
        String secret = body.getOrDefault(approval ? "secretkey" : "appsecret", "");
        if (!path.equals("/oauth2/revokeP")) {
            String grant = body.getOrDefault("grant_type", "");
            if (grant.isEmpty()) {
                return oauthError("EGW00115", "grant_type은 필수입니다.");
            }
            if (!grant.equals("client_credentials")) {
                return oauthError("EGW00116", "지원하지 않는 grant_type입니다.");
            }
        }
        String hash = Secrets.hash(appKey);
        Optional<String> wrong =
                keyFormError(appKey).or(() -> customers.keyError(hash, face)).or(() -> secretFormError(secret));
        if (wrong.isPresent()) {
            return oauthError(wrong.get(), message(wrong.get()));
        }
        Optional<String> keyError = customers.loginError(hash, face);
        if (keyError.isPresent()) {
            return oauthError(keyError.get(), message(keyError.get()));
        }
        AppKey key = keysByText.computeIfAbsent(appKey, text -> bindKey(text, secret, out));
        key.mask = masked(appKey, hash);
        writeTokens(key, appKey);
        if (!secretMatches(key, secret)) {
            return oauthError("EGW00105", message("EGW00105"));
        }
        return switch (path) {
            case "/oauth2/tokenP" -> issue(key, appKey, entropy, now, out);
            case "/oauth2/Approval" -> approve(key, entropy, now);
            default -> revoke(key, body.getOrDefault("token", ""), out);
        };
    }

    private HttpAnswer issue(AppKey key, String appKey, String entropy, Instant now, StepOutput out) {
        // The limit of one a minute counts requests, also those that only return the same token. [assumed]
        if (key.lastIssue.isAfter(Instant.MIN) && now.isBefore(key.lastIssue.plus(ISSUE_SPACING))) {
            return oauthError("EGW00133", "접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)");
        }
        key.lastIssue = now;
        if (tokenSecret.isEmpty()) {
            tokenSecret = entropy;
            out.save(new Change.Identity(tokenSecret));
        }
        Token token = key.newest
                .filter(t -> !t.revoked && now.isBefore(t.expiresAt) && now.isBefore(t.issuedAt.plus(TOKEN_REUSE)))
                .orElseGet(() -> {
                    Instant issuedAt = Instant.ofEpochMilli(now.toEpochMilli());
                    Token created = addToken(key, issuedAt, issuedAt.plus(TOKEN_LIFE));
                    writeTokens(key, appKey);
                    out.save(created.change());
                    if (faults.isOn("one_token")) {
                        revoke(other -> other.key == key && other != created, out);
                    }
                    return created;
                });
        return HttpAnswer.of(
                200,
                Json.object()
                        .field("access_token", token.text)
                        .field("access_token_token_expired", KST.format(faults.brokerTime(token.expiresAt)))
                        .field("token_type", "Bearer")
                        .number(
                                "expires_in",
                                Duration.between(now, token.expiresAt)
                                        .plusMillis(999)
                                        .toSeconds())
                        .text());
    }

    private HttpAnswer approve(AppKey key, String entropy, Instant now) {
        String e = Secrets.hash(entropy);
        String uuid = e.substring(0, 8) + '-' + e.substring(8, 12) + "-4" + e.substring(13, 16) + "-8"
                + e.substring(17, 20) + '-' + e.substring(20, 32);
        approvals.values().removeIf(a -> !now.isBefore(a.expiresAt()));
        approvals.put(uuid, new Approval(key, now.plus(TOKEN_LIFE)));
        return HttpAnswer.of(200, Json.object().field("approval_key", uuid).text());
    }

    private HttpAnswer revoke(AppKey key, String text, StepOutput out) {
        Token token = tokens.get(text);
        if (token == null || token.key != key) {
            return oauthError("EGW00121", message("EGW00121"));
        }
        token.revoked = true;
        out.save(token.change());
        return HttpAnswer.of(
                200,
                Json.object()
                        .number("code", 200)
                        .field("message", "접근토큰 폐기에 성공하였습니다")
                        .text());
    }

    /** The app key of a call's headers, or the answer that refuses it (§15.2: key, secret, token, in this order). */
    sealed interface Caller {
        record Authenticated(AppKey key, Token token) implements Caller {}

        record Rejected(HttpAnswer answer) implements Caller {}
    }

    /** Whether the key's records have the columns before 2026-09-14. */
    boolean usesClassicColumns(AppKey key) {
        return customers.columns(key.hash) == Columns.CLASSIC;
    }

    /** Whether some key's records may have the columns before 2026-09-14. */
    boolean hasClassicColumns() {
        return customers.hasClassicColumns();
    }

    Caller caller(Map<String, String> headers, Instant now) {
        String appKey = headers.getOrDefault("appkey", "");
        String secret = headers.getOrDefault("appsecret", "");
        Optional<String> wrong = keyFormError(appKey);
        if (wrong.isPresent()) {
            return new Caller.Rejected(AnswerBodies.error(403, wrong.get(), message(wrong.get())));
        }
        Optional<AppKey> key = find(appKey);
        if (key.isEmpty()) {
            Optional<String> keyError = customers.keyError(Secrets.hash(appKey), face);
            if (keyError.isPresent()) {
                int status = keyError.get().equals("EGW00103") ? 403 : 500;
                return new Caller.Rejected(AnswerBodies.error(status, keyError.get(), message(keyError.get())));
            }
        }
        Optional<String> wrongSecret = secretFormError(secret)
                .or(() -> key.filter(it -> !secretMatches(it, secret)).map(it -> "EGW00105"));
        if (wrongSecret.isPresent()) {
            return new Caller.Rejected(AnswerBodies.error(403, wrongSecret.get(), message(wrongSecret.get())));
        }
        String authorization = headers.getOrDefault("authorization", "");
        if (!authorization.startsWith("Bearer ")) {
            return new Caller.Rejected(AnswerBodies.error(500, "EGW00205", "credentials_type이 유효하지 않습니다.(Bearer)"));
        }
        Token token = tokens.get(authorization.substring("Bearer ".length()).strip());
        if (token == null || token.revoked || key.isEmpty() || token.key != key.get()) {
            return new Caller.Rejected(AnswerBodies.error(500, "EGW00121", message("EGW00121")));
        }
        if (!now.isBefore(token.expiresAt)) {
            return new Caller.Rejected(expiredTokenAnswer());
        }
        return new Caller.Authenticated(token.key, token);
    }

    /** HTTP 500 as recorded; the old samples look for the code behind a 200. */
    HttpAnswer expiredTokenAnswer() {
        return AnswerBodies.error(faults.isOn("expired_tokens_200") ? 200 : 500, "EGW00123", "기간이 만료된 token 입니다.");
    }

    /** Ends the token before it expires. */
    void kill(Token token, Instant now, StepOutput out) {
        if (now.isBefore(token.expiresAt)) {
            token.expiresAt = now;
            out.save(token.change());
        }
    }

    void killAll(Instant now, StepOutput out) {
        allTokens().forEach(token -> kill(token, now, out));
    }

    /** Revokes every token, as when the owner revokes them elsewhere. */
    void revokeAll(StepOutput out) {
        revoke(token -> true, out);
    }

    private void revoke(Predicate<Token> which, StepOutput out) {
        for (Token token : allTokens().toList()) {
            if (!token.revoked && which.test(token)) {
                token.revoked = true;
                out.save(token.change());
            }
        }
    }

    /** Drops all approval keys of the server. */
    void clearApprovals() {
        approvals.clear();
    }

    /** The app key of an approval key that has not expired. */
    Optional<AppKey> approved(String approvalKey, Instant now) {
        return Optional.ofNullable(approvals.get(approvalKey))
                .filter(a -> now.isBefore(a.expiresAt()))
                .map(Approval::key);
    }

    /** Whether the key may use the account. */
    boolean owns(AppKey key, AccountId account) {
        return customers.owns(key.hash, account);
    }

    /** Binds {@code htsId} to the key if it is free to: its own, or the first one that the key sends. */
    boolean bindHtsId(AppKey key, String htsId, StepOutput out) {
        if (!customers.htsIdMatches(key.hash, htsId)) {
            return false;
        }
        if (key.htsId.isEmpty()) {
            key.htsId = htsId;
            out.save(new Change.Key(key.hash, key.secretHash, htsId));
        }
        return key.htsId.equals(htsId);
    }

    void bindAccount(AppKey key, AccountId account, StepOutput out) {
        if (key.accounts.add(account)) {
            out.save(new Change.KeyAccount(key.hash, account));
        }
    }

    private AppKey storedKey(String hash) {
        AppKey key = keysByHash.get(hash);
        if (key == null) {
            throw new IllegalStateException("the file refers to an app key that it does not contain");
        }
        return key;
    }

    /** Whether the secret is right: a listed key has the listed secret, whatever an earlier run has stored. */
    private boolean secretMatches(AppKey key, String secret) {
        return customers.identitiesByKey().isPresent()
                ? customers.secretMatches(key.hash, secret)
                : Secrets.matches(secret, key.secretHash);
    }

    private static String masked(String appKey, String hash) {
        return appKey.substring(0, 4) + "***" + hash.substring(0, 4);
    }

    /** The app key of a header, whether or not secret and token fit. */
    Optional<AppKey> findWellFormed(String appKey) {
        return KEY.matcher(appKey).matches() ? find(appKey) : Optional.empty();
    }

    private Optional<AppKey> find(String appKey) {
        AppKey found = keysByText.get(appKey);
        if (found == null) {
            found = keysByHash.get(Secrets.hash(appKey));
            if (found != null && customers.keyError(found.hash, face).isEmpty()) {
                found.mask = masked(appKey, found.hash);
                keysByText.put(appKey, found);
                writeTokens(found, appKey);
            } else {
                found = null;
            }
        }
        return Optional.ofNullable(found);
    }

    private AppKey bindKey(String appKey, String secret, StepOutput out) {
        return keysByHash.computeIfAbsent(Secrets.hash(appKey), hash -> {
            AppKey created = new AppKey(hash, Secrets.hash(secret), new RateWindow(callsPerSecond));
            out.save(new Change.Key(hash, created.secretHash, ""));
            return created;
        });
    }

    private Token addToken(AppKey key, Instant issuedAt, Instant expiresAt) {
        Token token = new Token(key, issuedAt, expiresAt);
        key.tokens.add(token);
        key.newest = Optional.of(token);
        return token;
    }

    /** Writes the tokens of a key of which only the hash was stored. */
    private void writeTokens(AppKey key, String appKey) {
        for (Token token : key.tokens) {
            if (token.text.isEmpty()) {
                token.text = AccessTokens.of(tokenSecret, appKey, token.issuedAt, token.originalExpiry);
                tokens.put(token.text, token);
            }
        }
    }

    private Stream<Token> allTokens() {
        return keysByHash.values().stream().flatMap(key -> key.tokens.stream());
    }

    private static Optional<String> keyFormError(String appKey) {
        if (appKey.isEmpty()) {
            return Optional.of("EGW00102");
        }
        return KEY.matcher(appKey).matches() ? Optional.empty() : Optional.of("EGW00103");
    }

    private static Optional<String> secretFormError(String secret) {
        if (secret.isEmpty()) {
            return Optional.of("EGW00104");
        }
        return SECRET.matcher(secret).matches() ? Optional.empty() : Optional.of("EGW00105");
    }

    private static String message(String code) {
        return switch (code) {
            case "EGW00102" -> "AppKey는 필수입니다.";
            case "EGW00103" -> "유효하지 않은 AppKey입니다.";
            case "EGW00104" -> "AppSecret은 필수입니다.";
            case "EGW02004" -> "실전투자 도메인은 모의투자 앱키로 호출하실 수 없습니다.";
            case "EGW02006" -> "모의투자 도메인은 실전투자 앱키로 호출하실 수 없습니다.";
            case "EGW00105" -> "유효하지 않은 AppSecret입니다.";
            default -> "유효하지 않은 token 입니다.";
        };
    }

    private static HttpAnswer oauthError(String code, String message) {
        return HttpAnswer.of(
                403,
                Json.object()
                        .field("error_description", message)
                        .field("error_code", code)
                        .text());
    }
}
