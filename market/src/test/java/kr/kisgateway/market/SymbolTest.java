package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymbolTest {
    private static final Pattern FORM = Pattern.compile("[0-9A-Z]{6}|Q[0-9]{6}");

    @Property(tries = 2000)
    @Requirement(value = "I-09", clause = "form")
    void a_symbol_is_six_digits_or_capitals_or_a_Q_and_six_digits(@ForAll("nearSymbols") String text) {
        assertThat(Symbol.parse(text).isPresent()).isEqualTo(FORM.matcher(text).matches());
    }

    @Provide
    Arbitrary<String> nearSymbols() {
        return Arbitraries.strings()
                .withChars("0159AQZ/:@[az`{ 가٣")
                .ofMinLength(5)
                .ofMaxLength(8)
                .edgeCases(cases -> cases.add("Q50001", "Q500001", "Q50000A", "0001A0", "005930", "", "00593０"));
    }

    @Test
    @Requirement(value = "I-09", clause = "form")
    void nothing_is_trimmed_or_capitalised() {
        assertThat(Symbol.parse(" 005930")).isEmpty();
        assertThat(Symbol.parse("005930\n")).isEmpty();
        assertThat(Symbol.parse("0001a0")).isEmpty();
        assertThatThrownBy(() -> new Symbol("5930")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_us_symbol_is_refused_as_one() {
        assertThatThrownBy(() -> Symbol.of("AAPL.NASD")).isInstanceOfSatisfying(InvalidInputException.class, it -> {
            assertThat(it.code()).isEqualTo("INVALID_SYMBOL");
            assertThat(it.problem()).startsWith("AAPL.NASD is a US stock");
            assertThat(it.remedy()).contains("US stocks");
        });
        assertThatThrownBy(() -> Symbol.of("BRK/B.NYSE")).hasMessageContaining("US stock");
    }

    @ParameterizedTest
    @CsvSource({
        "5930, 005930",
        "0001a0, 0001A0",
        "005930.KS, 005930",
        "A005930, 005930",
        "' 005930', 005930",
        "q500001, Q500001"
    })
    @Requirement("I-09")
    void an_invalid_form_is_refused_with_the_probable_symbol(String text, String meant) {
        assertThatThrownBy(() -> Symbol.of(text)).isInstanceOfSatisfying(InvalidInputException.class, it -> {
            assertThat(it.code()).isEqualTo("INVALID_SYMBOL");
            assertThat(it.problem()).startsWith("'" + text + "'");
            assertThat(it.remedy()).startsWith("did you mean " + meant + "?");
            assertThat(it.retryable()).isFalse();
        });
    }

    @Test
    void symbols_of_the_same_code_are_one_key() {
        assertThat(new Symbol("005930")).isEqualTo(new Symbol("005930")).hasSameHashCodeAs(new Symbol("005930"));
        assertThat(new Symbol("005930")).isNotEqualTo(new Symbol("005935"));
        assertThat(new Symbol("005930")).isLessThan(new Symbol("0059A0"));
    }

    @ParameterizedTest
    @CsvSource({"AAPL, AAPL.NASD", "aapl, AAPL.NASD", "AAPL.NYSE, AAPL.NASD", "AAPL.NASDAQ, AAPL.NASD", "5930, 005930"})
    void a_ticker_without_its_exchange_suggests_the_listed_symbol(String text, String meant) {
        assertThat(MarketSymbol.suggestion(text)).contains(meant);
    }

    @Test
    void a_class_of_shares_is_understood_behind_a_dot_a_slash_and_a_dash() {
        for (var text : new String[] {"BRK.B", "brk/b", "BRK-B", "BRK-B.NYSE"}) {
            assertThat(UsSymbol.candidates(text)).as(text).contains(new UsSymbol(UsExchange.NYSE, "BRK/B"));
        }
    }

    @Test
    void a_text_that_no_market_lists_has_no_suggestion() {
        assertThat(MarketSymbol.suggestion("NOSUCHTICKER")).isEmpty();
        assertThat(MarketSymbol.suggestion("")).isEmpty();
        assertThat(MarketSymbol.suggestion("A".repeat(100_000))).isEmpty();
    }

    @Test
    void the_code_of_a_korean_stock_is_its_ticker_and_that_of_a_us_stock_has_an_exchange_behind_it() {
        assertThat(new Symbol("005930").ticker()).isEqualTo("005930");
        var apple = new UsSymbol(UsExchange.NASD, "AAPL");
        assertThat(apple.ticker()).isEqualTo("AAPL");
        assertThat(apple.code()).isEqualTo("AAPL.NASD");
    }

    @Test
    void the_korean_symbols_among_others_remain_in_their_order() {
        var samsung = new Symbol("005930");
        var hynix = new Symbol("000660");
        var apple = new UsSymbol(UsExchange.NASD, "AAPL");
        assertThat(Symbol.among(List.of(samsung, apple, new VenueSymbol(hynix, PriceSeries.NXT), hynix)))
                .containsExactly(samsung, hynix);
        assertThat(Symbol.among(List.of(apple))).isEmpty();
    }

    @Test
    void a_refused_text_is_quoted_short_and_without_control_characters() {
        assertThat(InvalidInputException.quoted("005\n93\u001b[31m0\t")).isEqualTo("'00593[31m0'");
        assertThat(InvalidInputException.quoted("삼성전자")).isEqualTo("'삼성전자'");
        assertThat(InvalidInputException.quoted("A".repeat(41))).isEqualTo("'" + "A".repeat(40) + "'");
        assertThat(InvalidInputException.quoted("")).isEqualTo("''");
    }
}
