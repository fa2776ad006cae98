package kr.kisgateway.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.client.budget.CallBudget;
import kr.kisgateway.programs.FreePort;

/** Credentials that no log may contain, and configurations with them. */
public final class Fixtures {
    static final String APP_KEY = "PLANTEDAPPKEY0123456789abcdefghijklm";
    static final String APP_SECRET = "PLANTEDSECRET".repeat(14).substring(0, 180);
    static final String STORE_KEY = "PLANTEDSTOREKEY-0123456789";
    public static final String HTS_ID = "PLANTEDHTSID";
    public static final AccountNumber ACCOUNT = new AccountNumber("87654321", "01");

    public static final Limits LIMITS = LimitTable.load().on(Environment.LIVE_FACE, LocalDate.of(2026, 11, 20));

    private Fixtures() {}

    public static KisConfig config(URI rest, URI ws, Path folder) {
        return config(Environment.LIVE_FACE, rest, ws, folder);
    }

    public static KisConfig config(Environment environment, URI rest, URI ws, Path folder) {
        return new KisConfig(
                environment,
                rest,
                ws,
                new Credentials(Secret.of(APP_KEY), Secret.of(APP_SECRET), ACCOUNT, Optional.of(HTS_ID)),
                TokenStore.in(folder.resolve("token"), Secret.of(STORE_KEY)),
                Tuning.standard(LIMITS),
                false,
                7);
    }

    /** The budget of {@code client}, where its permits come from. */
    static CallBudget budget(KisClient client) {
        return (CallBudget) client.budget();
    }

    /** An address of this machine without a listener. */
    public static URI unreachable(String scheme) {
        return URI.create(scheme + "://127.0.0.1:" + FreePort.find());
    }
}
