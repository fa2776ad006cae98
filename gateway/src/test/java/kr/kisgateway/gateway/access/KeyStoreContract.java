package kr.kisgateway.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.access.KeyRing.CreateResult;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stored keys, tokens and logins do, wherever they are. */
abstract class KeyStoreContract {
    static final Duration CHECK = Duration.ofSeconds(1);
    static final LoginLimits LIMITS = new LoginLimits(Duration.ofMinutes(30), Duration.ofDays(7));

    @TempDir
    Path folder;

    volatile Instant now = Instant.parse("2026-11-20T00:00:00Z");
    private final InstantSource clock = () -> now;
    private final List<AutoCloseable> open = new ArrayList<>();

    /** Opens the keys once more, as another process does. */
    abstract KeyStore openStore();

    @AfterEach
    void closeAll() throws Exception {
        for (var one : open.reversed()) {
            one.close();
        }
    }

    KeyStore store() {
        var store = openStore();
        open.add(store);
        return store;
    }

    /** A node with its own copy of the keys, which it compares whenever {@code tasks} advance. */
    KeyRing ring(ManualTaskRunner tasks) {
        var ring = new KeyRing(openStore(), clock, new SecureRandom(), LIMITS).startWatching(tasks);
        open.add(ring);
        return ring;
    }

    KeyRequest keyRequest(String name) {
        return KeyRequest.read(
                name,
                "quote",
                Optional.<List<String>>empty(),
                Optional.<List<String>>empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                OptionalInt.empty(),
                Optional.empty(),
                now);
    }

    ApiKey create(KeyRing ring, String name) {
        return ((CreateResult.Created) ring.create(keyRequest(name))).newKey().key();
    }

    static Caller caller(ApiKey key) {
        return new Caller(
                key.name(),
                Role.QUOTE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                key.hash().fingerprint());
    }

    ApiKey key(String id, String name) {
        return new ApiKey(
                id,
                name,
                Role.TRADE,
                Optional.of(Set.of("A1", "A2")),
                Optional.of(Set.of()),
                Optional.of("momentum"),
                true,
                List.of(Network.parse("10.1.0.0/16").orElseThrow()),
                OptionalInt.of(7),
                now,
                Optional.of(now.plusSeconds(60)),
                Optional.empty(),
                SecretHash.of(id),
                Optional.empty(),
                Optional.of(new FaceIdentity(
                        SecretHash.of(id + "-app"),
                        SecretHash.of(id + "-secret"),
                        Optional.empty(),
                        "9000000001",
                        id,
                        "current",
                        FaceRecords.SINGLE,
                        true)));
    }

    @Test
    void a_key_is_read_as_it_was_stored() {
        var key = key("abcdefgh", "bot");
        assertThat(store().insert(key)).isTrue();
        assertThat(store().all()).containsExactly(key);
    }

    @Test
    void an_id_and_a_name_are_used_once() {
        var store = store();
        assertThat(store.insert(key("abcdefgh", "bot"))).isTrue();
        assertThat(store.insert(key("abcdefgh", "other"))).isFalse();
        assertThat(store.insert(key("ijklmnop", "bot"))).isFalse();
        assertThat(store.all()).containsExactly(key("abcdefgh", "bot"));
    }

    @Test
    void a_rotated_key_has_its_former_secrets_and_a_revoked_one_is_not_changed_any_more() {
        var store = store();
        store.insert(key("abcdefgh", "bot"));
        var until = now.plusSeconds(5);
        assertThat(store.rotate("abcdefgh", SecretHash.of("new"), Optional.of(SecretHash.of("app")), until))
                .isTrue();
        assertThat(store.revoke("abcdefgh", now)).isTrue();
        assertThat(store.revoke("abcdefgh", now)).isFalse();
        assertThat(store.rotate("abcdefgh", SecretHash.of("late"), Optional.empty(), until))
                .isFalse();
        var key = store.all().getFirst();
        assertThat(key.hash()).isEqualTo(SecretHash.of("new"));
        assertThat(key.formerSecret()).contains(new ApiKey.FormerSecret(SecretHash.of("abcdefgh"), until));
        assertThat(key.face().orElseThrow().appSecret()).isEqualTo(SecretHash.of("app"));
        assertThat(key.revokedAt()).contains(now);
    }

    @Test
    void the_keys_of_another_store_are_added_once_with_their_tokens_and_logins() {
        var until = now.plusSeconds(5);
        var source = KeyStore.open(folder.resolve("alone.db"));
        open.add(source);
        source.insert(key("abcdefgh", "bot"));
        source.rotate("abcdefgh", SecretHash.of("new"), Optional.of(SecretHash.of("app")), until);
        source.insert(key("ijklmnop", "former"));
        source.revoke("ijklmnop", now);
        source.insert(key("qrstuvwx", "page"));
        source.insert(key("bcdefghi", "ended"));
        source.revoke("bcdefghi", now);
        source.save(new IssuedToken("abcdefgh", 20, true));
        source.save(new IssuedToken("qrstuvwx", 20, false));
        var login = new Login(SecretHash.of("token"), "abcdefgh", "secret", now, now.plusSeconds(1));
        source.save(login);
        var target = store();
        target.insert(key("yzabcdef", "page"));
        target.insert(key("cdefghij", "ended"));
        var other = store();
        long before = other.version();

        assertThat(target.addFrom(source, now)).isEqualTo(new KeyStore.Addition(2, List.of("page")));

        assertThat(target.all())
                .containsExactlyInAnyOrder(
                        source.all().get(0), source.all().get(2), key("yzabcdef", "page"), key("cdefghij", "ended"));
        assertThat(target.tokensAfter(0)).containsExactly(new IssuedToken("abcdefgh", 20, true));
        assertThat(target.logins()).containsExactly(login);
        assertThat(other.version()).isNotEqualTo(before);

        target.revoke("abcdefgh", now);
        assertThat(target.addFrom(source, now)).isEqualTo(new KeyStore.Addition(0, List.of("page")));
        assertThat(target.all())
                .filteredOn(key -> key.revokedAt().isEmpty())
                .containsExactlyInAnyOrder(key("yzabcdef", "page"), key("cdefghij", "ended"));
    }

    @Test
    void a_key_whose_app_key_another_one_has_is_not_added() {
        var source = KeyStore.open(folder.resolve("alone.db"));
        open.add(source);
        source.insert(key("abcdefgh", "bot"));
        var target = store();
        var holder = key("abcdefgh", "bot");
        target.insert(new ApiKey(
                "ijklmnop",
                "other",
                holder.role(),
                holder.accounts(),
                holder.symbols(),
                holder.strategy(),
                holder.ownOrdersOnly(),
                holder.networks(),
                holder.callsPerSecond(),
                holder.createdAt(),
                holder.expiresAt(),
                holder.revokedAt(),
                holder.hash(),
                holder.formerSecret(),
                holder.face()));
        assertThat(target.addFrom(source, now)).isEqualTo(new KeyStore.Addition(0, List.of("bot")));
        assertThat(target.addFrom(source, now.plusSeconds(60)))
                .as("when it has expired")
                .isEqualTo(new KeyStore.Addition(0, List.of()));
        assertThat(target.all()).extracting(ApiKey::name).containsExactly("other");
    }

    @Test
    void tokens_are_replaced_by_their_second_and_old_ones_deleted() {
        var store = store();
        store.save(new IssuedToken("k", 10, false));
        store.save(new IssuedToken("k", 20, false));
        store.save(new IssuedToken("k", 20, true));
        store.save(new IssuedToken("l", 20, false));
        assertThat(store.tokensAfter(10))
                .containsExactlyInAnyOrder(new IssuedToken("k", 20, true), new IssuedToken("l", 20, false));
        assertThat(store.tokensAfter(0)).hasSize(2);
    }

    @Test
    void the_version_changes_with_the_changes_of_others_and_not_with_own_ones() {
        var store = store();
        var other = store();
        long before = store.version();
        store.insert(key("abcdefgh", "bot"));
        store.save(new IssuedToken("k", 10, false));
        assertThat(store.version()).isEqualTo(before);
        assertThat(other.insert(key("ijklmnop", "other"))).isTrue();
        long afterKey = store.version();
        assertThat(afterKey).isNotEqualTo(before);
        other.save(new IssuedToken("k", 20, false));
        long afterToken = store.version();
        assertThat(afterToken).isNotEqualTo(afterKey);
        other.save(new Login(SecretHash.of("t"), "abcdefgh", "s", now, now));
        assertThat(store.version()).isNotEqualTo(afterToken);
    }

    @Test
    void a_key_that_one_node_creates_or_revokes_is_known_to_the_other_with_its_next_check() {
        var tasks = new ManualTaskRunner();
        var here = ring(tasks);
        var there = ring(tasks);
        var key = create(here, "bot");
        create(there, "own"); // its own change must not hide the other's
        tasks.advance(CHECK);
        assertThat(there.find(key.id())).contains(key);
        assertThat(here.hasValid("own")).isTrue();
        there.revoke("bot");
        tasks.advance(CHECK);
        assertThat(here.hasValid("bot")).isFalse();
    }

    @Test
    void a_login_is_valid_on_every_node_and_ends_on_every_node() {
        var tasks = new ManualTaskRunner();
        var here = ring(tasks);
        var there = ring(tasks);
        var caller = caller(create(here, "bot"));
        String token = here.logIn(caller).orElseThrow().token();
        tasks.advance(CHECK);
        var login = there.loggedIn(token).orElseThrow().login();

        there.recordUse(login);
        here.logOut(caller, true);
        tasks.advance(CHECK);
        assertThat(there.loggedIn(token)).isEmpty();
        assertThat(here.loggedIn(token)).isEmpty();
    }

    @Test
    void a_use_neither_restores_a_login_that_another_node_ended_nor_replaces_a_later_use() {
        var store = store();
        var other = store();
        var login = new Login(SecretHash.of("token"), "abcdefgh", "secret", now, now);
        store.save(login);
        other.saveUse(login.usedAt(now.plusSeconds(90)));
        store.saveUse(login.usedAt(now.plusSeconds(80)));
        assertThat(store.logins()).containsExactly(login.usedAt(now.plusSeconds(90)));
        store.delete(login);
        other.saveUse(login.usedAt(now.plusSeconds(100)));
        assertThat(store.logins()).isEmpty();
    }

    @Test
    void a_login_that_is_used_on_one_node_does_not_end_on_the_other() {
        var tasks = new ManualTaskRunner();
        var here = ring(tasks);
        var there = ring(tasks);
        String token = here.logIn(caller(create(here, "bot"))).orElseThrow().token();
        tasks.advance(CHECK);
        for (int i = 0; i < 3; i++) {
            now = now.plus(LIMITS.idle().minusMinutes(1));
            there.recordUse(there.loggedIn(token).orElseThrow().login());
            tasks.advance(CHECK);
            tasks.advance(CHECK);
        }
        assertThat(here.loggedIn(token)).isPresent();
    }
}
