package kr.kisgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginRuleTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8892, , , ",
        "127.0.0.1:8892, http://127.0.0.1:8892, , ",
        "127.0.0.1:8892, ws://127.0.0.1:8892, , ",
        "127.0.0.1:8892, https://127.0.0.1:8892, same-origin, ",
        "localhost:8892, HTTP://LOCALHOST:8892, none, ",
        "[::1]:8892, http://[::1]:8892, , ",
        "127.0.0.1:8892, , 'none, same-origin', ",
        "127.0.0.1:8892, http://localhost:8892, , ORIGIN",
        "localhost:8892, http://127.0.0.1:8892, , ORIGIN",
        "127.0.0.1:8892, , 'none, cross-site', ORIGIN",
        "127.0.0.1:8892, , 'same-origin,Same-Site,none', ORIGIN",
        "10.0.0.5:8892, http://10.0.0.5:8892, , ",
        ", , , HOST",
        "evil.example:8892, , , HOST",
        "127.0.0.1.evil.example:8892, , , HOST",
        "127.0.0.1:8892, https://evil.example, , ORIGIN",
        "127.0.0.1:8892, http://evil.example:8892, , ORIGIN",
        "127.0.0.1:8892, http://127.0.0.1:8893, , ORIGIN",
        "127.0.0.1:8892, http://127.0.0.1, , ORIGIN",
        "127.0.0.1:8892, http://127.0.0.1:8892@evil.example, , ORIGIN",
        "127.0.0.1:8892, http://127.0.0.1:8892.evil.example, , ORIGIN",
        "127.0.0.1:8892, 'http://127.0.0.1:8892, http://127.0.0.1:8892', , ORIGIN",
        "127.0.0.1:8892, 127.0.0.1:8892, , ORIGIN",
        "127.0.0.1:8892, chrome-extension://127.0.0.1:8892, , ORIGIN",
        "127.0.0.1:8892, null, , ORIGIN",
        "127.0.0.1:8892, '', , ORIGIN",
        "127.0.0.1:8892, , cross-site, ORIGIN",
        "127.0.0.1:8892, , Cross-Site, ORIGIN",
        "127.0.0.1:8892, , same-site, ORIGIN",
        "localhost:8892, , ' Same-Site', ORIGIN",
    })
    void an_open_listener_takes_calls_by_its_own_address_and_from_no_other_site(
            String host, String origin, String fetchSite, OriginRule.Reason reason) {
        var refused = OriginRule.open("10.0.0.5").refusalReason(host, origin, fetchSite);

        assertThat(refused.orElse(null)).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "gateway.example, , , ",
        "gateway.example, https://gateway.example, , ",
        "gateway.example:8890, https://GATEWAY.example:8890, cross-site, ",
        "gateway.example, https://evil.example, , ORIGIN",
        "gateway.example, https://gateway.example:1, , ORIGIN",
        ", , , HOST",
    })
    void a_listener_that_needs_keys_takes_any_name_and_only_that_name_as_origin(
            String host, String origin, String fetchSite, OriginRule.Reason reason) {
        var refused = OriginRule.keyed("10.0.0.5").refusalReason(host, origin, fetchSite);

        assertThat(refused.orElse(null)).isEqualTo(reason);
    }
}
