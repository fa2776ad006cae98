package kr.kisgateway.client.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.address.Addresses;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetcherTest {
    private final TestWebServer web = TestWebServer.open();
    private final Fetcher fetch = new Fetcher(Duration.ofSeconds(5), Duration.ofSeconds(5), 1000, Optional.empty());

    @AfterEach
    void close() {
        fetch.close();
        web.close();
    }

    @Test
    void a_body_of_the_maximum_size_is_accepted_and_a_larger_one_is_refused() {
        web.respondAt("/master/a", 200, new byte[1000]);
        web.respondAt("/master/b", 200, new byte[1001]);
        assertThat(fetch.get(web.base().resolve("a"), Map.of()))
                .isInstanceOfSatisfying(FetchResult.Answered.class, it -> {
                    assertThat(it.status()).isEqualTo(200);
                    assertThat(it.body()).hasSize(1000);
                });
        assertThat(failed(web.base().resolve("b"))).isEqualTo(FetchResult.FailureKind.TOO_LARGE);
    }

    @Test
    void a_redirect_is_an_answer_and_is_not_followed() {
        web.respondAt("/master/a", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", web.base().resolve("b").toString());
            exchange.sendResponseHeaders(302, -1);
        });
        assertThat(fetch.get(web.base().resolve("a"), Map.of()))
                .isInstanceOfSatisfying(
                        FetchResult.Answered.class,
                        it -> assertThat(it.status()).isEqualTo(302));
        assertThat(web.requestCount("/master/b")).isZero();
    }

    @Test
    void a_server_with_an_untrusted_certificate_is_refused() {
        try (TestWebServer untrusted = TestWebServer.openUntrusted()) {
            untrusted.respondAt("/master/a", 200, new byte[1]);
            assertThat(failed(untrusted.base().resolve("a"))).isEqualTo(FetchResult.FailureKind.TLS);
            assertThat(untrusted.requests).isEmpty();
        }
    }

    @Test
    void an_answer_that_never_ends_times_out() {
        web.stallAt("/master/a");
        try (Fetcher hasty = new Fetcher(Duration.ofSeconds(5), Duration.ofMillis(300), 1000, Optional.empty())) {
            assertThat(hasty.get(web.base().resolve("a"), Map.of()))
                    .isInstanceOfSatisfying(
                            FetchResult.Failed.class,
                            it -> assertThat(it.kind()).isEqualTo(FetchResult.FailureKind.TIMEOUT));
        }
    }

    @Test
    void an_unreachable_server_is_a_connection_failure_without_header_values() {
        web.close();
        FetchResult answer = fetch.get(web.base().resolve("a"), Map.of("AUTH_KEY", Secret.of("PLANTEDKEY")));
        assertThat(answer).isInstanceOfSatisfying(FetchResult.Failed.class, it -> {
            assertThat(it.kind()).isEqualTo(FetchResult.FailureKind.CONNECTION);
            assertThat(it.cause()).doesNotContain("PLANTED");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com/a, true",
        "http://127.0.0.1:80/a, true",
        "http://localhost/a, true",
        "http://[::1]:1/a, true",
        "http://example.com/a, false",
        "http://127.0.0.1.example.com/a, false",
        "ftp://localhost/a, false",
        "/a, false"
    })
    void only_https_and_this_machine_are_safe(URI address, boolean safe) {
        assertThat(Addresses.isSafe(address)).isEqualTo(safe);
    }

    private FetchResult.FailureKind failed(URI address) {
        return fetch.get(address, Map.of()) instanceof FetchResult.Failed(FetchResult.FailureKind trouble, String _)
                ? trouble
                : null;
    }
}
