package kr.kisgateway.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogRegistrationsTest {
    private static final Catalog CATALOG = Catalog.load();

    @ParameterizedTest
    @CsvSource({
        "LIVE_FACE, H0STCNI9, User1, H0STCNI0",
        "PAPER_FACE, H0STCNI0, User1, H0STCNI9",
        "LIVE_FACE, H0GSCNI9, User1, H0GSCNI0",
        "PAPER_FACE, H0GSCNI0, User1, H0GSCNI9",
        "PAPER_FACE, HDFSCNT0, DNASAAPL, HDFSCNT0",
        "LIVE_FACE, HDFSCNT0, RBAQAAPL, HDFSCNT0",
        "LIVE_FACE, HDFSCNT0, DNYSBRK/B, HDFSCNT0",
        "LIVE_FACE, H0STCNT0, 0001A0, H0STCNT0",
        "LIVE_FACE, H0STCNT0, Q500001, H0STCNT0",
        "LIVE_FACE, HDFFF010, OESH23 C3900, HDFFF010",
        "LIVE_FACE, H0UPCNT0, 0001, H0UPCNT0"
    })
    void a_registration_uses_the_tr_id_of_its_environment(
            Environment environment, String requested, String key, String sent) {
        assertThat(registrations(environment).prepare(new RealtimeKey(requested, key)))
                .isEqualTo(new CatalogRegistrations.Prepared.Ready(new RealtimeKey(sent, key)));
    }

    @ParameterizedTest
    @CsvSource({
        "H0STCNT0, 5930",
        "H0STCNT0, ''",
        "H0STCNT0, 00593a",
        "H0NXCNT0, 0059301",
        "H0UPCNT0, 00^01",
        "H0UPCNT0, KOSPI",
        "HDFSCNT0, AAPL",
        "HDFSCNT0, DNAS",
        "HDFFF010, ' FCAZ22'",
        "HDFFF010, 'FC|Z22'",
        "H0STCNI0, user1",
        "H0GSCNI0, Somebody",
        "H0STCNT9, 005930",
        "FHKST01010100, 005930"
    })
    void an_invalid_registration_is_refused_by_the_client_with_a_remedy(String trId, String key) {
        assertThat(registrations(Environment.LIVE_FACE).prepare(new RealtimeKey(trId, key)))
                .isInstanceOfSatisfying(CatalogRegistrations.Prepared.Refused.class, it -> {
                    assertThat(it.failure().kind()).isEqualTo(KisFailure.Kind.INVALID_REQUEST);
                    assertThat(it.failure().remedy()).isNotEmpty();
                    assertThat(it.failure().msg1() + it.failure().remedy()).doesNotContainIgnoringCase("user1");
                });
    }

    @Test
    void a_tr_missing_in_paper_is_refused_with_an_alternative() {
        assertThat(registrations(Environment.PAPER_FACE).prepare(new RealtimeKey("H0UNCNT0", "005930")))
                .isInstanceOfSatisfying(CatalogRegistrations.Prepared.Refused.class, it -> {
                    assertThat(it.failure().kind()).isEqualTo(KisFailure.Kind.UNSUPPORTED);
                    assertThat(it.failure().remedy()).contains("H0STCNT0");
                });
    }

    @Test
    void every_tr_is_registered_in_paper_when_unlisted_ones_are_allowed() {
        var registrations = new CatalogRegistrations(CATALOG, Environment.PAPER_FACE, Optional.empty(), true);
        var key = new RealtimeKey("H0UNCNT0", "005930");
        assertThat(registrations.prepare(key)).isEqualTo(new CatalogRegistrations.Prepared.Ready(key));
    }

    private static CatalogRegistrations registrations(Environment environment) {
        return new CatalogRegistrations(CATALOG, environment, Optional.of("User1"), false);
    }
}
