package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.job.JobCalls;
import kr.kisgateway.api.job.JobPage;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(description = "Jobs, newest first.%n" + "작업을 최신순으로 보여 줍니다.")
final class JobsList extends GatewayCommand {
    @Option(names = "--limit", paramLabel = "N", description = "at most so many, 1 to 100 (20)")
    private Optional<Integer> limit = Optional.empty();

    JobsList(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(JobCalls.jobs(Format.integer(limit), Optional.empty())), this::show);
    }

    private void show(JobPage answer) {
        if (answer.jobs().isEmpty()) {
            screen().line("No jobs.");
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (var job : answer.jobs()) {
            rows.add(List.of(
                    job.id(),
                    Format.dateTime(job.createdAt()),
                    job.kind(),
                    Format.value(job.request()),
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
