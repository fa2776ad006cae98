package kr.kisgateway.requirement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsPageTest {
    private static final Path PROJECT = Path.of("..");
    private static final String CLAIM = "@Requirement(value = \"G-06\", clause = \"exit\")";

    private static RequirementsPage projectPage;

    @TempDir
    Path project;

    @BeforeAll
    static void the_page_of_this_project() throws IOException {
        projectPage = RequirementsPage.read(PROJECT);
    }

    @BeforeEach
    void a_project_with_two_rows() throws IOException {
        write("docs/founding/REQUIREMENTS.md", """
                | # | asked for | ours |
                |---|---|---|
                | G-05 | an environment, `mock` | same, plus `sim` |
                | G-06 | a graceful stop | exit code 0 |
                """);
        write("docs/founding/clauses.txt", """
                # what rows consist of
                G-05
                  env   KIS_ENV chooses
                  sim   sim without credentials
                G-06
                  exit  exit code 0
                """);
    }

    @Test
    void the_claims_of_this_project_name_rows_and_clauses_that_exist_and_finished_rows_are_shown() {
        assertThat(projectPage.problems()).isEmpty();
    }

    @Test
    void the_page_of_this_project_is_what_its_tests_claim() throws IOException {
        assertThat(Files.readString(PROJECT.resolve("docs/REQUIREMENTS.md")))
                .as("docs/REQUIREMENTS.md; ./kis requirements writes it")
                .isEqualTo(projectPage.text());
    }

    @Test
    void all_seventy_two_rows_are_on_the_page_with_their_state() {
        assertThat(projectPage
                        .text()
                        .lines()
                        .filter(l -> l.matches("\\| \\[[GIAP]-\\d\\d].*\\| (shown|partly|not yet) \\|.*")))
                .hasSize(72);
    }

    @Test
    void a_row_is_shown_partly_or_not_yet_by_the_clauses_that_tests_claim() throws IOException {
        test("@Requirement(value = \"G-05\", clause = \"sim\")");
        assertThat(page().text())
                .contains("| an environment, `mock` | partly | env |")
                .contains("- **sim**: sim without credentials\n  - gateway SomeTest: it does so")
                .contains("| a graceful stop | not yet | exit |");
        test("@Requirement(value = \"G-05\", clause = \"sim\") @Requirement(value = \"G-05\", clause = \"env\")");
        assertThat(page().text()).contains("| an environment, `mock` | shown |  |");
        assertThat(page().problems()).isEmpty();
    }

    @Test
    void a_claim_without_a_clause_shows_none() throws IOException {
        test("@Requirement(\"G-06\")");
        assertThat(page().text())
                .contains("| a graceful stop | not yet | exit |")
                .contains("without a clause of it");
    }

    @Test
    void a_claim_of_a_row_or_clause_that_does_not_exist_is_a_problem() throws IOException {
        test("@Requirement(\"G-99\")");
        assertThat(page().problems())
                .containsExactly("gateway SomeTest: it does so claims G-99, which was not asked for");
        test("@Requirement(value = \"G-05\", clause = \"simm\")");
        assertThat(page().problems())
                .containsExactly("gateway SomeTest: it does so claims the clause simm of G-05, which has env, sim");
    }

    @Test
    void a_row_that_is_marked_finished_without_a_test_is_a_problem() throws IOException {
        Path clauses = project.resolve("docs/founding/clauses.txt");
        Files.writeString(clauses, Files.readString(clauses).replace("G-06\n", "G-06 finished\n"));
        assertThat(page().problems()).containsExactly("G-06 is marked finished, and no test shows exit");
        test("@Requirement(value = \"G-06\", clause = \"exit\")");
        assertThat(page().problems()).isEmpty();
    }

    @Test
    void a_test_of_an_abstract_class_counts_where_a_class_that_runs_extends_it() throws IOException {
        write(
                "gateway/src/test/java/SomeContract.java",
                "abstract class SomeContract { @Test CLAIM void it_does_so() {} }".replace("CLAIM", CLAIM));
        assertThat(page().text()).contains("| a graceful stop | not yet | exit |");
        write("gateway/src/test/java/SomeFileTest.java", "class SomeFileTest extends SomeContract {}");
        assertThat(page().text()).doesNotContain("| a graceful stop | not yet | exit |");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "class SomeTest { @Test @Disabled CLAIM void it_does_so() {} }",
                "@Disabled class SomeTest { @Test CLAIM void it_does_so() {} }",
                "abstract class SomeTest { @Test CLAIM void it_does_so() {} }",
                "interface SomeTest { @Test CLAIM default void it_does_so() {} }",
                "class SomeTest { @Test CLAIM private void it_does_so() {} }",
                "class SomeTest { @Test CLAIM static void it_does_so() {} }",
                "class SomeTest { CLAIM void it_does_so() {} }",
                "class SomeChecks { @Test CLAIM void it_does_so() {} }",
                "class SomeTest { class Inner { @Test CLAIM void it_does_so() {} } }",
                "CLAIM class SomeTest { void it_does_so() {} }",
                "CLAIM class SomeTest { class Inner { @Test void it_does_so() {} } }"
            })
    void what_never_runs_shows_nothing(String source) throws IOException {
        write("gateway/src/test/java/SomeTest.java", source.replace("CLAIM", CLAIM));
        assertThat(page().text()).contains("| a graceful stop | not yet | exit |");
        assertThat(page().problems()).singleElement().asString().endsWith("claims G-06 and is no test that runs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "class SomeTest { @Test CLAIM void it_does_so() {} }",
                "CLAIM class SomeTest { @Test void it_does_so() {} @Test @Tag(\"long\") void and_so() {} }",
                "class SomeTest { @Nested class Inner { @Test CLAIM void it_does_so() {} } }",
                "CLAIM class SomeTest { @Nested class Inner { @Property void it_does_so() {} } }"
            })
    void what_runs_every_time_shows_its_clause(String source) throws IOException {
        write("gateway/src/test/java/SomeTest.java", source.replace("CLAIM", CLAIM));
        assertThat(page().text()).contains("| a graceful stop | shown |  |");
        assertThat(page().problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "class SomeTest { @Test @Tag(\"long\") CLAIM void it_does_so() {} }",
                "@Tag(\"long\") class SomeTest { @Test CLAIM void it_does_so() {} }",
                "CLAIM class SomeTest { @Test @Tag(\"long\") void it_does_so() {} }"
            })
    void what_runs_only_with_the_long_tests_is_named_and_shows_nothing(String source) throws IOException {
        write("gateway/src/test/java/SomeTest.java", source.replace("CLAIM", CLAIM));
        assertThat(page().text())
                .contains("| a graceful stop | not yet | exit |")
                .contains("(only with --long)");
        assertThat(page().problems()).isEmpty();
        Path clauses = project.resolve("docs/founding/clauses.txt");
        Files.writeString(clauses, Files.readString(clauses).replace("G-06\n", "G-06 finished\n"));
        assertThat(page().problems()).containsExactly("G-06 is marked finished, and no test shows exit");
    }

    @Test
    void a_test_that_a_machine_may_skip_is_named_as_one() throws IOException {
        write("gateway/src/test/java/SomeTest.java", """
                import static org.junit.jupiter.api.Assumptions.assumeTrue;
                class SomeTest { @Test CLAIM void it_does_so() { assumeTrue(there()); } }
                """.replace("CLAIM", CLAIM));
        assertThat(page().text())
                .contains("| a graceful stop | shown |  |")
                .contains("gateway SomeTest: it does so (skipped where the machine lacks the means)");
    }

    @Test
    void a_row_without_clauses_and_a_line_that_is_neither_are_problems() throws IOException {
        write("docs/founding/clauses.txt", """
                G-05
                  env   KIS_ENV chooses
                sim without credentials
                G-77
                  x     something
                """);
        assertThat(page().problems())
                .containsExactly(
                        "clauses.txt:3: neither a row nor a clause of one: sim without credentials",
                        "clauses.txt has a row G-77, which was not asked for",
                        "G-06 has no clauses in clauses.txt");
    }

    private RequirementsPage page() throws IOException {
        return RequirementsPage.read(project);
    }

    private void test(String annotations) throws IOException {
        write("gateway/src/test/java/SomeTest.java", """
                class SomeTest {
                    @Test
                    %s
                    void it_does_so() {}
                }
                """.formatted(annotations));
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
