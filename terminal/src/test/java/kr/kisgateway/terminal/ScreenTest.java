package kr.kisgateway.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import kr.kisgateway.terminal.Screen.Column;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScreenTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Screen screen = screen(Screen.UNBOUNDED);

    @ParameterizedTest
    @CsvSource({
        "abc, 3",
        "삼성전자, 8",
        "KODEX 200선물, 13",
        "株式, 4",
        "ＡＢ, 4",
        "é, 1",
        "e\u0301, 1",
        "\u1112\u1161\u11ab, 4",
        "…–, 2"
    })
    void a_text_takes_the_columns_that_a_terminal_gives_it(String text, int columns) {
        // Hangul of single letters is drawn into one syllable by some terminals only; one column too many is harmless.
        assertThat(Screen.columns(text)).isEqualTo(columns);
    }

    @Test
    void columns_stay_aligned_with_korean_in_them_and_empty_ones_go() {
        screen.table(
                List.of(Column.left("NAME"), Column.left("NONE"), Column.right("QTY"), Column.left("LAST")),
                List.of(List.of("삼성전자", "", "5", "x"), List.of("NAVER", "", "1,000", "")));

        assertThat(text()).isEqualTo("""
                NAME        QTY  LAST
                삼성전자      5  x
                NAVER     1,000
                """);
    }

    @Test
    void a_table_leaves_out_expendable_columns_only_where_the_rest_then_fits() {
        var columns = List.of(Column.left("ID"), Column.left("NUMBER"), Column.left("NOTE"));
        var rows = List.of(List.of("ord_1234567890", "0000100005", "late"));

        screen(30).table(columns, rows, List.of("NUMBER"));
        assertThat(text()).isEqualTo("""
                ID              NOTE
                ord_1234567890  late
                """);
        printed.reset();
        screen(40).table(columns, rows, List.of("NUMBER"));
        assertThat(text()).contains("0000100005  late");
        printed.reset();
        screen(18).table(columns, rows, List.of("NUMBER"));
        assertThat(text()).as("too narrow without it, too").contains("0000100005");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 100, 120})
    void tables_and_pairs_fit_the_terminal_and_lose_nothing(int width) {
        var columns = List.of(
                Column.left("TIME"),
                Column.left("ORDER"),
                Column.left("SYMBOL"),
                Column.right("QTY"),
                Column.right("PRICE"),
                Column.left("STATUS"),
                Column.left("REASON"));
        var row = List.of(
                "2026-11-20 09:00:00",
                "ord_01M7WW22Q239FZHZ92NAHZFWP0",
                "삼성전자우선주",
                "1,000",
                "199,500 won",
                "PARTIALLY_FILLED",
                "the broker did not answer in time and the order is looked for in its list 증권사가 응답하지 않았습니다");
        var narrow = screen(width);
        narrow.table(columns, List.of(row, row));
        narrow.pairs(List.of(new Screen.Pair("why", row.getLast()), new Screen.Pair("order", row.get(1))));

        assertThat(text().lines())
                .allSatisfy(line -> assertThat(Screen.columns(line)).as(line).isLessThanOrEqualTo(width));
        var printed = text().replaceAll("\\s+", " ");
        row.subList(0, 6)
                .forEach(cell -> assertThat(printed.split(Pattern.quote(cell), -1))
                        .as(cell)
                        .hasSizeGreaterThanOrEqualTo(3));
        for (var word : row.getLast().split(" ")) {
            assertThat(printed.split(Pattern.quote(word), -1)).as(word).hasSizeGreaterThanOrEqualTo(4);
        }
    }

    private Screen screen(int width) {
        return new Screen(new PrintStream(printed, true, StandardCharsets.UTF_8), width);
    }

    @Test
    void what_would_steer_the_terminal_is_shown_and_not_obeyed() {
        screen.line("a\u001b[2Jb\nc\r\u202ed");
        screen.table(List.of(Column.left("T")), List.of(List.of("x\u001b]0;y\u0007")));
        screen.pairs(List.of(new Screen.Pair("n", "v\u0000")));

        assertThat(text()).isEqualTo("a·[2Jb·c··d\nT\nx·]0;y·\n  n  v·\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 80, 100})
    void sentences_and_pages_break_at_blanks_and_lose_no_word(int width) {
        var sentence =
                "The key is refused from the next second on, 다음 초부터 거부됩니다; see ./kis keys list --all and the page ACCESS";
        var page = "  --role NAME    " + sentence + "\n\n  short";
        var narrow = screen(width);
        narrow.line(sentence);
        narrow.page(page);

        assertThat(text().lines())
                .allSatisfy(line -> assertThat(Screen.columns(line)).as(line).isLessThanOrEqualTo(width));
        assertThat(text().replaceAll("\\s+", " ").strip()).isEqualTo(sentence + " --role NAME " + sentence + " short");
        assertThat(text().lines().skip(width == 40 ? 5 : 3)).anyMatch(line -> line.matches(" {17}\\S.*"));
    }

    @Test
    void a_path_longer_than_the_line_stays_whole() {
        var path = "/a/folder/of/some/length/that/does/not/fit/into/the/line";
        screen(40).line("The folder is " + path + " and it is kept.");

        assertThat(text()).isEqualTo("The folder is\n" + path + "\nand it is kept.\n");
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
