package kr.kisgateway.gateway.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.api.Test;

class ParameterNamesTest {
    private static final String ISCD = "FID_INPUT_ISCD";
    private final RestCall price = Catalog.load()
            .restByPath("/uapi/domestic-stock/v1/quotations/inquire-price")
            .getFirst();

    @Test
    void names_get_the_catalogs_spelling_in_every_call() {
        for (var call : Catalog.load().restCalls()) {
            Map<String, String> sent = new LinkedHashMap<>();
            Map<String, String> lower = new LinkedHashMap<>();
            for (var param : call.params()) {
                sent.put(param.name(), "1");
                lower.put(param.name().toLowerCase(Locale.ROOT), "1");
            }
            assertThat(ParameterNames.ofCatalog(call, sent)).as(call.id()).contains(sent);
            assertThat(ParameterNames.ofCatalog(call, lower)).as(call.id()).contains(sent);
        }
    }

    @Test
    void a_name_that_the_catalog_lacks_is_in_capitals() {
        assertThat(ParameterNames.ofCatalog(price, Map.of("new_one", "1", ISCD, "2")))
                .contains(Map.of("NEW_ONE", "1", ISCD, "2"));
    }

    @Test
    void two_spellings_of_a_name_and_other_characters_are_refused() {
        assertThat(ParameterNames.ofCatalog(price, Map.of(ISCD, "1", "fid_input_iscd", "2")))
                .isEmpty();
        assertThat(ParameterNames.ofCatalog(price, Map.of("new_one", "1", "NEW_ONE", "2")))
                .isEmpty();
        assertThat(ParameterNames.ofCatalog(price, Map.of(ISCD, "1", "a b", "2")))
                .isEmpty();
        assertThat(ParameterNames.ofCatalog(price, Map.of("", "1"))).isEmpty();
    }
}
