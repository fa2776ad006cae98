package kr.kisgateway.cli;

import kr.kisgateway.api.job.JobCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(description = "Stop a job; what it did stays (operator).%n" + "작업을 취소합니다. 이미 받은 데이터는 남습니다 (운영자).")
final class JobCancel extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "the job's id")
    private String id = "";

    JobCancel(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(
                gateway.change(JobCalls.cancel(id), GatewayConnection.Retry.IDEMPOTENT),
                job -> screen().line(
                                Jobs.isRunning(job)
                                        ? "It stops when the requests in flight have completed."
                                        : Jobs.progress(job)));
    }
}
