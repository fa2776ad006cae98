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

    @Test
    void an_abbreviation_may_end_before_the_last_of_its_ending_letters() {
        assertThat(NearestWord.of("pos", List.of("positions"))).contains("positions");
    }

    @Test
    void of_equally_long_forms_the_first_in_the_alphabet_is_suggested() {
        assertThat(NearestWord.of("ord", List.of("ordered", "offered"))).contains("offered");
    }

    @Test
    void a_part_of_a_word_is_not_near_it() {
        assertThat(NearestWord.of("type", KNOWN)).isEmpty();
        assertThat(NearestWord.of("type", List.of("order_type", "types"))).contains("types");
    }

    @Test
    void exchanged_neighbours_are_one_wrong_letter() {
        assertThat(NearestWord.of("smybok", KNOWN))
                .as("exchanged, and one wrong")
                .contains("symbol");
        assertThat(NearestWord.of("smybxk", KNOWN))
                .as("exchanged, and two wrong")
                .isEmpty();
    }

    @Test
    void words_of_up_to_64_letters_are_compared() {
        String longest = "a".repeat(63) + "b";
        assertThat(NearestWord.of(longest, List.of("a".repeat(64)))).contains("a".repeat(64));
        assertThat(NearestWord.of("a" + longest, List.of("a".repeat(65)))).isEmpty();
    }

    @Test
    void a_refusal_ends_with_the_nearest_word_as_a_question_or_with_a_full_stop() {
        assertThat(NearestWord.ending("simbol", KNOWN)).isEqualTo("; did you mean \"symbol\"?");
        assertThat(NearestWord.ending("colour", KNOWN)).isEqualTo(".");
    }
}
