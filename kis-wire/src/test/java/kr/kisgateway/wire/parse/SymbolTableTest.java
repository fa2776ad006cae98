package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.market.Symbol;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymbolTableTest {
    /** Codes that select the same place of the table, which has room for four of them. */
    private static final List<String> OF_ONE_PLACE = List.of("023700", "046380", "082610", "140010");

    private static final String FIFTH = "176500";

    private final SymbolTable table = new SymbolTable();

    @ParameterizedTest
    @ValueSource(strings = {"005930", "0001A0", "Q500001", "0009F0"})
    void a_code_of_six_or_seven_characters_is_a_symbol(String code) {
        assertThat(find(code)).isEqualTo(new Symbol(code));
        assertThat(find(code)).isSameAs(find(code));
    }

    @Test
    void the_characters_around_a_code_are_not_part_of_it() {
        Symbol symbol = find("005930");
        assertThat(table.find("x005930^".toCharArray(), 1, 7)).isSameAs(symbol);
        assertThat(table.find("x0059309".toCharArray(), 1, 7)).isSameAs(symbol);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00593", "A005930", "00000005930", "00593a", "00593\u007f", "00593가"})
    void what_has_another_form_is_none(String code) {
        assertThat(find(code)).isNull();
        assertThat(find(code)).isNull();
    }

    @Test
    void a_wide_character_is_not_mistaken_for_two_narrow_ones() {
        assertThat(find("005930")).isNotNull();
        // In the table's key the upper half of this character falls on the character before it.
        assertThat(find("00\u3035930")).isNull();
    }

    @Test
    void each_symbol_of_a_session_is_made_once() {
        List<@Nullable Symbol> first = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            first.add(find("%06d".formatted(10 * i)));
        }
        for (int i = 0; i < 300; i++) {
            assertThat(find("%06d".formatted(10 * i))).isSameAs(first.get(i));
        }
    }

    @Test
    void a_fifth_symbol_of_one_place_displaces_the_first() {
        List<@Nullable Symbol> four = OF_ONE_PLACE.stream().map(this::find).toList();
        Symbol fifth = find(FIFTH);

        assertThat(fifth).isEqualTo(new Symbol(FIFTH));
        assertThat(find(FIFTH)).isSameAs(fifth);
        for (int i = 1; i < 4; i++) {
            assertThat(find(OF_ONE_PLACE.get(i))).isSameAs(four.get(i));
        }
        assertThat(find(OF_ONE_PLACE.getFirst())).isEqualTo(four.getFirst()).isNotSameAs(four.getFirst());
    }

    private @Nullable Symbol find(String code) {
        return table.find(code.toCharArray(), 0, code.length());
    }
}
