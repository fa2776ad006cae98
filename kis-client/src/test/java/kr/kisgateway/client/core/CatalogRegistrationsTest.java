package kr.kisgateway.client.core;

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
    void a_registration_goes_out_under_the_id_of_its_environment(
            Environment environment, String asked, String key, String sent) {
        assertThat(door(environment).prepare(new RealtimeKey(asked, key)))
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
    void what_kis_would_surely_refuse_is_refused_here_with_what_to_do(String trId, String key) {
        assertThat(door(Environment.LIVE_FACE).prepare(new RealtimeKey(trId, key)))
                .isInstanceOfSatisfying(CatalogRegistrations.Prepared.Refused.class, it -> {
                    assertThat(it.failure().kind()).isEqualTo(KisFailure.Kind.INVALID_REQUEST);
                    assertThat(it.failure().remedy()).isNotEmpty();
                    assertThat(it.failure().msg1() + it.failure().remedy()).doesNotContainIgnoringCase("user1");
                });
    }

    @Test
    void paper_without_the_tr_names_the_one_to_register_instead() {
        assertThat(door(Environment.PAPER_FACE).prepare(new RealtimeKey("H0UNCNT0", "005930")))
                .isInstanceOfSatisfying(CatalogRegistrations.Prepared.Refused.class, it -> {
                    assertThat(it.failure().kind()).isEqualTo(KisFailure.Kind.UNSUPPORTED);
                    assertThat(it.failure().remedy()).contains("H0STCNT0");
                });
    }

    @Test
    void paper_is_asked_for_all_of_them_when_that_is_wanted() {
        var door = new CatalogRegistrations(CATALOG, Environment.PAPER_FACE, Optional.empty(), true);
        var key = new RealtimeKey("H0UNCNT0", "005930");
        assertThat(door.prepare(key)).isEqualTo(new CatalogRegistrations.Prepared.Ready(key));
    }

    private static CatalogRegistrations door(Environment environment) {
        return new CatalogRegistrations(CATALOG, environment, Optional.of("User1"), false);
    }
}
