package kr.kisgateway.client.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Fixtures;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.RawServer;
import kr.kisgateway.client.Recorder;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.SharedTokenStore;
import kr.kisgateway.client.TokenLock;
import kr.kisgateway.client.TokenStore;
import kr.kisgateway.client.core.Timer;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
    private static final TokenCore.Token TOKEN = new TokenCore.Token(
            Secret.of("PLANTEDTOKEN"), Instant.parse("2026-11-20T00:00:00Z"), Instant.parse("2026-11-21T00:00:00Z"));
    private final Timer timer = new Timer(InstantSource.system());

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        timer.close();
    }

    @Test
    void a_written_token_is_read_back() {
        file(config()).write(TOKEN);
        assertThat(file(config()).read()).contains(TOKEN);
    }

    @Test
    @Requirement("A-14")
    @Requirement("G-12")
    void the_file_shows_nothing_and_belongs_to_its_owner_alone() throws IOException {
        file(config()).write(TOKEN);
        Path written = folder.resolve("token");
        assertThat(new String(Files.readAllBytes(written), StandardCharsets.ISO_8859_1))
                .doesNotContain("PLANTED");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written)))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(written);
        }
    }

    @Test
    void a_token_file_of_another_app_key_or_store_key_is_ignored() {
        file(config()).write(TOKEN);
        KisConfig mine = config();
        KisConfig otherKey =
                with(mine, Secret.of("ANOTHERAPPKEY"), mine.tokens().key());
        KisConfig otherStore = with(mine, mine.credentials().appKey(), Secret.of("another store key"));
        assertThat(file(otherKey).read()).isEmpty();
        assertThat(file(otherStore).read()).isEmpty();
    }

    @Test
    void a_damaged_token_file_is_ignored() throws IOException {
        file(config()).write(TOKEN);
        byte[] bytes = Files.readAllBytes(folder.resolve("token"));
        bytes[bytes.length / 2] ^= 1;
        Files.write(folder.resolve("token"), bytes);
        assertThat(file(config()).read()).isEmpty();
        Files.write(folder.resolve("token"), new byte[0]);
        assertThat(file(config()).read()).isEmpty();
    }

    @Test
    @Requirement(value = "I-07", clause = "file")
    void the_token_lock_admits_one_thread_at_a_time() throws Exception {
        var file = new TokenFileLock(folder.resolve("token"), Duration.ofMillis(200));
        var acquired = new Semaphore(0);
        var done = new Semaphore(0);
        Thread holder = Thread.ofPlatform().start(() -> {
            try {
                file.runLocked(() -> {
                    acquired.release();
                    done.acquireUninterruptibly();
                    return true;
                });
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        acquired.acquire();
        assertThat(file.runLocked(() -> true)).isEqualTo(Optional.empty());
        done.release();
        holder.join();
        assertThat(file.runLocked(() -> true)).contains(true);
    }

    @Test
    @Requirement(value = "I-07", clause = "timeout")
    @Timeout(60)
    void waiting_for_a_lock_that_another_process_never_releases_times_out() throws Exception {
        var file = new TokenFileLock(folder.resolve("token"), Duration.ofMillis(300));
        try (LockHolder other = LockHolder.start(folder.resolve("token.lock"))) {
            assertThat(other.answer()).isEqualTo("held");
            assertThat(onVirtualThread(() -> file.runLocked(() -> true))).isEqualTo(Optional.empty());
        }
        assertThat(onVirtualThread(() -> file.runLocked(() -> true))).contains(true);
    }

    @Test
    @Requirement("I-07")
    @Timeout(60)
    void a_failed_attempt_does_not_release_the_lock_of_another_client_in_the_same_process() throws Exception {
        Path token = folder.resolve("token");
        var answer = new TokenFileLock(token, Duration.ofSeconds(5)).runLocked(() -> {
            try {
                var sibling = new TokenFileLock(folder.resolve(".").resolve("token"), Duration.ofMillis(100));
                assertThat(onVirtualThread(() -> sibling.runLocked(() -> true))).isEqualTo(Optional.empty());
                try (LockHolder other = LockHolder.start(folder.resolve("token.lock"))) {
                    return other.answer();
                }
            } catch (Exception trouble) {
                throw new IllegalStateException(trouble);
            }
        });
        assertThat(answer).contains("busy");
    }

    private static <T> T onVirtualThread(Callable<T> work) throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            return executor.submit(work).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    @Requirement("I-07")
    void a_shared_lock_replaces_the_file_lock() throws Exception {
        var acquired = new AtomicInteger();
        TokenLock theirs = new TokenLock() {
            @Override
            public <T> Optional<T> runLocked(Supplier<T> work) {
                acquired.incrementAndGet();
                return Optional.of(work.get());
            }
        };
        try (var server = new RawServer()) {
            KisConfig config = Fixtures.config(server.address(), Fixtures.unreachable("ws"), folder);
            var recorder = new Recorder();
            try (var client = KisClient.open(
                    config.withTokens(config.tokens().withLock(theirs)),
                    InstantSource.system(),
                    InstantSource.system(),
                    recorder)) {
                client.start();
                recorder.awaitEvent("token_issued");
            }
        }
        assertThat(acquired).hasValue(1);
        assertThat(folder.resolve("token.lock")).doesNotExist();
    }

    @Test
    @Requirement("I-07")
    void an_unreachable_shared_lock_falls_back_to_the_file_lock() throws Exception {
        TokenLock away = new TokenLock() {
            @Override
            public <T> Optional<T> runLocked(Supplier<T> work) throws IOException {
                throw new IOException("Redis is away");
            }
        };
        try (var server = new RawServer()) {
            KisConfig config = Fixtures.config(server.address(), Fixtures.unreachable("ws"), folder);
            var recorder = new Recorder();
            try (var client = KisClient.open(
                    config.withTokens(config.tokens().withLock(away)),
                    InstantSource.system(),
                    InstantSource.system(),
                    recorder)) {
                client.start();
                recorder.awaitEvent("token_issued");
            }
        }
        assertThat(folder.resolve("token.lock")).exists();
    }

    @Test
    void a_token_from_before_a_shared_place_is_put_into_it_once_and_replaces_no_newer_one() throws Exception {
        var token = new TokenCore.Token(
                Secret.of("PLANTED"), Instant.now(), Instant.now().plus(Duration.ofHours(12)));
        file(config()).write(token);
        var writes = new ArrayList<byte[]>();
        var shared = new SharedTokenStore() {
            @Override
            public Optional<byte[]> read() {
                return writes.isEmpty() ? Optional.empty() : Optional.of(writes.getLast());
            }

            @Override
            public void write(byte[] sealed, Duration life) {
                writes.add(sealed);
            }

            @Override
            public void delete() {
                writes.clear();
            }
        };
        var mine = file(sharing(config(), shared));
        mine.share(token);
        mine.share(token);
        assertThat(writes).hasSize(1);

        var elsewhere = Fixtures.config(
                URI.create("http://127.0.0.1:1"),
                URI.create("ws://127.0.0.1:1"),
                Files.createDirectories(folder.resolve("elsewhere")));
        assertThat(file(sharing(elsewhere, shared)).read()).contains(token);

        var newer = new TokenCore.Token(
                Secret.of("newer"),
                token.issuedAt().plusSeconds(60),
                token.expiresAt().plusSeconds(60));
        file(sharing(elsewhere, shared)).write(newer);
        mine.share(token);
        assertThat(mine.read()).contains(newer);
    }

    private static KisConfig sharing(KisConfig config, SharedTokenStore shared) {
        return config.withTokens(config.tokens()
                .withSharedStore(new TokenFileLock(config.tokens().file(), Duration.ofSeconds(1)), shared));
    }

    private KisConfig config() {
        return Fixtures.config(URI.create("http://127.0.0.1:1"), URI.create("ws://127.0.0.1:1"), folder);
    }

    private TokenFile file(KisConfig config) {
        return new TokenFile(config, InstantSource.system());
    }

    private static KisConfig with(KisConfig it, Secret appKey, Secret storeKey) {
        Credentials original = it.credentials();
        return new KisConfig(
                it.environment(),
                it.restBase(),
                it.wsBase(),
                new Credentials(appKey, original.appSecret(), original.account(), original.htsId()),
                TokenStore.in(it.tokens().file(), storeKey),
                it.tuning(),
                false,
                it.seed());
    }
}
