package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestWordTest {
    private static final Set<String> KNOWN =
            Set.of("account_id", "symbol", "side", "qty", "order_type", "price", "strategy_id", "dispatch_by");

    @ParameterizedTest
    @CsvSource({
        "orderType, order_type",
        "order-type, order_type",
        "ordertpye, order_type",
        "ordr_type, order_type",
        "Symbol, symbol",
        "simbol, symbol",
        "qyt, qty",
        "accountid, account_id"
    })
    void another_spelling_and_wrong_letters_suggest_the_intended_word(String unknown, String meant) {
        assertThat(NearestWord.of(unknown, KNOWN)).contains(meant);
    }

    @Test
    void a_word_that_is_near_none_has_no_suggestion() {
        assertThat(NearestWord.of("colour", KNOWN)).isEmpty();
        assertThat(NearestWord.of("x", KNOWN)).isEmpty();
        assertThat(NearestWord.of("", KNOWN)).isEmpty();
        assertThat(NearestWord.of("symbol".repeat(100_000), KNOWN)).isEmpty();
    }

    @Test
    void the_long_form_suggests_the_abbreviation_and_vice_versa() {
        var fields = List.of("qty", "price", "side", "symbol", "account_id");
        assertThat(NearestWord.of("quantity", fields)).contains("qty");
        assertThat(NearestWord.of("qty", List.of("quantity", "price"))).contains("quantity");
        assertThat(NearestWord.of("query", fields)).isEmpty();
        assertThat(NearestWord.of("quality_of_nothing", fields)).isEmpty();
    }
}
