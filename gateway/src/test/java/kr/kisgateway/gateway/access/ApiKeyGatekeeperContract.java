package kr.kisgateway.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.access.KeyRing.CreateResult;
import kr.kisgateway.gateway.access.KeyRing.NewKey;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.Gatekeeper.RequestCredentials;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What keys do, wherever they are stored. */
@Requirement("A-15")
abstract class ApiKeyGatekeeperContract {
    static final String LOOPBACK = "127.0.0.1";
    static final int RATE = 5;

    @TempDir
    Path folder;

    volatile Instant now = Instant.parse("2026-11-20T00:00:00Z");
    final InstantSource clock = () -> now;
    private final List<AutoCloseable> open = new ArrayList<>();
    KeyRing keys;
    private ApiKeyGatekeeper required;

    @BeforeEach
    void start() {
        keys = ring();
        required = new ApiKeyGatekeeper(true, keys, Optional.of(Secret.of("open-sesame")), RATE, clock, clock);
    }

    @AfterEach
    void stop() throws Exception {
        for (var one : open) {
            one.close();
        }
    }

    /** Opens the keys once more, as another process does. */
    abstract KeyStore openStore();

    /** All that is stored, as text. */
    abstract String stored() throws Exception;

    private KeyRing ring() {
        var ring = new KeyRing(openStore(), clock, new SecureRandom());
        open.add(ring);
        return ring;
    }

    @Test
    void a_key_identifies_its_caller_and_its_role() {
        var made = create("bot", "trade", Optional.of(List.of("A1")), List.of(), Optional.empty());

        Caller caller = required.admit(bearer(made), Optional.of(Role.TRADE));

        assertThat(caller)
                .isEqualTo(new Caller(
                        "bot",
                        Role.TRADE,
                        Optional.of(java.util.Set.of("A1")),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        made.text().hash().fingerprint()));
        assertThat(required.admit(
                        new RequestCredentials(
                                LOOPBACK,
                                Optional.empty(),
                                Optional.of(made.text().reveal()),
                                Optional.empty()),
                        Optional.of(Role.QUOTE)))
                .isEqualTo(caller);
        assertThat(refused(bearer(made), Role.OPERATOR)).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(refused(bearer(made), Role.ADMIN)).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void only_a_program_on_this_machine_without_a_key_is_admitted_to_open_calls_and_only_where_no_key_is_needed() {
        var made = create("bot", "admin", Optional.empty(), List.of(), Optional.empty());
        var open = new ApiKeyGatekeeper(false, keys, Optional.of(Secret.of("open-sesame")), RATE, clock, clock);

        assertThat(open.isOpenFor(withoutKey(LOOPBACK))).isTrue();
        assertThat(open.isOpenFor(withoutKey("[::1]"))).isTrue();
        assertThat(open.isOpenFor(withoutKey("192.0.2.7"))).isFalse();
        assertThat(open.isOpenFor(bearer(made))).as("a key is verified").isFalse();
        assertThat(required.isOpenFor(withoutKey(LOOPBACK)))
                .as("it may be a proxy")
                .isFalse();
    }

    private static RequestCredentials withoutKey(String address) {
        return new RequestCredentials(address, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void without_a_key_calls_are_refused_and_open_routes_stay_open() {
        assertThat(refused(knock(), Role.QUOTE)).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(refused(
                        new RequestCredentials(
                                LOOPBACK, Optional.of("Basic dXNlcjpwYXNz"), Optional.empty(), Optional.empty()),
                        Role.QUOTE))
                .isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(required.admit(knock(), Optional.empty()).role()).isEqualTo(Role.QUOTE);
        // A probe with an invalid key is still a probe.
        assertThat(required.admit(bearer("kgw_none"), Optional.empty()).isLocal())
                .isTrue();
    }

    @Test
    void where_no_key_is_required_a_wrong_one_is_still_refused() {
        var open = new ApiKeyGatekeeper(false, keys, Optional.empty(), RATE, clock, clock);

        assertThat(open.admit(knock(), Optional.of(Role.ADMIN)).isLocal()).isTrue();
        assertThat(catchThrowableOfType(
                                RefusedException.class,
                                () -> open.admit(bearer("kgw_abcdefgh_" + "x".repeat(43)), Optional.of(Role.QUOTE)))
                        .refusal()
                        .code())
                .isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void the_operator_token_makes_an_admitted_caller_an_operator_but_no_administrator() {
        var made = create("bot", "trade");
        var shown = new RequestCredentials(
                LOOPBACK, Optional.of("Bearer " + made.text().reveal()), Optional.empty(), Optional.of("open-sesame"));
        assertThat(required.admit(shown, Optional.of(Role.OPERATOR)).role()).isEqualTo(Role.OPERATOR);
        assertThat(refused(shown, Role.ADMIN)).isEqualTo(ErrorCode.FORBIDDEN);
        var wrong =
                new RequestCredentials(LOOPBACK, shown.authorization(), Optional.empty(), Optional.of("open-sesami"));
        assertThat(refused(wrong, Role.OPERATOR)).isEqualTo(ErrorCode.OPERATOR_TOKEN_WRONG);
        var tokenAlone =
                new RequestCredentials(LOOPBACK, Optional.empty(), Optional.empty(), Optional.of("open-sesame"));
        assertThat(refused(tokenAlone, Role.OPERATOR)).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void on_loopback_a_configured_token_distinguishes_operators() {
        var own = new ApiKeyGatekeeper(false, keys, Optional.of(Secret.of("open-sesame")), RATE, clock, clock);
        assertThat(own.admit(knock(), Optional.of(Role.TRADE)).role()).isEqualTo(Role.TRADE);
        assertThat(code(own, knock(), Role.OPERATOR)).isEqualTo(ErrorCode.OPERATOR_TOKEN_REQUIRED);
        var right = new RequestCredentials(LOOPBACK, Optional.empty(), Optional.empty(), Optional.of("open-sesame"));
        assertThat(own.admit(right, Optional.of(Role.ADMIN)).role()).isEqualTo(Role.ADMIN);
        var wrong = new RequestCredentials(LOOPBACK, Optional.empty(), Optional.empty(), Optional.of("no"));
        assertThat(code(own, wrong, Role.OPERATOR)).isEqualTo(ErrorCode.OPERATOR_TOKEN_WRONG);
    }

    @Test
    void a_key_expires_at_its_day_and_ends_when_revoked() {
        var short_ = create("short", "quote", Optional.empty(), List.of(), Optional.of("2026-11-21"));
        var long_ = create("long", "quote");
        // The end of the 21st in Seoul is 15:00 of the 21st in UTC.
        now = Instant.parse("2026-11-21T14:59:59Z");
        required.admit(bearer(short_), Optional.of(Role.QUOTE));
        now = Instant.parse("2026-11-21T15:00:00Z");
        assertThat(refusal(required, bearer(short_), Role.QUOTE).message()).contains("expired");

        assertThat(keys.revoke("long")).isPresent();
        assertThat(refusal(required, bearer(long_), Role.QUOTE).message()).contains("revoked");
        assertThat(keys.revoke("long")).isEmpty();
        // Its name is not reused: orders were counted by it.
        assertThat(keys.create(keyRequest("long", "quote"))).isInstanceOf(CreateResult.NameTaken.class);
    }

    @Test
    void a_rotated_key_accepts_both_secrets_until_the_grace_period_ends() {
        var before = create("bot", "quote");
        var after = keys.rotate("bot", Duration.ofHours(1)).orElseThrow();

        assertThat(after.text().reveal()).isNotEqualTo(before.text().reveal());
        assertThat(required.admit(bearer(before), Optional.of(Role.QUOTE)).name())
                .isEqualTo("bot");
        assertThat(required.admit(bearer(after), Optional.of(Role.QUOTE)).name())
                .isEqualTo("bot");
        now = now.plus(Duration.ofHours(1));
        assertThat(refused(bearer(before), Role.QUOTE)).isEqualTo(ErrorCode.UNAUTHENTICATED);
        required.admit(bearer(after), Optional.of(Role.QUOTE));
    }

    @Test
    @Requirement(value = "A-17", clause = "inbound")
    void a_key_is_accepted_only_from_its_networks() {
        var made = create("bot", "quote", Optional.empty(), List.of("10.1.0.0/16", "2001:db8::/32"), Optional.empty());
        String text = "Bearer " + made.text().reveal();
        for (String allowed : List.of("10.1.255.1", "2001:db8:1::1", "[2001:db8::7]")) {
            required.admit(
                    new RequestCredentials(allowed, Optional.of(text), Optional.empty(), Optional.empty()),
                    Optional.of(Role.QUOTE));
        }
        for (String outside : List.of("10.2.0.1", "2001:db9::1", "127.0.0.1", "nonsense", "")) {
            assertThat(refused(
                            new RequestCredentials(outside, Optional.of(text), Optional.empty(), Optional.empty()),
                            Role.QUOTE))
                    .as(outside)
                    .isEqualTo(ErrorCode.UNAUTHENTICATED);
        }
    }

    @Test
    void a_key_beyond_its_quota_waits_and_another_does_not() {
        var made = create("bot", "quote");
        var other = create("other", "quote");
        for (int i = 0; i < RATE; i++) {
            required.admit(bearer(made), Optional.of(Role.QUOTE));
        }
        var refusal = refusal(required, bearer(made), Role.QUOTE);
        assertThat(refusal.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(refusal.retryAfter()).contains(Duration.ofMillis(200));
        required.admit(bearer(other), Optional.of(Role.QUOTE));

        now = now.plusMillis(200);
        required.admit(bearer(made), Optional.of(Role.QUOTE));
        assertThat(refused(bearer(made), Role.QUOTE)).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(BoundMeters.of(required::bindTo).value("access.refused", "reason", "quota"))
                .isEqualTo(2);
    }

    @Test
    void an_address_that_guesses_keys_waits_ever_longer_and_its_neighbours_do_not() {
        var made = create("bot", "quote");
        var neighbourKey = create("neighbour", "quote");
        String guess = "kgw_" + made.key().id() + "_" + "x".repeat(43);
        for (int i = 0; i < Lockout.FREE_ATTEMPTS; i++) {
            assertThat(refused(bearer(guess), Role.QUOTE)).isEqualTo(ErrorCode.UNAUTHENTICATED);
        }
        assertThat(refusal(required, bearer(guess), Role.QUOTE).retryAfter()).contains(Duration.ofSeconds(1));
        // Otherwise the answer would reveal a correct guess.
        assertThat(refused(bearer(made), Role.QUOTE)).isEqualTo(ErrorCode.LOCKED_OUT);
        required.admit(bearer(neighbourKey), Optional.of(Role.QUOTE));
        var elsewhere = new RequestCredentials(
                "192.0.2.1", Optional.of("Bearer " + made.text().reveal()), Optional.empty(), Optional.empty());
        required.admit(elsewhere, Optional.of(Role.QUOTE));

        now = now.plusSeconds(1);
        assertThat(refused(bearer(guess), Role.QUOTE)).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(refusal(required, bearer(guess), Role.QUOTE).retryAfter()).contains(Duration.ofSeconds(2));
        now = now.plusSeconds(2);
        required.admit(bearer(made), Optional.of(Role.QUOTE));
        now = now.plus(Duration.ofMinutes(15));
        assertThat(refused(bearer(guess), Role.QUOTE)).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(refused(bearer(guess), Role.QUOTE)).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void the_log_names_the_locked_key_and_the_address_and_never_the_secret() {
        var made = create("bot", "quote");
        String guess = "kgw_" + made.key().id() + "_" + "x".repeat(43);
        String unknown = "kgw_zzzzzzzz_" + "y".repeat(43);
        var log = (Logger) LoggerFactory.getLogger(SecurityLog.ATTEMPTS);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        log.addAppender(lines);
        var levelBefore = log.getLevel();
        log.setLevel(Level.WARN);
        try {
            for (int i = 0; i <= Lockout.FREE_ATTEMPTS; i++) {
                refused(bearer(guess), Role.QUOTE);
                refused(bearer(unknown), Role.QUOTE);
                refused(withToken(made, "192.0.2.7", "guess-" + i), Role.OPERATOR);
                now = now.plusMillis(10);
            }
        } finally {
            log.detachAppender(lines);
            log.setLevel(levelBefore);
        }
        var lockedOut = lines.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.startsWith("locked_out"))
                .map(line -> line.substring(0, line.indexOf(" wait=")))
                .toList();
        assertThat(lockedOut)
                .contains(
                        "locked_out address=127.0.0.1 key=bot secret=api-key",
                        "locked_out address=127.0.0.1 key=zzzzzzzz secret=api-key");
        assertThat(lines.list.stream().map(ILoggingEvent::getFormattedMessage))
                .noneMatch(line -> line.contains("xxxx") || line.contains("yyyy") || line.contains("guess-"));
    }

    @Test
    void wrong_operator_tokens_of_one_key_do_not_block_another_key_at_the_same_address() {
        var guesser = create("guesser", "quote");
        var operator = create("operator", "trade");
        for (int i = 0; i < Lockout.FREE_ATTEMPTS; i++) {
            now = now.plusMillis(300); // within the key's calls a second
            assertThat(refused(withToken(guesser, LOOPBACK, "guess-" + i), Role.OPERATOR))
                    .isEqualTo(ErrorCode.OPERATOR_TOKEN_WRONG);
        }
        assertThat(refused(withToken(guesser, LOOPBACK, "open-sesame"), Role.OPERATOR))
                .isEqualTo(ErrorCode.LOCKED_OUT);

        assertThat(required.admit(withToken(operator, LOOPBACK, "open-sesame"), Optional.of(Role.OPERATOR))
                        .role())
                .isEqualTo(Role.OPERATOR);
    }

    @Test
    void wrong_guesses_from_many_addresses_share_one_bound_and_the_owners_usual_address_is_spared() {
        var made = create("bot", "quote");
        required.admit(bearer(made), Optional.of(Role.QUOTE));
        String guess = "kgw_" + made.key().id() + "_" + "x".repeat(43);
        int evaluated = 0;
        for (int host = 1; host <= 40; host++) {
            for (int i = 0; i < Lockout.FREE_ATTEMPTS - 1; i++) {
                var code = refused(from("192.0.2." + host, guess), Role.QUOTE);
                evaluated += code == ErrorCode.UNAUTHENTICATED ? 1 : 0;
            }
        }
        assertThat(evaluated).isEqualTo(Lockout.FREE_ATTEMPTS_TOTAL);
        assertThat(refused(from("198.51.100.7", guess), Role.QUOTE)).isEqualTo(ErrorCode.LOCKED_OUT);
        assertThat(refused(from("198.51.100.7", made.text().reveal()), Role.QUOTE))
                .as("the right one from a new address waits too, or the answer would reveal it")
                .isEqualTo(ErrorCode.LOCKED_OUT);

        required.admit(bearer(made), Optional.of(Role.QUOTE));
        var other = create("other", "quote");
        required.admit(from("198.51.100.7", other.text().reveal()), Optional.of(Role.QUOTE));
        now = now.plusSeconds(Lockout.WAIT_MAX_SECONDS_TOTAL);
        required.admit(from("198.51.100.7", made.text().reveal()), Optional.of(Role.QUOTE));
    }

    @Test
    void unknown_keys_and_operator_tokens_have_a_total_bound() {
        int evaluated = 0;
        for (int i = 0; i < 200; i++) {
            var stranger = from("192.0.2." + i, "kgw_abcdefgh_" + "x".repeat(43));
            evaluated += refused(stranger, Role.QUOTE) == ErrorCode.UNAUTHENTICATED ? 1 : 0;
        }
        assertThat(evaluated).isEqualTo(Lockout.FREE_ATTEMPTS_TOTAL);

        var made = create("bot", "trade", Optional.empty(), List.of(), Optional.empty());
        evaluated = 0;
        for (int i = 0; i < 200; i++) {
            now = now.plusSeconds(1); // within the key's calls a second
            var code = refused(withToken(made, "198.51.100." + i, "no"), Role.OPERATOR);
            evaluated += code == ErrorCode.OPERATOR_TOKEN_WRONG ? 1 : 0;
        }
        assertThat(evaluated).isBetween(Lockout.FREE_ATTEMPTS_TOTAL, Lockout.FREE_ATTEMPTS_TOTAL + 10);
    }

    @Test
    void addresses_one_host_can_choose_freely_count_as_one() {
        var made = create("bot", "quote");
        String guess = "kgw_" + made.key().id() + "_" + "x".repeat(43);
        for (int i = 0; i < Lockout.FREE_ATTEMPTS; i++) {
            assertThat(refused(from("[2001:db8:1:2::" + i + "]", guess), Role.QUOTE))
                    .isEqualTo(ErrorCode.UNAUTHENTICATED);
            assertThat(refused(from("127.0.0." + (i + 1), guess), Role.QUOTE)).isEqualTo(ErrorCode.UNAUTHENTICATED);
        }
        for (String same : List.of("2001:db8:1:2:ffff::1", "127.9.9.9", "::1")) {
            assertThat(refused(from(same, guess), Role.QUOTE)).as(same).isEqualTo(ErrorCode.LOCKED_OUT);
        }
        assertThat(refused(from("2001:db8:1:3::1", guess), Role.QUOTE)).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void on_loopback_a_wrong_operator_token_is_refused_and_counted_for_every_call() {
        var own = new ApiKeyGatekeeper(false, keys, Optional.of(Secret.of("open-sesame")), RATE, clock, clock);
        var wrong = new RequestCredentials(LOOPBACK, Optional.empty(), Optional.empty(), Optional.of("no"));
        for (int i = 0; i < Lockout.FREE_ATTEMPTS; i++) {
            // A call for traders whose body may require more, and one for administrators.
            assertThat(code(own, wrong, i % 2 == 0 ? Role.TRADE : Role.ADMIN))
                    .isEqualTo(ErrorCode.OPERATOR_TOKEN_WRONG);
        }
        assertThat(code(own, wrong, Role.TRADE)).isEqualTo(ErrorCode.LOCKED_OUT);
        assertThat(own.admit(knock(), Optional.of(Role.TRADE)).role()).isEqualTo(Role.TRADE);
    }

    private static RequestCredentials withToken(NewKey made, String address, String token) {
        return new RequestCredentials(
                address, Optional.of("Bearer " + made.text().reveal()), Optional.empty(), Optional.of(token));
    }

    private static RequestCredentials from(String address, String key) {
        return new RequestCredentials(address, Optional.of("Bearer " + key), Optional.empty(), Optional.empty());
    }

    @Test
    void changes_by_another_process_take_effect_within_a_second() throws Exception {
        BlockingQueue<KeyRing.Pass> endedPasses = new LinkedBlockingQueue<>();
        keys.onPassInvalidated(endedPasses::add);
        var tasks = new ManualTaskRunner();
        keys.startWatching(tasks);
        var elsewhere = ring();
        var made = ((CreateResult.Created) elsewhere.create(keyRequest("bot", "quote"))).newKey();
        assertThat(keys.find(made.key().id())).isEmpty();
        tasks.advance(Duration.ofSeconds(1));
        required.admit(bearer(made), Optional.of(Role.QUOTE));

        assertThat(elsewhere.revoke(made.key().id())).isPresent();
        tasks.advance(Duration.ofSeconds(1));
        assertThat(endedPasses)
                .containsExactly(new KeyRing.Pass("bot", made.text().hash().fingerprint()));
        assertThat(refused(bearer(made), Role.QUOTE)).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void neither_what_is_stored_nor_the_output_contains_a_secret() throws Exception {
        var made = create("bot", "quote");
        String secret = made.text().secret();
        assertThat(made.toString()).contains("kgw_" + made.key().id()).doesNotContain(secret);
        assertThat(bearer(made).toString()).doesNotContain(secret);
        assertThat(stored())
                .doesNotContain(secret)
                .contains(SecretHash.of(secret).hex());
    }

    @Test
    void two_different_keys_in_one_call_are_refused() {
        var one = create("one", "quote");
        var two = create("two", "admin");
        assertThat(refused(
                        new RequestCredentials(
                                LOOPBACK,
                                Optional.of("Bearer " + one.text().reveal()),
                                Optional.of(two.text().reveal()),
                                Optional.empty()),
                        Role.QUOTE))
                .isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    private NewKey create(String name, String role) {
        return create(name, role, Optional.empty(), List.of(), Optional.empty());
    }

    NewKey create(
            String name,
            String role,
            Optional<List<String>> accounts,
            List<String> networks,
            Optional<String> expires) {
        var parsed = KeyRequest.read(
                name,
                role,
                accounts,
                Optional.<List<String>>empty(),
                Optional.empty(),
                Optional.empty(),
                networks,
                OptionalInt.empty(),
                expires,
                now);
        return ((CreateResult.Created) keys.create(parsed)).newKey();
    }

    private KeyRequest keyRequest(String name, String role) {
        return KeyRequest.read(
                name,
                role,
                Optional.<List<String>>empty(),
                Optional.<List<String>>empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                OptionalInt.empty(),
                Optional.empty(),
                now);
    }

    private static RequestCredentials knock() {
        return new RequestCredentials(LOOPBACK, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static RequestCredentials bearer(NewKey made) {
        return bearer(made.text().reveal());
    }

    private static RequestCredentials bearer(String text) {
        return new RequestCredentials(LOOPBACK, Optional.of("Bearer " + text), Optional.empty(), Optional.empty());
    }

    private ErrorCode refused(RequestCredentials knock, Role needed) {
        return refusal(required, knock, needed).code();
    }

    private static ErrorCode code(ApiKeyGatekeeper access, RequestCredentials knock, Role needed) {
        return refusal(access, knock, needed).code();
    }

    private static Refusal refusal(ApiKeyGatekeeper access, RequestCredentials knock, Role needed) {
        var thrown = catchThrowableOfType(RefusedException.class, () -> access.admit(knock, Optional.of(needed)));
        assertThat(thrown).as("%s is refused %s", knock, needed).isNotNull();
        return thrown.refusal();
    }
}
