package kr.kisgateway.client.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.Secret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchTest {
    private final Web web = Web.open();
    private final Fetch fetch = new Fetch(Duration.ofSeconds(5), Duration.ofSeconds(5), 1000, Optional.empty());

    @AfterEach
    void close() {
        fetch.close();
        web.close();
    }

    @Test
    void a_body_of_exactly_the_allowed_size_comes_whole_and_one_byte_more_does_not() {
        web.at("/master/a", 200, new byte[1000]);
        web.at("/master/b", 200, new byte[1001]);
        assertThat(fetch.get(web.base().resolve("a"), Map.of())).isInstanceOfSatisfying(Fetched.Answered.class, it -> {
            assertThat(it.status()).isEqualTo(200);
            assertThat(it.body()).hasSize(1000);
        });
        assertThat(failed(web.base().resolve("b"))).isEqualTo(Fetched.Trouble.TOO_LARGE);
    }

    @Test
    void a_redirect_is_an_answer_and_is_not_followed() {
        web.at("/master/a", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", web.base().resolve("b").toString());
            exchange.sendResponseHeaders(302, -1);
        });
        assertThat(fetch.get(web.base().resolve("a"), Map.of()))
                .isInstanceOfSatisfying(
                        Fetched.Answered.class, it -> assertThat(it.status()).isEqualTo(302));
        assertThat(web.asked("/master/b")).isZero();
    }

    @Test
    void a_server_whose_certificate_nobody_signed_is_not_believed() {
        try (Web untrusted = Web.openUntrusted()) {
            untrusted.at("/master/a", 200, new byte[1]);
            assertThat(failed(untrusted.base().resolve("a"))).isEqualTo(Fetched.Trouble.TLS);
            assertThat(untrusted.seen).isEmpty();
        }
    }

    @Test
    void an_answer_that_begins_and_never_ends_is_given_up() {
        web.stallAt("/master/a");
        try (Fetch hasty = new Fetch(Duration.ofSeconds(5), Duration.ofMillis(300), 1000, Optional.empty())) {
            assertThat(hasty.get(web.base().resolve("a"), Map.of()))
                    .isInstanceOfSatisfying(
                            Fetched.Failed.class, it -> assertThat(it.trouble()).isEqualTo(Fetched.Trouble.TIMEOUT));
        }
    }

    @Test
    void nobody_there_is_no_connection_and_the_sentence_shows_no_header() {
        web.close();
        Fetched answer = fetch.get(web.base().resolve("a"), Map.of("AUTH_KEY", Secret.of("PLANTEDKEY")));
        assertThat(answer).isInstanceOfSatisfying(Fetched.Failed.class, it -> {
            assertThat(it.trouble()).isEqualTo(Fetched.Trouble.CONNECTION);
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
    void only_verified_servers_and_this_machine_are_safe(URI address, boolean safe) {
        assertThat(Fetch.isSafe(address)).isEqualTo(safe);
    }

    private Fetched.Trouble failed(URI address) {
        return fetch.get(address, Map.of()) instanceof Fetched.Failed(Fetched.Trouble trouble, String _)
                ? trouble
                : null;
    }
}
