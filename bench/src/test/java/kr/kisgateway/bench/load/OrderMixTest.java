package kr.kisgateway.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class OrderMixTest {
    @Test
    void enough_orders_differ_for_a_minute_of_load_and_each_has_a_key_of_its_own() {
        var mix = OrderMix.resting(8890, "run", LocalDate.of(2026, 9, 21));
        var terms = new HashSet<String>();
        var keys = new HashSet<String>();
        for (int n = 0; n < mix.distinctCount(); n++) {
            var request = new String(mix.request(n), StandardCharsets.US_ASCII);
            terms.add(request.substring(request.indexOf("\r\n\r\n")));
            keys.add(request.lines()
                    .filter(line -> line.startsWith("Idempotency-Key:"))
                    .findFirst()
                    .orElseThrow());
        }

        assertThat(mix.distinctCount()).isGreaterThan(30_000);
        assertThat(terms).hasSize(mix.distinctCount());
        assertThat(keys).hasSize(mix.distinctCount());
    }

    @Test
    void orders_that_fill_cost_more_than_those_that_rest_and_enough_of_them_differ() {
        var day = LocalDate.of(2026, 9, 21);
        var filling = OrderMix.filling(8890, "run", day);
        var resting = OrderMix.resting(8890, "run", day);

        assertThat(filling.distinctCount()).isGreaterThan(20_000);
        for (int n = 0; n < 20; n++) {
            assertThat(filling.terms(n).symbol()).isEqualTo(resting.terms(n).symbol());
            assertThat(filling.terms(n).price()).isGreaterThan(resting.terms(n).price());
        }
    }
}
