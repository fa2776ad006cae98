package kr.kisgateway.gateway.kis.auth;

import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.LimitTable;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.TokenStore;
import kr.kisgateway.client.setup.CredentialCheck;
import kr.kisgateway.gateway.settings.LiveKeys;
import kr.kisgateway.market.TradingCalendar;

/** Checks whether KIS accepts a pair of real keys. */
public final class KisKeyCheck {
    private KisKeyCheck() {}

    /**
     * Sends KIS one request, without a token and without a session.
     *
     * @param folder folder for a token; none is written
     * @return what is wrong in a sentence; empty when KIS accepts the keys
     */
    public static Optional<String> check(LiveKeys keys, Path folder, InstantSource clock) {
        var today = LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        var credentials = new Credentials(
                keys.appKey().orElseThrow(),
                keys.appSecret().orElseThrow(),
                // The request is about no account.
                new AccountNumber("00000000", "01"),
                Optional.empty());
        var tokens = TokenStore.in(folder.resolve("unused"), Secret.of("no token is kept here"));
        var config = KisConfig.live(credentials, tokens, LimitTable.load().on(Environment.LIVE_FACE, today), 0)
                .withAddresses(keys.restBase(), Environment.LIVE_FACE.wsBase());
        return CredentialCheck.verify(config, clock).map(KisKeyCheck::describe);
    }

    private static String describe(KisFailure failure) {
        return failure.code() + " " + failure.msg1() + ". " + failure.remedy();
    }
}
