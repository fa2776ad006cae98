package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.log.LogCalls;
import kr.kisgateway.api.log.LogLevelRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "End the level that was set for a stream of the log (operator).%n" + "로그 스트림의 수준을 설정값으로 되돌립니다 (운영자).")
final class LogReset extends GatewayCommand {
    @Parameters(paramLabel = "STREAM", description = "as ./kis log lists them")
    private String stream = "";

    LogReset(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        var response = gateway.change(
                LogCalls.setLevel(new LogLevelRequest(stream, Optional.empty(), Optional.empty())),
                GatewayConnection.Retry.IDEMPOTENT);
        return report(response, answer -> LogList.show(screen(), List.of(answer)));
    }
}
