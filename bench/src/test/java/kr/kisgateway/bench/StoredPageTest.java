package kr.kisgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import kr.kisgateway.bench.figures.PerformancePage;
import kr.kisgateway.bench.figures.StoredRun;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page and the pictures in the project are those that {@code ./kis bench report} writes from the runs stored there. */
class StoredPageTest {
    @TempDir
    Path home;

    @Test
    void a_report_changes_nothing_and_each_missed_bar_is_explained() throws IOException {
        var project = Launch.projectHome();
        Files.createDirectories(home.resolve(StoredRun.FOLDER));
        Files.copy(project.resolve(PerformancePage.FILE), home.resolve(PerformancePage.FILE));
        for (var run : files(project, ".json")) {
            Files.copy(run, home.resolve(StoredRun.FOLDER).resolve(run.getFileName()));
        }

        assertThat(PerformancePage.of(home, Main.profiles()).write()).isEmpty();

        assertThat(home.resolve(PerformancePage.FILE)).hasSameTextualContentAs(project.resolve(PerformancePage.FILE));
        var pictures = files(home, ".svg");
        assertThat(pictures).isNotEmpty().hasSameSizeAs(files(project, ".svg"));
        for (var picture : pictures) {
            assertThat(picture)
                    .hasSameTextualContentAs(project.resolve(StoredRun.FOLDER).resolve(picture.getFileName()));
        }
    }

    @Test
    void no_two_stored_runs_have_a_figure_of_the_same_name_of_which_the_page_would_show_one() throws IOException {
        var names = StoredRun.all(Launch.projectHome()).stream()
                .flatMap(run -> run.figures().stream())
                .map(StoredRun.Figure::name);

        assertThat(names).isNotEmpty().doesNotHaveDuplicates();
    }

    private static List<Path> files(Path home, String suffix) throws IOException {
        try (Stream<Path> all = Files.list(home.resolve(StoredRun.FOLDER))) {
            return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        }
    }
}
