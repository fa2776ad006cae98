package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(description = "Jobs, newest first.%n" + "작업을 최신순으로 보여 줍니다.")
final class JobsList extends GatewayCommand {
    @Option(names = "--limit", paramLabel = "N", description = "at most so many, 1 to 100 (20)")
    private Optional<Integer> limit = Optional.empty();

    JobsList(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        String path =
                new Query("/v1/jobs").with("limit", limit.map(String::valueOf)).text();
        return report(gateway.get(path), this::show);
    }

    private void show(JsonNode answer) {
        if (answer.path("jobs").isEmpty()) {
            screen().line("No jobs.");
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (JsonNode job : answer.path("jobs")) {
            rows.add(List.of(
                    Format.text(job, "id"),
                    Format.dateTime(job, "created_at"),
                    Format.text(job, "kind"),
                    Format.value(job.path("request")),
                    Jobs.progress(job)));
        }
        screen().table(
                        List.of(
                                Column.left("ID"),
                                Column.left("BEGAN"),
                                Column.left("KIND"),
                                Column.left("REQUEST"),
                                Column.left("PROGRESS")),
                        rows);
    }
}
