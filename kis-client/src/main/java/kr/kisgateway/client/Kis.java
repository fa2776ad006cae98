package kr.kisgateway.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import kr.kisgateway.client.settings.DotEnv;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.client.settings.Target;
import kr.kisgateway.client.setup.KisSettings;
import kr.kisgateway.client.setup.StoreKey;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.spi.LocalBroker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shortest way to KIS: {@code try (KisClient kis = Kis.connect()) { … }}. Settings come from the environment and from
 * the file {@code .env} of the working folder, the environment first; {@link KisSettings} lists them. Without
 * credentials a simulator in this process answers, where the kis-simulator artifact is on the class path or module path.
 * Its accounts and orders start fresh with each connection, in their own folder among the user's temporary
 * files, which {@link KisClient#close} removes.
 *
 * <p>Tokens are stored encrypted in {@code ~/.config/kis-gateway/tokens} ({@code KIS_TOKEN_DIR}), one file for each app key and
 * target, so that all programs of a user share them wherever they are started: KIS issues one a minute, and each sends
 * the owner a message. The key is {@code master.key} in {@code ~/.config/kis-gateway} ({@code GATEWAY_CONFIG_DIR}), or
 * {@code KIS_TOKEN_KEY}.
 *
 * <p>This class supplies the real clocks, randomness and files. To supply them yourself, use
 * {@link KisClient#open}.
 */
public final class Kis {
    private static final Logger LOG = LoggerFactory.getLogger("kis.client");
    private static final Duration TOKEN_TIMEOUT = Duration.ofSeconds(20);
    private static final int SIM_KEY_BYTES = 27;
    private static final int SIM_SECRET_BYTES = 135;
    private static final AccountNumber SIM_ACCOUNT = new AccountNumber("50000001", "01");

    private Kis() {}

    /** As {@link #connect(KisListener)}, without a listener. */
    public static KisClient connect() {
        return connect(new KisListener() {});
    }

    /**
     * A client by the environment and {@code .env} of the working folder, with a valid token. It opens no WebSocket before
     * {@link KisClient#realtime} is called.
     *
     * @throws KisException when settings or credentials are missing or wrong ({@code CREDENTIALS_MISSING}, {@code
     *     INVALID_SETTINGS}), the simulator does not start, or KIS issues no token ({@code TOKEN})
     */
    public static KisClient connect(KisListener listener) {
        return connect(System.getenv(), Path.of("").toAbsolutePath(), listener);
    }

    /**
     * As {@link #connect(KisListener)} with another environment and another working folder; the file {@code .env} of that
     * folder is the only other input.
     */
    public static KisClient connect(Map<String, String> environment, Path folder, KisListener listener) {
        InstantSource clock = InstantSource.system();
        var random = new SecureRandom();
        Map<String, String> variables = variables(environment, folder);
        Optional<LocalBroker> simulator = ServiceLoader.load(LocalBroker.class).findFirst();
        LocalDate today = LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        KisSettings settings = settings(KisSettings.from(variables, today, simulator.isPresent()));
        settings.warnings().forEach(warning -> LOG.warn("setting message=\"{}\"", warning));
        return settings.needsSimulator()
                ? connectSimulator(settings, simulator.orElseThrow(), clock, random, listener)
                : connectBroker(settings, folder, clock, random, listener);
    }

    private static KisClient connectSimulator(
            KisSettings settings, LocalBroker broker, InstantSource clock, SecureRandom random, KisListener listener) {
        Path folder = createTemporaryFolder();
        LocalBroker.Running running;
        try {
            running =
                    settings.environment() == Environment.PAPER_FACE ? broker.startPaper(folder) : broker.start(folder);
        } catch (RuntimeException trouble) {
            deleteFolder(folder);
            throw new KisException(KisFailure.of(
                    KisFailure.Kind.CONNECTION, "the simulator does not start: " + trouble.getMessage(), "", false));
        }
        LOG.info("simulator_started address={}", running.restBase());
        Runnable onClose = () -> {
            running.close();
            deleteFolder(folder);
        };
        KisConfig config = config(
                settings,
                running.restBase(),
                running.wsBase(),
                simulatorCredentials(settings, random),
                // The simulator loses its tokens with its folder, so the key is useless to others.
                TokenStore.in(folder.resolve("token"), Secret.of(randomHex(random, SIM_KEY_BYTES))),
                random);
        return openClient(config, clock, listener, onClose);
    }

    private static KisClient connectBroker(
            KisSettings settings, Path folder, InstantSource clock, SecureRandom random, KisListener listener) {
        Environment environment = settings.environment();
        URI rest = settings.restBase().orElse(environment.restBase());
        Credentials credentials = settings.target() == Target.SIM
                ? simulatorCredentials(settings, random)
                : new Credentials(
                        settings.appKey().orElseThrow(),
                        settings.appSecret().orElseThrow(),
                        settings.account().orElseThrow(),
                        settings.htsId());
        // A key generated for this run is never used again, so neither is its token.
        Optional<Path> temporaryFolder =
                settings.target() == Target.SIM && settings.appKey().isEmpty()
                        ? Optional.of(createTemporaryFolder())
                        : Optional.empty();
        KisConfig config = config(
                settings,
                rest,
                settings.wsBase().orElse(environment.wsBase()),
                credentials,
                temporaryFolder
                        .map(place ->
                                TokenStore.in(place.resolve("token"), Secret.of(randomHex(random, SIM_KEY_BYTES))))
                        .orElseGet(() -> openTokenStore(settings, folder, rest, credentials.appKey(), random)),
                random);
        return openClient(config, clock, listener, () -> temporaryFolder.ifPresent(Kis::deleteFolder));
    }

    private static KisClient openClient(KisConfig config, InstantSource clock, KisListener listener, Runnable onClose) {
        long startNanos = System.nanoTime();
        InstantSource monotonicClock = () -> Instant.EPOCH.plusNanos(System.nanoTime() - startNanos);
        KisClient client = KisClient.openWithoutRealtime(config, clock, monotonicClock, listener, onClose);
        Optional<KisFailure> noToken = client.awaitToken(TOKEN_TIMEOUT);
        if (noToken.isPresent()) {
            client.close();
            throw new KisException(noToken.get());
        }
        return client;
    }

    private static KisConfig config(
            KisSettings settings, URI rest, URI ws, Credentials credentials, TokenStore tokens, SecureRandom random) {
        try {
            return new KisConfig(
                    settings.environment(), rest, ws, credentials, tokens, settings.tuning(), false, random.nextLong());
        } catch (IllegalArgumentException wrong) {
            throw badSettings(String.valueOf(wrong.getMessage()));
        }
    }

    /** A simulator accepts any credentials; each program gets its own, so that no two share a session by accident. */
    private static Credentials simulatorCredentials(KisSettings settings, SecureRandom random) {
        return new Credentials(
                settings.appKey().orElseGet(() -> Secret.of(randomHex(random, SIM_KEY_BYTES))),
                settings.appSecret().orElseGet(() -> Secret.of(randomHex(random, SIM_SECRET_BYTES))),
                settings.account().orElse(SIM_ACCOUNT),
                settings.htsId().or(() -> Optional.of("simuser")));
    }

    private static String randomHex(SecureRandom random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes).substring(0, length);
    }

    private static KisSettings settings(KisReply<KisSettings> read) {
        return switch (read) {
            case KisReply.Ok<KisSettings>(KisSettings settings) -> settings;
            case KisReply.Failed<KisSettings>(KisFailure failure) -> throw new KisException(failure);
        };
    }

    /**
     * The variables of {@link #connect(Map, Path, KisListener)}: {@code environment} over the file {@code .env} of {@code folder}.
     *
     * @throws KisException {@code INVALID_SETTINGS} when the file cannot be read
     */
    public static Map<String, String> variables(Map<String, String> environment, Path folder) {
        var variables = new LinkedHashMap<>(dotEnv(folder.resolve(".env")));
        variables.putAll(environment);
        return variables;
    }

    private static Map<String, String> dotEnv(Path file) {
        if (!Files.isRegularFile(file)) {
            return Map.of();
        }
        try {
            DotEnv.Parsed parsed = DotEnv.parse(Files.readString(file, StandardCharsets.UTF_8));
            if (!parsed.problems().isEmpty()) {
                throw badSettings(String.join(" ", parsed.problems()).replaceFirst("\\.$", ""));
            }
            return parsed.values();
        } catch (IOException _) {
            throw badSettings(".env cannot be read as UTF-8 text: check its permissions and encoding");
        }
    }

    private static TokenStore openTokenStore(
            KisSettings settings, Path folder, URI broker, Secret appKey, SecureRandom random) {
        Path file = settings.tokenFolder()
                .map(text -> SettingForms.path(text, folder, home()))
                .orElseGet(() -> settingsFolder(settings, folder).resolve("tokens"))
                .resolve(settings.target().name().toLowerCase(Locale.ROOT) + "-" + fingerprint(appKey, broker));
        TokenStore store = TokenStore.in(file, settings.tokenKey().orElseGet(() -> storeKey(settings, folder, random)));
        return settings.calls().rotation().map(store::withRotation).orElse(store);
    }

    private static Secret storeKey(KisSettings settings, Path folder, SecureRandom random) {
        Path place = settingsFolder(settings, folder);
        try {
            return StoreKey.open(place, random);
        } catch (IOException trouble) {
            throw badSettings("the key file of stored tokens in " + place + " cannot be used: " + trouble.getMessage()
                    + " (KIS_TOKEN_KEY does without it)");
        }
    }

    private static Path settingsFolder(KisSettings settings, Path folder) {
        return SettingForms.path(settings.configFolder(), folder, home());
    }

    private static Path home() {
        return Path.of(System.getProperty("user.home"));
    }

    /** Distinguishes the files of several app keys and brokers without revealing the keys. */
    private static String fingerprint(Secret appKey, URI broker) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((appKey.reveal() + ' ' + broker).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static KisException badSettings(String why) {
        return new KisException(KisFailure.of(
                KisFailure.Kind.INVALID_SETTINGS, why, "correct it and start again; nothing was opened", false));
    }

    private static Path createTemporaryFolder() {
        try {
            return Files.createTempDirectory("kis-sim-");
        } catch (IOException trouble) {
            throw new UncheckedIOException("no folder for the simulator can be made", trouble);
        }
    }

    private static void deleteFolder(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException trouble) {
            LOG.warn(
                    "simulator_folder_left folder={} cause={}",
                    folder,
                    trouble.getClass().getSimpleName());
        }
    }
}
