package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import kr.kisgateway.market.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OverseasSymbolTest {
    @ParameterizedTest
    @CsvSource({
        "AAPL.NASD,NAS,DNASAAPL,RBAQAAPL",
        "KO.NYSE,NYS,DNYSKO,RBAYKO",
        "SPY.AMEX,AMS,DAMSSPY,RBAASPY",
        "BRK/B.NYSE,NYS,DNYSBRK/B,RBAYBRK/B",
        "00003.SEHK,HKS,DHKS00003,",
        "7203.TKSE,TSE,DTSE7203,"
    })
    void a_symbol_has_its_codes_in_orders_quotes_and_realtime(
            String text, String quote, String realtime, String dayMarket) {
        OverseasSymbol symbol = OverseasSymbol.parse(text).orElseThrow();
        assertThat(symbol).hasToString(text);
        assertThat(symbol.exchange().quoteCode()).isEqualTo(quote);
        assertThat(symbol.realtimeKey()).isEqualTo(realtime);
        assertThat(symbol.dayMarketKey().orElse(null)).isEqualTo(dayMarket);
        assertThat(symbol.exchange().isUs()).isEqualTo(dayMarket != null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AAPL",
                "AAPL.",
                ".NASD",
                "aapl.NASD",
                "AAPL.NAS",
                "AAPL.nasd",
                "BRK.B.NYSE",
                "BRK/.NYSE",
                "A B.NASD",
                "AAPL.NASD "
            })
    void other_forms_are_no_symbol(String text) {
        assertThat(OverseasSymbol.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "AAPL.NAS, AAPL.NASD",
        "AAPL.nasd, AAPL.NASD",
        "aapl.NASD, AAPL",
        "BRK.B.NYSE, BRK/B",
        "AAPL.BAQ, AAPL.NASD"
    })
    void a_wrong_form_suggests_the_intended_symbol(String text, String meant) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> OverseasSymbol.of(text))
                .satisfies(it -> assertThat(it.code()).isEqualTo("INVALID_SYMBOL"))
                .satisfies(it -> assertThat(it.remedy()).startsWith("did you mean " + meant + "?"));
        assertThat(OverseasSymbol.of("BRK/B.NYSE").code()).isEqualTo("BRK/B");
    }

    @Test
    void a_code_of_another_form_is_a_mistake_of_the_caller() {
        assertThatIllegalArgumentException().isThrownBy(() -> new OverseasSymbol(OverseasExchange.NASD, "aapl"));
    }

    @ParameterizedTest
    @EnumSource(OverseasExchange.class)
    void an_exchange_is_found_by_either_name(OverseasExchange exchange) {
        assertThat(OverseasExchange.of(exchange.name())).contains(exchange);
        assertThat(OverseasExchange.ofQuote(exchange.quoteCode())).contains(exchange);
        assertThat(OverseasExchange.of(exchange.quoteCode())).isEmpty();
    }

    @Test
    void an_exchange_that_resembles_none_has_no_suggestion() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> OverseasSymbol.of("AAPL.XLON"))
                .satisfies(it -> assertThat(it.remedy()).startsWith("the exchanges are NASD, NYSE"));
    }

    @Test
    void an_exchange_without_a_code_lacks_the_code_and_not_the_exchange() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> OverseasSymbol.of(".NASD"))
                .withMessageContaining("is no code of an overseas stock");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> OverseasSymbol.of("AAPL"))
                .withMessageContaining("names no exchange");
    }
}
