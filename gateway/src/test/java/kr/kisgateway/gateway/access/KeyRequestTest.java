package kr.kisgateway.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.gateway.access.KeyRequest.InvalidKeyRequestException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRequestTest {
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");

    @ParameterizedTest
    @ValueSource(strings = {"", "local", "A", "-a", "a b", "a/b", "이름", "12345678901234567890123456789012345678901"})
    void a_misleading_key_name_is_refused(String name) {
        assertThatThrownBy(() -> read(name, "quote", List.of(), Optional.empty()))
                .isInstanceOfSatisfying(
                        InvalidKeyRequestException.class,
                        e -> assertThat(e.field()).isEqualTo("name"));
    }

    @ParameterizedTest
    @CsvSource({
        "90d, 2027-02-18T00:00:00Z",
        "2026-11-20, 2026-11-20T15:00:00Z",
        "2026-12-01T09:00:00+09:00, 2026-12-01T00:00:00Z"
    })
    void an_expiry_is_a_number_of_days_a_date_in_seoul_or_a_time(String text, Instant at) {
        assertThat(read("bot", "quote", List.of(), Optional.of(text)).expiresAt())
                .contains(at);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-19", "0d", "tomorrow", "2026-13-01", "2026-11-20T09:00:00", ""})
    void a_past_or_malformed_expiry_is_refused(String text) {
        assertThatThrownBy(() -> read("bot", "quote", List.of(), Optional.of(text)))
                .isInstanceOfSatisfying(
                        InvalidKeyRequestException.class,
                        e -> assertThat(e.field()).isEqualTo("expires"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "10.0.0.0/33", "10.0.0/8", "::1/129", "10.0.0.0/-1", "10.0.0.0/", "1/2/3", "0x7f.1"
            })
    void a_malformed_network_is_refused(String text) {
        assertThatThrownBy(() -> read("bot", "quote", List.of(text), Optional.empty()))
                .isInstanceOfSatisfying(
                        InvalidKeyRequestException.class,
                        e -> assertThat(e.field()).isEqualTo("networks"));
    }

    @Property
    void a_network_contains_exactly_the_addresses_with_its_leading_bits(
            @ForAll @Size(4) byte[] base, @ForAll @Size(4) byte[] other, @ForAll @IntRange(max = 32) int bits)
            throws UnknownHostException {
        String text = InetAddress.getByAddress(base).getHostAddress() + "/" + bits;
        boolean same = bits == 0 || number(base) >>> 32 - bits == number(other) >>> 32 - bits;
        assertThat(Network.parse(text)
                        .orElseThrow()
                        .contains(InetAddress.getByAddress(other).getHostAddress()))
                .isEqualTo(same);
    }

    private static int number(byte[] address) {
        return java.nio.ByteBuffer.wrap(address).getInt();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "current", "2020-01-01", "2026-11-22", "2099-12-31"})
    void a_layout_of_a_virtual_app_key_is_a_name_or_a_day(String layout) {
        assertThat(read("bot", "trade", List.of(), Optional.empty())
                        .withFace(layout)
                        .layout())
                .contains(layout);
    }

    @ParameterizedTest
    @CsvSource({
        "classic, , SINGLE",
        "samples, , SINGLE",
        "current, , BATCHED",
        "2026-09-13, , SINGLE",
        "2026-09-14, , BATCHED",
        "classic, batched, BATCHED",
        "current, single, SINGLE"
    })
    void records_of_a_frame_are_those_of_the_layout_unless_the_operator_decides(
            String layout, @Nullable String records, FaceRecords expected) {
        assertThat(read("bot", "trade", List.of(), Optional.empty())
                        .withFace(layout, Optional.ofNullable(records), Optional.empty())
                        .records())
                .contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "old", "2026-13-45", "2026-02-30", "2019-12-31", "2100-01-01", "20261122", "+12026-01-01"})
    void a_layout_that_is_no_day_is_refused_when_the_key_is_created(String layout) {
        var request = read("bot", "trade", List.of(), Optional.empty());
        assertThatThrownBy(() -> request.withFace(layout))
                .isInstanceOf(InvalidKeyRequestException.class)
                .hasMessageContaining("a day from 2020-01-01 to 2099-12-31");
    }

    private static KeyRequest read(String name, String role, List<String> networks, Optional<String> expires) {
        return KeyRequest.read(
                name,
                role,
                Optional.<List<String>>empty(),
                Optional.<List<String>>empty(),
                Optional.empty(),
                Optional.empty(),
                networks,
                OptionalInt.empty(),
                expires,
                NOW);
    }
}
