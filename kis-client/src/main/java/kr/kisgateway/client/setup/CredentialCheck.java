package kr.kisgateway.client.setup;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.core.Timer;
import kr.kisgateway.client.rest.AuthCalls;
import kr.kisgateway.client.rest.KisHttp;
import kr.kisgateway.client.rest.Tap;
import kr.kisgateway.client.secret.SecretRedactor;
import kr.kisgateway.client.session.SessionCore;

/**
 * Verifies an app key and its secret by requesting an approval key: that issues no token, so the owner gets no
 * message, and affects no session.
 */
public final class CredentialCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private CredentialCheck() {}

    /** Sends one request; empty when KIS accepts the credentials, else its refusal. */
    public static Optional<KisFailure> verify(KisConfig config, InstantSource clock) {
        var calls = new AuthCalls(config.credentials());
        try (var timer = new Timer(clock);
                var http = new KisHttp(
                        config.restBase(),
                        config.tuning().timeouts(),
                        config.tuning().pool(),
                        clock,
                        timer,
                        Tap.disabled(),
                        new SecretRedactor(config.credentials()))) {
            var answer = calls.readApprovalKey(
                    http.send(calls.approvalKey(), () -> {}, clock.instant().plus(TIMEOUT)));
            return answer instanceof SessionCore.Input.ApprovalFailed(String code)
                    ? Optional.of(calls.credentialFailure(code))
                    : Optional.empty();
        }
    }
}
