package kr.kisgateway.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import kr.kisgateway.gateway.page.PageFiles.Coding;
import kr.kisgateway.gateway.page.PageFiles.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files are those of the tests' own folder {@code page}: what is served does not depend on whether the page was built. */
class PageFilesTest {
    private final PageFiles files = PageFiles.load("/page/").orElseThrow();

    @ParameterizedTest
    @CsvSource({
        "'gzip, deflate, br', BROTLI",
        "br;q=1.0, BROTLI",
        "'br;q=0, gzip', GZIP",
        "'gzip', GZIP",
        "'deflate', ",
        "'', "
    })
    void the_smallest_form_that_a_client_accepts_is_served(String accepted, Coding coding) {
        assertThat(files.find("assets/a.js", Optional.of(accepted)).flatMap(Form::coding))
                .isEqualTo(Optional.ofNullable(coding));
    }

    @Test
    void a_small_file_is_served_as_it_is() {
        assertThat(files.find("index.html", Optional.of("br")).orElseThrow().coding())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"assets/a.js.br", "assets/none.js", "files.txt", "../page/index.html", "assets/"})
    void what_is_not_listed_or_only_a_form_of_another_file_is_not_served(String name) {
        assertThat(files.find(name, Optional.of("br, gzip"))).isEmpty();
    }

    @Test
    void a_program_without_the_page_has_none() {
        assertThat(PageFiles.load("/no-page/")).isEmpty();
    }
}
