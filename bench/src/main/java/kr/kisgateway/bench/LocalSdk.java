package kr.kisgateway.bench;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.LimitTable;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.TokenStore;
import kr.kisgateway.market.TradingCalendar;

/** The SDK with today's limits of live, against a simulator on this machine. */
final class LocalSdk {
    private LocalSdk() {}

    /** Today's limits of live. */
    static Limits limits() {
        return LimitTable.load().on(Environment.LIVE_FACE, LocalDate.ofInstant(now(), TradingCalendar.SEOUL));
    }

    /** A started client. Its token is stored under {@code folder}. */
    static KisClient start(int port, Path folder, KisListener listener) {
        var config = KisConfig.live(
                        new Credentials(
                                Secret.of("PSBENCH00000000000000000000000000001"),
                                Secret.of("s".repeat(180)),
                                new AccountNumber("50000001", "01"),
                                Optional.empty()),
                        TokenStore.in(folder.resolve("token"), Secret.of("a store key of the bench")),
                        limits(),
                        1)
                .withAddresses(URI.create("http://127.0.0.1:" + port), URI.create("ws://127.0.0.1:" + port));
        InstantSource steady = () -> Instant.EPOCH.plusNanos(System.nanoTime());
        var kis = KisClient.open(config, InstantSource.system(), steady, listener);
        kis.start();
        return kis;
    }

    static Instant now() {
        return InstantSource.system().instant();
    }
}
