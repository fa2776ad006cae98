package kr.kisgateway.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.security.SecureRandom;
import kr.kisgateway.client.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values in Redis that were written by a program that is not a gateway. */
class PoisonedValueTest {
    private static final Codec<Long> PLAIN = new QuoteCodecs.PreviousClose();

    @ParameterizedTest
    @ValueSource(strings = {"1E999999999", "1E-999999999", "1E+41", "11111111112222222222333333333344444444445"})
    void an_oversized_decimal_is_unreadable(String text) {
        assertThatThrownBy(() -> new FieldReader(text).decimal()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FieldReader(text).optionalDecimal()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void decimals_of_prices_are_read_as_written() {
        for (String text : new String[] {"0", "-0.20", "187.3400", "98765432109876543210.1234"}) {
            assertThat(new FieldReader(text).decimal()).isEqualTo(new BigDecimal(text));
        }
    }

    @Test
    void a_value_sealed_for_one_account_or_moment_is_unreadable_for_another() {
        var sealed = new SealedCodec<>(PLAIN, Secret.of("secret of an app key"), "a test", new SecureRandom());
        var fields = new FieldWriter();
        sealed.boundTo("balance:A1|1000|e1").write(fields, 71_000L);
        String text = fields.toString();
        assertThat(sealed.boundTo("balance:A1|1000|e1").read(new FieldReader(text)))
                .isEqualTo(71_000L);
        for (String other : new String[] {"balance:A2|1000|e1", "balance:A1|2000|e1", "balance:A1|1000|e2"}) {
            assertThatThrownBy(() -> sealed.boundTo(other).read(new FieldReader(text)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("of another secret or place");
        }
    }
}
