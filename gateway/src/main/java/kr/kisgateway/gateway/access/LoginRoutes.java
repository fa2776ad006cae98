package kr.kisgateway.gateway.access;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.access.KeyStore.KeyStoreException;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.LoginCookie;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;

/** {@code /v1/login}: a browser exchanges an API key for a cookie that no script can read. */
public final class LoginRoutes {
    /** Logins of a key in a second: each is forced to the disk. */
    private static final int PER_SECOND = 30;

    private final KeyRing keys;
    private final LoginCookie cookie;
    private final InstantSource monotonicClock;
    private final CallRates rates = new CallRates();

    /** @param monotonicClock a clock that never goes back */
    public LoginRoutes(KeyRing keys, LoginCookie cookie, InstantSource monotonicClock) {
        this.keys = keys;
        this.cookie = cookie;
        this.monotonicClock = monotonicClock;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/login", this::read)
                .post(Role.QUOTE, "/v1/login", this::logIn)
                .post(Role.QUOTE, "/v1/logout", this::logOut);
    }

    private void read(Call call) {
        call.answerHeader("Cache-Control", "no-store");
        var login = loginOf(call);
        answer(call, login, login.flatMap(_ -> call.loginToken()));
    }

    private Optional<Login> loginOf(Call call) {
        return keys.loginOf(call.caller());
    }

    private void logIn(Call call) {
        // A login that could be exchanged for another would never end.
        if (loginOf(call).isPresent()) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.FORBIDDEN, "A login is made with an API key, not with another login."));
        }
        if (call.caller().isLocal()) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.UNAUTHENTICATED, "Send Authorization: Bearer with your API key to log in."));
        }
        rates.takeOrRefuse(
                call.caller().name(),
                PER_SECOND,
                monotonicClock.instant(),
                "A key makes at most " + PER_SECOND + " logins a second; wait and try again.");
        try {
            var made = keys.logIn(call.caller())
                    .orElseThrow(() -> new RefusedException(Refusal.of(
                            ErrorCode.QUOTA_EXCEEDED,
                            "There are " + Logins.TOTAL_MAX + " logins; the limit is reached.")));
            call.answerHeader("Cache-Control", "no-store");
            call.answerHeader(
                    "Set-Cookie", cookie.header(made.token(), keys.loginLimits().max()));
            answer(call, Optional.of(made.login()), Optional.of(made.token()));
        } catch (KeyStoreException e) {
            throw unavailable();
        }
    }

    private void logOut(Call call) {
        boolean everywhere = call.hasBody()
                && call.body()
                        .requireOnly(Set.of("everywhere"))
                        .optionalFlag("everywhere")
                        .orElse(false);
        try {
            keys.logOut(call.caller(), everywhere);
        } catch (KeyStoreException e) {
            throw unavailable();
        }
        call.answerHeader("Set-Cookie", cookie.header("", Duration.ZERO));
        call.answer(new kr.kisgateway.api.access.LoggedOut(true));
    }

    private void answer(Call call, Optional<Login> login, Optional<String> token) {
        var caller = call.caller();
        var limits = keys.loginLimits();
        call.answer(new kr.kisgateway.api.access.Login(
                caller.name(),
                caller.role().wireName(),
                !caller.isLocal(),
                caller.accounts().map(KeyRoutes::sorted),
                caller.symbols().map(KeyRoutes::sorted),
                caller.ownOrdersOnly(),
                token.map(Login::csrfToken),
                login.map(it -> ApiValues.time(it.idleEnd(limits))),
                login.map(it -> ApiValues.time(it.end(limits)))));
    }

    private static RefusedException unavailable() {
        return new RefusedException(Refusal.of(
                ErrorCode.KEYS_UNAVAILABLE, "The logins cannot be read or written now; see the gateway's log."));
    }
}
