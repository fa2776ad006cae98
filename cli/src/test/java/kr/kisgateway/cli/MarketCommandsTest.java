package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands about instruments and the market on a real gateway with its simulator. */
@Requirement("P-04")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class MarketCommandsTest {
    private RunningGateway gateway;
    private Shell shell;

    @BeforeAll
    void start(@TempDir Path folder) {
        gateway = RunningGateway.start(folder);
        shell = Shell.with(Map.of("GATEWAY_URL", gateway.url()), folder);
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void instruments_are_found_by_initial_consonants_and_shown_in_a_table() {
        var found = shell.run("search", "ㅅㅅㅈㅈ", "--limit", "2");
        assertThat(found.code()).as(found.toString()).isZero();
        var lines = found.out().lines().toList();
        assertThat(lines.getFirst()).startsWith("SYMBOL").doesNotContain("NOTE");
        assertThat(lines.get(1)).startsWith("005930").contains("삼성전자", "KOSPI");
        assertThat(lines.getLast()).contains("more: --limit");
        assertThat(shell.run("search", "sk", "hynix").out()).contains("000660");
        assertThat(shell.run("search", "apple", "--market", "NASD").out()).contains("AAPL.NASD");
        assertThat(shell.run("search", "quite nothing like this").out()).isEqualTo("Nothing found.\n");
        assertThat(shell.run("search", "ㅅㅅㅈㅈ", "--json").json().path("total").asInt(0))
                .isPositive();
    }

    @Test
    void one_instrument_is_shown_with_its_list() {
        var shown = shell.run("instrument", "005930");
        assertThat(shown.code()).as(shown.toString()).isZero();
        assertThat(shown.out())
                .startsWith("005930  삼성전자\n")
                .contains("KOSPI, STOCK", "KRX, NXT", "tick size", "shipped of 2026-03-20");
        assertThat(shell.run("instrument", "AAPL.NASD").out()).contains("Apple", "NASD, STOCK");
        var unknown = shell.run("instrument", "ZZZZZZ");
        assertThat(unknown.code()).isEqualTo(Kis.REFUSED);
        assertThat(unknown.err()).contains("SYMBOL_NOT_FOUND");
    }

    @Test
    void a_book_shows_its_asks_above_its_bids() {
        var shown = shell.run("book", "000660");
        assertThat(shown.code()).as(shown.toString()).isZero();
        var json = shell.run("book", "000660", "--json").json();
        assertThat(json.path("asks")).hasSize(10);
        assertThat(shown.out().lines().filter(line -> line.matches("[ 0-9,]+"))).hasSize(20);
        assertThat(shown.out()).contains("ASKS", "BIDS", "in all", "spread", "from");
    }

    @Test
    void a_us_quote_is_shown_in_dollars() {
        var shown = shell.run("quote", "AAPL.NASD");
        assertThat(shown.code()).as(shown.toString()).isZero();
        assertThat(shown.out())
                .startsWith("AAPL.NASD  ")
                .containsPattern("price +\\$[0-9,]+\\.[0-9]{2}\n")
                .containsPattern("change +-?\\$[0-9]+\\.[0-9]{2} \\(-?[0-9.]+ %\\)\n");
        assertThat(shell.run("quote", "AAPL.NASD", "--json")
                        .json()
                        .path("currency")
                        .asString())
                .isEqualTo("USD");
        assertThat(shell.run("quote", "005930").out()).containsPattern("price +[0-9]{2,3},[0-9]{3}\n");
        assertThat(shell.run("quote", "AAPL.NYSE").err()).contains("SYMBOL_NOT_FOUND");
    }

    @Test
    void a_us_book_is_shown_in_dollars() {
        var shown = shell.run("book", "AAPL.NASD");
        assertThat(shown.code()).as(shown.toString()).isZero();
        assertThat(shown.out())
                .containsPattern(" \\$[0-9,]+\\.[0-9]{2} ")
                .containsPattern("spread +\\$[0-9]+\\.[0-9]{2}\n");
    }

    @Test
    void bars_are_shown_in_the_money_and_by_the_clock_of_their_exchange() {
        var days = shell.run("bars", "AAPL.NASD", "--limit", "3");
        assertThat(days.code()).as(days.toString()).isZero();
        var lines = days.out().lines().toList();
        assertThat(lines.getFirst()).startsWith("DATE");
        assertThat(lines.get(1)).matches("[0-9-]{10}( +\\$[0-9,]+\\.[0-9]{2,4}){4} +[0-9,]+ +\\$[0-9,.]+");
        assertThat(lines.getLast()).startsWith("… and more: --cursor ");
        assertThat(shell.run("bars", "AAPL.NASD", "--json").json().path("bars")).hasSize(20);

        var minutes = shell.run("bars", "005930", "--period", "60m", "--limit", "1");
        assertThat(minutes.code()).as(minutes.toString()).isZero();
        assertThat(minutes.out().lines().toList().get(1)).matches("[0-9-]{10} [0-9]{2}:00( +[0-9,]+){6}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            market                    | KRX
            ranking turnover          | 1
            ranking gainers --limit 2 | CHANGE %
            index                     | KOSPI200
            index 1001                | KOSDAQ
            """)
    void market_data_is_shown_in_tables(String command, String contained) {
        var result = shell.run(command.split(" "));
        assertThat(result.code()).as(result.toString()).isZero();
        assertThat(result.out()).contains(contained);
    }

    @Test
    void an_unknown_index_is_refused_with_the_command_that_shows_indices() {
        var refused = shell.run("index", "9999");
        assertThat(refused.code()).isEqualTo(Kis.REFUSED);
        assertThat(refused.err()).contains("KIS has no index 9999", "./kis index shows the main indices");
    }

    @Test
    void an_unknown_ranking_is_refused_with_the_names_of_the_rankings() {
        var refused = shell.run("ranking", "worst");
        assertThat(refused.code()).isEqualTo(Kis.USAGE);
        assertThat(refused.err()).contains("market-cap");
    }
}
