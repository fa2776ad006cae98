package kr.kisgateway.requirement.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutationPageTest {
    private static final String REPORT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <mutations partial="true">
            <mutation detected='true' status='KILLED' numberOfTestsRun='1'>%1$s<lineNumber>10</lineNumber>%2$s</mutation>
            <mutation detected='false' status='SURVIVED' numberOfTestsRun='4'>%1$s<lineNumber>12</lineNumber>%2$s</mutation>
            <mutation detected='false' status='NO_COVERAGE' numberOfTestsRun='0'>%1$s<lineNumber>15</lineNumber>%2$s</mutation>
            <mutation detected='true' status='TIMED_OUT' numberOfTestsRun='1'>%1$s<lineNumber>17</lineNumber>%2$s</mutation>
            </mutations>
            """.formatted(
                    "<mutatedClass>kr.kisgateway.market.Bars$Last</mutatedClass><mutatedMethod>merge</mutatedMethod>",
                    "<mutator>M</mutator><description>removed call to kr/kisgateway/market/Csv::close</description>");

    private static final String PAGE = """
            # Mutations

            <!-- scores: written by ./kis mutate -->

            | core | changes |
            |---|---|
            | `wire` | 7 |

            <!-- end of the scores -->

            ## market

            | where | change | times | why |
            |---|---|---|---|
            %s
            ## wire

            | `Bars.Last.merge` | removed call to Csv::close | 2 | of another core |
            """;

    @TempDir
    private Path folder;

    private MutationRun run;

    @BeforeEach
    void readRun() throws IOException {
        run = MutationRun.read(Files.writeString(folder.resolve("mutations.xml"), REPORT));
    }

    private MutationPage page(String explanation) throws IOException {
        return MutationPage.read(Files.writeString(folder.resolve("page.md"), PAGE.formatted(explanation)));
    }

    @Test
    void a_run_counts_what_was_noticed_what_survived_and_where_no_test_comes() {
        assertThat(run.mutants()).hasSize(4);
        assertThat(run.detected()).as("a test that no longer ends notices, too").isEqualTo(2);
        assertThat(run.survived()).isEqualTo(1);
        assertThat(run.uncovered()).isEqualTo(1);
        assertThat(run.score()).isEqualTo(50.0);
    }

    @Test
    void a_row_replaces_that_of_its_core_and_leaves_the_others() throws IOException {
        page("").write("market", run, "0123abcd", "2026-11-29");
        MutationPage.read(folder.resolve("page.md")).write("market", run, "4567cdef", "2026-11-30");
        assertThat(Files.readString(folder.resolve("page.md")))
                .contains("| `wire` | 7 |\n| `market` | 4 | 2 | 1 | 1 | 50.0 % | 4567cdef | 2026-11-30 |\n")
                .doesNotContain("0123abcd")
                .contains("## market");
    }

    @Test
    void what_no_test_notices_is_a_problem_unless_all_of_it_is_explained() throws IOException {
        assertThat(page("").problems("market", run))
                .containsExactly("no test notices: Bars.Last.merge: removed call to Csv::close, line 12, 15");
        assertThat(page("| `Bars.Last.merge` | removed call to Csv::close | 1 | it is empty |\n")
                        .problems("market", run))
                .containsExactly(
                        "no test notices: Bars.Last.merge: removed call to Csv::close, line 12, 15; explained are 1");
        assertThat(page("| `Bars.Last.merge` | removed call to Csv::close | 2 | it is empty |\n")
                        .problems("market", run))
                .isEmpty();
        assertThat(page("| `Bars.Last.merge` | removed call to Csv::close | 2 |  |\n")
                        .problems("market", run))
                .as("an explanation without words")
                .hasSize(1);
    }

    @Test
    void an_explanation_of_what_a_test_notices_is_a_problem() throws IOException {
        assertThat(page("| `Bars.Last.merge` | removed call to Csv::close | 3 | it is empty |\n")
                        .problems("market", run))
                .containsExactly("a test notices what is explained: Bars.Last.merge: removed call to Csv::close");
    }

    @Test
    void a_page_without_a_place_for_the_scores_is_left_as_it_is() throws IOException {
        Path file = Files.writeString(folder.resolve("page.md"), "# Mutations\n");
        MutationPage page = MutationPage.read(file);
        assertThatThrownBy(() -> page.write("market", run, "0123abcd", "2026-11-29"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no place for the scores");
        assertThat(file).hasContent("# Mutations");
    }
}
