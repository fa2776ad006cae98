package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that were never started record registrations and send nothing. */
@Requirement("A-04")
class RealtimePoolTest {
    private static final URI UNREACHABLE = URI.create("http://127.0.0.1:9");

    @TempDir
    private Path folder;

    private final List<KisClient> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(KisClient::close);
    }

    @Test
    void two_app_keys_double_the_capacity_and_a_set_that_does_not_fit_is_refused_entirely() {
        RealtimePool pool = pool(List.of(SessionPlan.always(), SessionPlan.always()));
        for (int i = 0; i < 80; i++) { // 41 each, one of them the notices
            assertThat(pool.acquireRegistration(trade(i))).as("%d", i).isInstanceOf(KisReply.Ok.class);
        }
        assertThat(pool.status()).extracting(RealtimeStatus::registrations).containsExactly(41, 41);
        assertThat(pool.acquireRegistration(Set.of(trade(7), trade(80))))
                .isInstanceOfSatisfying(
                        KisReply.Failed.class,
                        it -> assertThat(it.failure().kind()).isEqualTo(KisFailure.Kind.REGISTRATIONS_FULL));
        assertThat(pool.acquireRegistration(Set.of(trade(7), trade(79)))).isInstanceOf(KisReply.Ok.class);
        assertThat(pool.status()).extracting(RealtimeStatus::registrations).containsExactly(41, 41);
    }

    @Test
    void a_key_stays_on_its_session_until_its_last_claim_is_released() {
        RealtimePool pool = pool(List.of(SessionPlan.always(), SessionPlan.always()));
        Registration first = registrationOf(pool.acquireRegistration(trade(1)));
        Registration second = registrationOf(pool.acquireRegistration(Set.of(trade(1), trade(2))));
        assertThat(pool.status()).extracting(RealtimeStatus::registrations).containsExactlyInAnyOrder(2, 2);
        first.close();
        first.close();
        assertThat(pool.sessionOf(trade(1))).isPresent();
        second.close();
        assertThat(pool.sessionOf(trade(1))).isEmpty();
        assertThat(pool.status()).extracting(RealtimeStatus::registrations).containsExactly(1, 1);
    }

    @Test
    @Requirement(value = "I-02", clause = "two-keys")
    void two_app_keys_have_korean_and_us_keys_on_two_sockets() {
        RealtimePool pool = pool(SessionPlan.alternating().splitAcross(2));
        var us = new RealtimeKey("HDFSCNT0", "DNASAAPL");
        registrationOf(pool.acquireRegistration(Set.of(trade(1), us)));
        assertThat(pool.sessionOf(trade(1))).contains(clients.get(0).realtime());
        assertThat(pool.sessionOf(us)).contains(clients.get(1).realtime());
        assertThat(pool.status()).extracting(RealtimeStatus::registrations).containsExactly(2, 2);
    }

    @Test
    void a_pool_without_sessions_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RealtimePool(List.of()));
    }

    private RealtimePool pool(List<SessionPlan> plans) {
        for (SessionPlan plan : plans) {
            var clock = InstantSource.system();
            clients.add(KisClient.open(
                    Fixtures.config(
                            UNREACHABLE, URI.create("ws://127.0.0.1:9"), folder.resolve("key" + clients.size())),
                    clock,
                    clock,
                    new Recorder(),
                    RealtimeOptions.standard().withPlan(plan)));
        }
        return new RealtimePool(clients.stream().map(KisClient::realtime).toList());
    }

    private static Registration registrationOf(KisReply<Registration> reply) {
        assertThat(reply).isInstanceOf(KisReply.Ok.class);
        return ((KisReply.Ok<Registration>) reply).value();
    }

    private static RealtimeKey trade(int number) {
        return new RealtimeKey("H0STCNT0", "%06d".formatted(number));
    }
}
