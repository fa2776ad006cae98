package kr.kisgateway.cli;

import kr.kisgateway.api.job.JobCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(description = "One job with what failed and what is missing.%n" + "작업의 진행 상황과 실패 내역을 보여 줍니다.")
final class JobShow extends GatewayCommand {
    @Parameters(paramLabel = "ID", description = "the job's id")
    private String id = "";

    JobShow(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(JobCalls.job(id)), job -> Jobs.show(screen(), job));
    }
}
