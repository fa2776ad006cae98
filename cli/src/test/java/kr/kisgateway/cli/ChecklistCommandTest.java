package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./kis checklist}: its verdicts and its exit code. */
class ChecklistCommandTest {
    @TempDir
    Path folder;

    private Shell shell(RunningGateway gateway) {
        return shell(gateway, "400");
    }

    private Shell shell(RunningGateway gateway, String columns) {
        return Shell.with(
                Map.of(
                        "GATEWAY_URL",
                        gateway.url(),
                        "GATEWAY_OPERATOR_TOKEN",
                        RunningGateway.TOKEN,
                        "KIS_COLUMNS",
                        columns),
                folder);
    }

    @Test
    @Requirement(value = "A-26", clause = "checklist")
    void it_ends_with_0_when_no_item_fails_and_names_those_without_a_verdict() {
        try (var gateway = RunningGateway.start(folder)) {
            // The first calls of a process on a busy machine are slow; the average falls with further ones.
            var result = RunningGateway.awaitValue(
                    () -> {
                        shell(gateway).run("buying-power", "005930");
                        return shell(gateway).run("checklist");
                    },
                    ended -> ended.code() == 0);
            assertThat(result.out())
                    .containsPattern("VERDICT +ITEM +FIGURE +LIMIT +DETAIL")
                    .containsPattern("(?m)^pass +disk_free ")
                    .containsPattern("(?m)^not configured +backup_age .*BACKUP_FOLDER is not set")
                    .contains("No item fails, ", "기준 이탈 0건")
                    .doesNotContain("FAIL")
                    .contains("1 app key has a token · 앱키 1개에 토큰이 있습니다");
            for (var columns : List.of("80", "120")) {
                var narrow = shell(gateway, columns).run("checklist");
                assertThat(narrow.out().lines().count()).as(narrow.out()).isLessThanOrEqualTo(3 * 15 + 4);
            }
            assertThat(shell(gateway)
                            .run("checklist", "--json")
                            .json()
                            .path("items")
                            .size())
                    .isEqualTo(14);
        }
    }

    @Test
    @Requirement(value = "A-26", clause = "checklist")
    void it_ends_with_1_when_an_item_fails() {
        try (var gateway = RunningGateway.startUnready(folder, List.of("--journal-disk-low=900000GB"))) {
            var result = shell(gateway).run("checklist");
            assertThat(result.code()).as(result.toString()).isEqualTo(Kis.REFUSED);
            assertThat(result.out())
                    .containsPattern("(?m)^FAIL +disk_free +[0-9,]+ bytes +at least [0-9,]{15,} ")
                    .contains("items fail");
        }
    }
}
